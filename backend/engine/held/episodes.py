"""Which runs make an episode: a stretch of one session in which something was done.

A session is cut at a pause, where it goes elsewhere after a while, and where it has become long;
docs/search-quality.md has what else was tried. Kept in step with the store, and made of it anew at
each start, behind the first answers: nothing of it is saved.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.engine.held.columns import Columns
from backend.ranking.pooling import Groups
from backend.storage.lookup import Lookup
from backend.storage.store import MICRO

# Runs read in one go, with the engine's lock held.
LOT = 4096
# Where nothing ran for so long, another episode begins.
PAUSE_US = 30 * 60 * MICRO
# From so many runs on, it ends where work goes on in another directory or repository.
LONG, LONGEST = 25, 60
# Sessions that may go on. One that so many others have followed begins another episode.
MOST_OPEN = 1000


@dataclass(slots=True)
class _Open:
    """The last episode of a session. ended_us: when its last run did. where: the directory or
    repository that it is in. rows: the commands that it holds, each once: a set of so few takes ten
    times the memory.
    """

    number: int
    ended_us: int | None
    where: str | None
    runs: int = 0
    rows: array[int] = field(default_factory=lambda: array("i"))


@dataclass(frozen=True)
class Table:
    """Parallel arrays. runs: int64, ids in ascending order, and episode_of: int32, the episode of
    each. rows, episodes: int32, each command of each episode once. ended: float64, by episode, the
    epoch second at which it ended, 0 unknown.
    """

    runs: NDArray[np.int64]
    episode_of: NDArray[np.int32]
    rows: NDArray[np.int32]
    episodes: NDArray[np.int32]
    ended: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.ended)

    def runs_of(self, episode: int) -> list[int]:
        """The ids of its runs, in their order."""
        found: list[int] = self.runs[np.flatnonzero(self.episode_of == episode)].tolist()
        return found

    def with_runs(self, ids: Sequence[int]) -> NDArray[np.int32]:
        """The episodes that hold some of these runs."""
        known = np.isin(self.runs, np.array(ids, np.int64))
        return np.unique(self.episode_of[known])


_NOTHING = Table(
    np.empty(0, np.int64),
    np.empty(0, np.int32),
    np.empty(0, np.int32),
    np.empty(0, np.int32),
    np.empty(0, np.float64),
)


class Episodes:
    """Not thread-safe: the engine locks."""

    def __init__(self, lookup: Lookup, columns: Columns) -> None:
        self._lookup, self._columns = lookup, columns
        self._open: OrderedDict[object, _Open] = OrderedDict()
        self._ended = array("d")
        # What is not in the table yet, a lot each: (run, episode) and (row, episode).
        self._lots: list[tuple[NDArray[np.int64], NDArray[np.int32]]] = []
        self._table = _NOTHING
        self._worths = _NOTHING, np.empty(0, np.float32)
        self._last_id = 0
        self.are_read = not lookup.last_run_id()

    def learn(self) -> bool:
        """Take in a lot of what was run before; whether there is more to do."""
        if not self.are_read:
            self.are_read = not self._take_in_lot()
        return not self.are_read

    def follow(self) -> None:
        """Take in what has been added to the store, unless all of it is yet to be learnt."""
        while self.are_read and self._take_in_lot():
            pass

    def table(self) -> Table:
        """The episodes of the runs that have been taken in."""
        if self._lots:
            before = self._table
            runs = np.concatenate([of_runs for of_runs, _ in self._lots])
            pairs = np.concatenate([of_rows for _, of_rows in self._lots])
            self._table = Table(
                np.concatenate([before.runs, runs[:, 0]]),
                np.concatenate([before.episode_of, runs[:, 1].astype(np.int32)]),
                np.concatenate([before.rows, pairs[:, 0]]),
                np.concatenate([before.episodes, pairs[:, 1]]),
                np.array(self._ended, np.float64),
            )
            self._lots = []
        return self._table

    def worths(self) -> NDArray[np.float32]:
        """How much each command tells of an episode, float32 (commands,): the log of how rare it is
        among them.
        """
        table, commands = self.table(), len(self._columns)
        known, worths = self._worths
        if known is not table or len(worths) != commands:
            holders = np.maximum(np.bincount(table.rows, minlength=commands), 1)
            worths = np.log((len(table) + 1) / holders).astype(np.float32)
            self._worths = table, worths
        return worths

    def of_rows(self, rows: NDArray[np.int32]) -> Groups | None:
        """Which episodes hold these commands; None while they are being read."""
        if not self.are_read:
            return None
        table = self.table()
        place = np.full(len(self._columns), -1, np.int32)
        place[rows] = np.arange(len(rows), dtype=np.int32)
        at = place[table.rows]
        here = np.flatnonzero(at >= 0)
        return Groups(at[here], table.episodes[here], self.worths()[rows])

    def _take_in_lot(self) -> int:
        lot = self._lookup.places_of_runs(self._last_id, LOT)
        if not lot:
            return 0
        self._last_id = lot[-1][0]
        ids = np.array([run[1] for run in lot], np.int64)
        known, rows = self._columns.known(ids).tolist(), self._columns.rows(ids).tolist()
        runs: list[tuple[int, int]] = []
        pairs: list[tuple[int, int]] = []
        for run, is_known, row in zip(lot, known, rows, strict=True):
            found = self._episode_of(run) if is_known else None
            if found is None:
                continue
            runs.append((run[0], found.number))
            if row not in found.rows:
                found.rows.append(row)
                pairs.append((row, found.number))
        if runs:
            made = np.array(pairs, np.int32).reshape(-1, 2)
            self._lots.append((np.array(runs, np.int64), made))
        return len(lot)

    def _episode_of(self, run: tuple[Any, ...]) -> _Open | None:
        """The one that the run belongs to, begun or gone on with; None if nothing tells."""
        _, _, start, duration, session, host, shell, where = run
        if session is None and start is None:
            return None
        # Of a plain history file, what was run one after another counts as a session.
        key = session if session is not None else (host, shell)
        last = self._open.get(key)
        if last is None or _ends(last, start, where):
            last = self._open[key] = _Open(len(self._ended), None, where)
            self._ended.append(0.0)
        self._open.move_to_end(key)
        if len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)
        last.runs += 1
        last.where = _place(last.where, where)
        if start is not None:
            last.ended_us = start + (duration or 0)
            self._ended[last.number] = last.ended_us / MICRO
        return last


def _ends(last: _Open, start: int | None, where: str | None) -> bool:
    """Whether a run of this start, there, belongs to another episode than the last one."""
    if last.runs >= LONGEST:
        return True
    if start is not None and last.ended_us is not None and abs(start - last.ended_us) > PAUSE_US:
        return True
    return last.runs >= LONG and _is_elsewhere(last.where, where)


def _place(before: str | None, now: str | None) -> str | None:
    """Where an episode is that goes on in `now`: in the inner one of a directory and one in it."""
    if before is None or now is None or _is_elsewhere(before, now):
        return now or before
    return max(before, now, key=len)


def _is_elsewhere(before: str | None, now: str | None) -> bool:
    """Whether neither lies in the other."""
    if before is None or now is None:
        return False
    return not (_is_below(before, now) or _is_below(now, before))


def _is_below(path: str, other: str) -> bool:
    return path == other or path.startswith(f"{other.rstrip('/')}/")
