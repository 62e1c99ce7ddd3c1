"""A sync's side of the history: own records out, those of other hosts in."""
