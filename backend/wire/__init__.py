"""What travels between shells, picker, command line and daemon: messages, runs, result rows.

Standard library alone: the picker imports it on the key-press path.
"""
