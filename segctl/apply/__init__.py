"""A plan to ordered steps as data, and the steps to effects."""
