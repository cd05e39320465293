"""Bound logic and an index in, memberships out: one shard is the unit of work."""
