"""What is likely next, what fixed it, and what that order would have saved."""
