"""Files that tell of whole runs: exit status, directory, session and host beside the time."""
