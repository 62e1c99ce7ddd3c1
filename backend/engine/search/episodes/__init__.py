"""Searching for stretches of work."""
