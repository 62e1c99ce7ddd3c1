"""A command shown whole: its shape as shell code, and its lines folded to the screen."""
