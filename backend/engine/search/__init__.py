"""One search: which commands may be shown, what is found among them, and what is told of it."""
