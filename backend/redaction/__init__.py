"""Values of secrets, found in commands and masked."""
