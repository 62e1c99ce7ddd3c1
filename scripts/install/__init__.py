"""The installer's parts: one concern a file; install.sh reads the shell ones."""
