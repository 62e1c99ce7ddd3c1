"""What takes the place of the list for a while: help, runs of a command, a question."""
