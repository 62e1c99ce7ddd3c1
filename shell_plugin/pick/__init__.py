"""The picker: a child of the shell that owns the terminal while a command is looked for.

Standard library and `backend.wire.protocol` only, and as little of either as can be before the
first paint: a person waits for every import. Values are plain classes with slots, because
importing `dataclasses` alone takes as long as all the rest of the start.
"""
