"""An empty line: what is needed next, then everything by time; or everything in another order."""

import numpy as np
from numpy.typing import NDArray

from backend.engine.held.catalogue import Catalogue
from backend.engine.search import order
from backend.engine.search.folding import Folding
from backend.engine.unasked.likely import likeliest
from backend.query.orders import LIKELY
from backend.ranking import typed

# So many rows by need, then everything by time.
MOST_LIKELY = 10

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Rows = NDArray[np.int32]


def needed(
    catalogue: Catalogue, likelihoods: Floats, by: str, shown: Mask, folding: Folding, end: int
) -> tuple[Rows, int]:
    """At least `end` of the rows shown, if there are so many, in the order `by`, one of
    query.orders.ORDERS; and how many there are when those alike are one.
    """
    worth = order.worth(catalogue, by)
    if by != LIKELY:
        left = shown & ~folding.away(shown, worth.__getitem__)
        rows = np.flatnonzero(left).astype(np.int32)
        return order.ordered(catalogue, rows, by)[: end + typed.SPARE], len(rows)
    # Of those alike one that is among the likeliest stays, or else the newest.
    likely = likeliest(catalogue, likelihoods, np.flatnonzero(shown), 2 * MOST_LIKELY)
    worth[likely] = worth.max(initial=0.0) + np.arange(len(likely), 0, -1)
    left = shown & ~folding.away(shown, worth.__getitem__)
    likely = likeliest(catalogue, likelihoods, np.flatnonzero(left), 2 * MOST_LIKELY)
    first = likely[:MOST_LIKELY]
    newest = catalogue.newest(end + MOST_LIKELY, left)
    rows = np.array(list(dict.fromkeys([*first.tolist(), *newest.tolist()])), np.int32)
    return rows, int(left.sum())
