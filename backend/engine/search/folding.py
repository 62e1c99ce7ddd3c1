"""Of commands that differ in an argument or two alone, the one that stands for the others.

A command whose differing word is what was asked for stands for itself. So does one of which
nothing but the program's name is the same in the others (`vim a`, `vim b`): its argument is what
people know it by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from backend.engine.held.likes import NONE
from backend.engine.history import History
from backend.query import words
from backend.query.orders import NEWEST
from backend.query.parse import LITERAL, Query
from backend.ranking.rank import Hit

# What ran last is what people look for most, and is not folded away: so many commands.
RECENT = 10

Mask = npt.NDArray[np.bool_]
Worth = Callable[[npt.NDArray[np.intp]], npt.NDArray[np.float64]]


class Folding:
    """Of one search. allowed: rows that may be shown, (n,), None for all. What is pinned, noted,
    or was picked for such a question, stands for itself; so do the RECENT of those allowed where
    nothing is typed. Folds nothing unless it `is_wanted`, nor in the order NEWEST, in which people
    read what they did.
    """

    def __init__(
        self, history: History, asked: Query, allowed: Mask | None, order: str, is_wanted: bool
    ) -> None:
        catalogue = history.catalogue
        self._text = catalogue.text
        self._groups, self._fixed = catalogue.likes.groups, catalogue.likes.fixed
        self._telling = catalogue.likes.telling
        self._of_row = np.full(len(catalogue), NONE, np.int32)
        pieces = asked.words if asked.literalness < LITERAL else (*asked.fragments, *asked.phrases)
        self._pieces = [words.lower(words.encode(piece)) for piece in pieces]
        if not is_wanted or order == NEWEST:
            return
        self._of_row[: len(self._groups.of_row)] = self._groups.of_row
        kept = catalogue.columns.rows_of([*catalogue.kept.notes, *catalogue.kept.pinned])
        self._of_row[[*kept, *history.picked(asked)]] = NONE
        if asked.is_empty:
            self._of_row[catalogue.newest(RECENT, allowed)] = NONE
        if allowed is not None:
            self._of_row[~allowed] = NONE
        if asked.excluded:
            self._of_row[catalogue.text.excluded(asked)] = NONE

    def away(self, shown: Mask, worth: Worth) -> Mask:
        """Which of the rows shown, all of which hold what was asked, are folded into another: bool
        (n,). Of each group the row that is worth most stays, of equal ones the later one. worth:
        of some rows, float64 (m,).
        """
        away = np.zeros(len(shown), bool)
        rows = np.flatnonzero(shown & (self._of_row != NONE))
        groups = self._of_row[rows]
        several = (np.bincount(groups, minlength=len(self._groups)) > 1) & self._telling
        for group in np.flatnonzero(several).tolist() if self._pieces else ():
            several[group] = not self._missing(group)
        rows, groups = rows[several[groups]], groups[several[groups]]
        worths, most = worth(rows), np.full(len(self._groups), -np.inf)
        np.maximum.at(most, groups, worths)
        staying = np.full(len(self._groups), NONE, np.int64)
        best = worths == most[groups]
        staying[groups[best]] = rows[best]
        away[rows] = rows != staying[groups]
        return away

    def first(self, hits: Sequence[Hit], above: Sequence[Hit] = ()) -> list[Hit]:
        """Of hits in order those that stay: the first of each group, if none is among `above`."""
        seen = {self._group(hit.row) for hit in above}
        kept = []
        for hit in hits:
            group = self._group(hit.row)
            if group == NONE or group not in seen:
                kept.append(hit)
            seen.add(group)
        return kept

    def count(self, row: int) -> int:
        """How many others a row stands for."""
        group = self._group(row)
        if group == NONE:
            return 0
        return int(np.count_nonzero(self._of_row[self._groups.members(group)] == group)) - 1

    def _group(self, row: int) -> int:
        """The group that a row is folded with; NONE if it stands for itself."""
        group = int(self._of_row[row])
        if group == NONE or not self._telling[group]:
            return NONE
        missing = self._missing(group)
        text = words.lower(self._text.data(row)) if missing else b""
        return NONE if any(piece in text for piece in missing) else group

    def _missing(self, group: int) -> list[bytes]:
        """What was asked for and is not in what the commands of the group have in common."""
        return [piece for piece in self._pieces if piece not in self._fixed[group]]
