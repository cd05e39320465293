"""From disk to models: find the project, read YAML with spans, validate, collect all diagnostics."""
