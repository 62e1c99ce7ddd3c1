"""From the tree of commands to what shells complete by and to the man page."""
