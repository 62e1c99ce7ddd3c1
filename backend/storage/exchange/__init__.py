"""What hosts exchange: runs by (host, counter), tombstones, pins, notes and picks.

Every host numbers the records of its own stream; the history is what the union of all streams
says. docs/sync.md has the rules. The caller holds the transaction, throughout.
"""
