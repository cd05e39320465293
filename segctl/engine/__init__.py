"""Logic and index to memberships; one shard is the unit of work."""
