"""One function per verb; joins the parts, in the direction in which data flows."""
