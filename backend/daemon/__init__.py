"""The process: its life, its socket, its verbs, and how others start and stop it."""
