"""What the commands share: asking the daemon, reading the store, and showing what was found."""
