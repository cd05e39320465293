"""Measurements of segctl against DuckDB, and of the engine against the interpreter."""
