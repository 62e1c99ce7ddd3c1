"""Which commands a search may show, and in what order: the filters in its line and beside it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.engine.history import History
from backend.query.orders import LIKELY
from backend.query.parse import Query, narrowing
from backend.query.place import Place
from backend.storage.filtered import unknown
from backend.text.containment import NOT, OPENS, Levels
from backend.text.index import TextIndex

Mask = NDArray[np.bool_]
Rows = NDArray[np.int32]


@dataclass(frozen=True)
class Narrowed:
    """allowed: the rows that may be shown, bool (n,), or None for all. order: one of
    query.orders.ORDERS. mistakes: one line for each filter that makes no sense. narrows: whether
    there is a filter that makes some.
    """

    allowed: Mask | None
    order: str
    mistakes: tuple[str, ...]
    narrows: bool

    def rows(self, count: int) -> Rows:
        """Of `count` rows those that may be shown."""
        everything = np.arange(count, dtype=np.int32)
        return everything if self.allowed is None else everything[self.allowed]

    def levels(self, asked: Query, index: TextIndex) -> Levels:
        """How each row that may be shown holds what was typed, uint8 (n,); NOT for the others."""
        found = index.levels(asked)
        if self.allowed is not None:
            found[~self.allowed] = NOT
        if asked.excluded:
            found[index.excluded(asked)] = NOT
        return found


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
    # Where something is typed, those that look for it leave out what it rules out.
    excluded = bool(asked.excluded) and asked.is_empty
    start = not asked.is_empty and (asked.filters.start or others.start)
    if not active and not hidden and not excluded and not start:
        return Narrowed(None, order, tuple(mistakes), narrows=False)
    allowed = np.full(len(history.catalogue), not active)
    if active:
        passing = history.passing.rows(place, tuple(active))
        allowed[passing] = True
        for each in active if not len(passing) else ():
            mistake = unknown(history.store.db, each)
            mistakes += [mistake] if mistake else []
    allowed[history.catalogue.columns.rows_of(list(hidden))] = False
    if excluded:
        allowed &= ~history.catalogue.text.excluded(asked)
    if start:
        allowed &= history.catalogue.text.levels(asked) == OPENS
    return Narrowed(allowed, order, tuple(mistakes), narrows=bool(active) or excluded or start)
