"""Plans, diagnostics and tables to text. Pure."""
