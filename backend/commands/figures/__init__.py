"""deja stats: the figures of a history, and how they are drawn."""
