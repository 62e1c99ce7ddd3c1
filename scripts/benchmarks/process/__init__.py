"""What a process takes: its memory, its time."""
