"""The model, what is embedded for a command, and the vectors."""
