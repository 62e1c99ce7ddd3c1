"""Whether the files of a store are those that SQLite wrote, whole, and in their place."""
