"""What measures and teaches search and redaction."""
