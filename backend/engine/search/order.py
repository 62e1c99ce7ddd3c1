"""Rows in an order that was asked for, whatever is likely: by time, or by how often they ran."""

import numpy as np
from numpy.typing import NDArray

from backend.engine.held.catalogue import Catalogue
from backend.query.orders import USED

Rows = NDArray[np.int32]


def ordered(catalogue: Catalogue, rows: Rows, order: str) -> Rows:
    """These rows, `order` being query.orders.NEWEST or USED; of equal ones a pinned one first,
    then the later one.
    """
    last_run, runs = catalogue.columns["last_run"][rows], catalogue.columns["runs"][rows]
    first = runs if order == USED else last_run
    return rows[np.lexsort((rows, last_run, catalogue.pinned[rows], first))[::-1]]


def worth(catalogue: Catalogue, order: str) -> NDArray[np.float64]:
    """float64 (n,): the higher, the sooner a row comes in this order; by time in any but USED."""
    last_run: NDArray[np.float64] = catalogue.columns["last_run"].copy()
    if order == USED:
        last_run = catalogue.columns["runs"] + last_run / (1 + last_run.max(initial=0.0))
    return last_run
