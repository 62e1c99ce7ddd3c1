"""search, next, status and record without click: as many imports as they need, and as few."""
