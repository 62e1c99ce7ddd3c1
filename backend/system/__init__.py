"""What the operating system is asked for: memory, private directories, files that are caches."""
