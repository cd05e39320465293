"""Definitions, state and memberships to a plan. Pure: no I/O, no clock."""
