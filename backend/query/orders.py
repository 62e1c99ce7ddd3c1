"""How rows can be ordered: by need and by how they match, by time, by the number of runs."""

ORDERS = LIKELY, NEWEST, USED = "likely", "newest", "used"
