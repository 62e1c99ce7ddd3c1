"""What makes deja part of a user's shells and system, and takes it back."""
