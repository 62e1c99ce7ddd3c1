"""Stretches of work: found, shown, and written as a script."""
