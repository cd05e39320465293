"""What was applied: records, store, lock, snapshots."""
