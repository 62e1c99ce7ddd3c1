"""What the operating system is asked for: memory, private directories, caches; text for it."""
