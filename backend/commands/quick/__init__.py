"""search, next and status without click: as many imports as they need, and as few."""
