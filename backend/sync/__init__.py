"""One history on every machine: encrypted files in storage that people have. See docs/sync.md."""
