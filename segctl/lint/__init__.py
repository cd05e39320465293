"""What surely is a mistake, although it is allowed: rules that read definitions and facts about the data."""
