"""Composes storage, text, meaning and ranking into record() and search()."""
