"""The need model of one store, kept in step with it.

What was run before the daemon started is read behind the first answers, a lot at a time; until
then the newest commands count as the likeliest.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from backend.engine.held.columns import Columns
from backend.query.place import Place
from backend.ranking.need import RUN, Need, Where
from backend.storage.lookup import Lookup
from backend.storage.store import MICRO
from backend.system.repository import repository

Floats = NDArray[np.float32]

# Runs read in one go, with the engine's lock held.
LOT = 4096
# An import of older commands changes the order of what is known: all is counted anew once no more
# has come for so long.
QUIET_S = 1.0
# Runs of several shells arrive in the order in which they end.
OUT_OF_ORDER_S = 60.0


class Needs:
    """Not thread-safe: the engine locks."""

    def __init__(self, lookup: Lookup, columns: Columns) -> None:
        self._lookup, self._columns = lookup, columns
        self._numbers: dict[str, int] = {}
        self._need = None if lookup.last_run_id() else Need()
        self._last_id = 0
        # What is being read, then learnt, and since when what is known is out of order (monotonic).
        self._lots: list[NDArray[np.void]] = []
        self._learning: tuple[Need, NDArray[np.void]] | None = None
        self._stale_since: float | None = None

    def learn(self) -> bool:
        """Take in a lot of what was run before; whether there is more to do."""
        if self._need is not None:
            if self._stale_since is None or time.monotonic() - self._stale_since < QUIET_S:
                return False
            self._need, self._last_id, self._stale_since = None, 0, None
        if self._learning is None:
            lot = self._next_lot()
            self._lots.append(lot)
            if not len(lot):
                self._learning, self._lots = (Need(), _sorted(self._lots)), []
            return True
        need, runs = self._learning
        need.add(runs[:LOT])
        self._learning = need, runs[LOT:]
        if not len(runs[LOT:]):
            self._need, self._learning = need, None
            self.follow()
        return self._learning is not None

    def follow(self) -> None:
        """Take in what has been added to the store, unless all of it is yet to be learnt."""
        if self._need is None:
            return
        while len(lot := self._next_lot()):
            if self._is_out_of_order(lot):
                self._stale_since = time.monotonic()
            self._need.add(lot)

    def _is_out_of_order(self, lot: NDArray[np.void]) -> bool:
        assert self._need is not None
        started = self._need.started
        if started is None:
            return False
        starts = np.nan_to_num(lot["start"], nan=0.0)
        return bool((starts < started - OUT_OF_ORDER_S).any())

    def _next_lot(self) -> NDArray[np.void]:
        rows = self._lookup.runs_after(self._last_id, LOT)
        if not rows:
            return np.empty(0, RUN)
        self._last_id = rows[-1][0]
        ids = np.array([row[1] for row in rows], np.int64)
        known = self._columns.known(ids)
        lot = np.empty(len(rows), RUN)
        lot["row"] = self._columns.rows(ids)
        lot["start"] = [np.nan if row[2] is None else row[2] / MICRO for row in rows]
        lot["ok"] = [-1 if row[3] is None else row[3] == 0 for row in rows]
        lot["directory"] = [row[4] or 0 for row in rows]
        lot["session"] = [self._number(row[5]) for row in rows]
        lot["repository"] = [self._number(row[6]) for row in rows]
        return lot[known]

    def _number(self, name: str | None) -> int:
        """Stands for a session or a repository; 0 for none."""
        return 0 if name is None else self._numbers.setdefault(name, len(self._numbers) + 1)

    def likelihoods(self, place: Place) -> Floats:
        """How likely each command is needed at `place`, by row, float32 (n,)."""
        if self._need is None:
            return self._by_time()
        return self._need.likelihoods(len(self._columns), self._where(place))

    def _where(self, place: Place) -> Where:
        session = None if place.session is None else self._numbers.get(place.session)
        if place.cwd is None:
            return Where(session)
        directory = next(iter(self._lookup.dir_ids(place.cwd)), None)
        found = self._lookup.repository(place.cwd) if directory else repository(place.cwd)
        return Where(session, directory, None if found is None else self._numbers.get(found))

    def _by_time(self) -> Floats:
        """1 / (commands since), of which each has run once as it were."""
        order = np.argsort(-self._columns["last_run"], kind="stable")
        likelihoods = np.empty(len(order), np.float32)
        likelihoods[order] = 0.1 / (1 + np.arange(len(order), dtype=np.float32))
        return likelihoods


def _sorted(lots: list[NDArray[np.void]]) -> NDArray[np.void]:
    """In order of time. Runs of unknown time come from files without times: before all others."""
    runs = np.concatenate(lots)
    return runs[np.argsort(np.nan_to_num(runs["start"], nan=0.0), kind="stable")]
