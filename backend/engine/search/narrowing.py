"""Which commands a search may show, and in what order: the filters in its line and beside it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.engine.history import History
from backend.query.filters import LIKELY
from backend.query.parse import Query, narrowing
from backend.query.place import Place
from backend.storage.filtered import matching, unknown

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Narrowed:
    """allowed: the rows that may be shown, bool (n,), or None for all. order: one of
    query.filters.ORDERS. mistakes: one line for each filter that makes no sense.
    """

    allowed: Mask | None
    order: str
    mistakes: tuple[str, ...]


def narrowed(
    history: History, asked: Query, beside: str, hidden: frozenset[int], place: Place, now: float
) -> Narrowed:
    """What the filters of a line and those `beside` it leave, without the commands `hidden`. Of
    two orders the line's holds. now: epoch seconds.
    """
    others, told = narrowing(beside, now)
    mistakes = [*asked.mistakes, *told]
    order = asked.filters.order or others.order or LIKELY
    active = [each for each in (asked.filters, others) if each.active]
    if not active and not hidden:
        return Narrowed(None, order, tuple(mistakes))
    allowed = np.full(len(history.catalogue), not active)
    if active:
        ids = matching(history.store.db, place, *active)
        allowed[history.catalogue.columns.rows(np.array(ids, np.int64))] = True
        for each in active if not ids else ():
            mistake = unknown(history.store.db, each)
            mistakes += [mistake] if mistake else []
    allowed[history.catalogue.columns.rows_of(list(hidden))] = False
    return Narrowed(allowed, order, tuple(mistakes))
