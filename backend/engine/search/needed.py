"""An empty line: what is needed next, then everything by time; or everything in another order."""

import numpy as np
from numpy.typing import NDArray

from backend.engine.held.catalogue import Catalogue
from backend.engine.search import order
from backend.engine.search.folding import Folding
from backend.query.filters import LIKELY
from backend.ranking import typed

# So many rows by need, then everything by time.
MOST_LIKELY = 10
KEYS_TO_PICK, SAVES_NONE = 2, 0.1

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Rows = NDArray[np.int32]


def needed(
    catalogue: Catalogue, likelihoods: Floats, by: str, shown: Mask, folding: Folding, end: int
) -> tuple[Rows, int]:
    """At least `end` of the rows shown, if there are so many, in the order `by`, one of
    query.filters.ORDERS; and how many there are when those alike are one.
    """
    worth = order.worth(catalogue, by)
    if by != LIKELY:
        left = shown & ~folding.away(shown, worth)
        rows = np.flatnonzero(left).astype(np.int32)
        return order.ordered(catalogue, rows, by)[: end + typed.SPARE], len(rows)
    # Of those alike one that is among the likeliest stays, or else the newest.
    likeliest = _likeliest(shown, likelihoods)
    worth[likeliest] = worth.max(initial=0.0) + np.arange(len(likeliest), 0, -1)
    left = shown & ~folding.away(shown, worth)
    first = _worth_picking(catalogue, likelihoods, _likeliest(left, likelihoods))
    newest = catalogue.newest(end + MOST_LIKELY, left)
    rows = np.array(list(dict.fromkeys([*first.tolist(), *newest.tolist()])), np.int32)
    return rows, int(left.sum())


def _likeliest(shown: Mask, likelihoods: Floats) -> Rows:
    # What is pinned goes before its equals alone.
    none = np.zeros(len(shown), bool)
    return typed.order(shown.astype(np.uint8), none, likelihoods, 2 * MOST_LIKELY)


def _worth_picking(catalogue: Catalogue, likelihoods: Floats, rows: Rows) -> Rows:
    """The best of these rows. To pick a command takes a key and another: what is no longer saves
    none.
    """
    sizes = [len(catalogue.text.data(row)) for row in rows.tolist()]
    worth = np.where(np.array(sizes, int) > KEYS_TO_PICK, 1.0, SAVES_NONE)
    keys = ~catalogue.pinned[rows], -likelihoods[rows] * worth
    return rows[np.lexsort(keys)][:MOST_LIKELY]
