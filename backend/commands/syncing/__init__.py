"""deja sync: one history on every machine."""
