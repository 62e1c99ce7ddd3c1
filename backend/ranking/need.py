"""How likely each command is needed now: one model, behind every order that is not about the query.

A command that was just used is used again, the sooner the shorter ago (`_Uses`); what followed the
last command and the last two follows again, and so does what was run in this directory and this
repository (links.py). These are mixed as a language model mixes the orders of its n-grams: the more
was seen of a context, the more it says. docs/search-quality.md has the table of what was tried.

Everything ages by commands: a context by its own visits, so that a directory comes back as it was
left. Of time only that counts in which somebody was at work: a weekend changes nothing.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from backend.ranking.links import KEPT_RUNS, Links
from backend.ranking.links import Where as Where  # part of this module's interface

Floats = npt.NDArray[np.float32]
Runs = npt.NDArray[np.void]

# One run: start in epoch seconds, nan unknown; ok -1 unknown; numbers stand for session, directory
# and repository. All runs without a session (0) are one; 0 is no directory and no repository.
RUN = np.dtype(
    [
        ("row", np.int32),
        ("start", np.float64),
        ("ok", np.int8),
        ("session", np.int32),
        ("directory", np.int32),
        ("repository", np.int32),
    ]
)

# The last two uses count (commands since) ** -1.5 each, against which all uses count so little, by
# half with so many commands; the very last command itself is rarely wanted at once.
_SLOW, _SLOW_HALF = 0.0003, 300.0
_REPEATED = 0.6
# What all of that comes to, over all commands.
_MASS = 2.5
# A use so many days of work older than the newest one is worth half; of a pause an hour counts.
_DAYS, _LONGEST_PAUSE = 30 * 86400.0, 3600.0
# A command that mostly failed tends to this worth; one that never worked is likely a mistake, so
# that having followed once does not bring it back.
_FAILED, _NEVER_WORKED = 0.5, 0.2


class Need:
    """Knows every run so far, in the order in which they were made. Not thread-safe."""

    def __init__(self) -> None:
        self._uses = _Uses()
        self._links = Links()

    def add(self, runs: Runs) -> None:
        """Take in runs, of RUN (n,): some 2 µs each."""
        if len(runs):
            self._uses.add(runs)
            self._links.add(runs[-KEPT_RUNS:])

    @property
    def started(self) -> float | None:
        """When the newest run was started, epoch seconds; None unknown."""
        return self._uses.newest or None

    def likelihoods(self, count: int, where: Where) -> Floats:
        """How likely each of the rows 0..count-1 comes next: float32 (count,), 0..1."""
        found = self._uses.worth(count).copy()
        for rows, (decay, doubt) in self._links.contexts(where):
            if not len(rows):
                continue
            worth = np.power(decay, np.arange(len(rows)))
            total = float(worth.sum()) + doubt
            found *= np.float32(doubt / total)
            np.add.at(found, rows, (worth / total).astype(np.float32))
        found *= self._uses.worked(count)
        return found


class _Uses:
    """When each command was last used, how often, and how it went: by row."""

    def __init__(self) -> None:
        self._clock = 0
        self.newest, self._worked = 0.0, 0.0
        self._last, self._before = np.zeros(1024, np.int32), np.zeros(1024, np.int32)
        self._slow, self._used = np.zeros(1024, np.float32), np.zeros(1024, np.float32)
        self._ok, self._failed = np.zeros(1024, np.int32), np.zeros(1024, np.int32)
        # What was made of them for all rows, until the next run.
        self._worth: Floats | None = None
        self._share: Floats | None = None

    def add(self, runs: Runs) -> None:
        rows = runs["row"]
        self._grow(int(rows.max()) + 1)
        clocks = self._clock + 1 + np.arange(len(runs), dtype=np.int32)
        self._clock += len(runs)
        order = np.argsort(rows, kind="stable")
        self._use(rows[order], clocks[order])
        self._work(rows, np.nan_to_num(runs["start"], nan=0.0))
        np.add.at(self._ok, rows, runs["ok"] > 0)
        np.add.at(self._failed, rows, runs["ok"] == 0)
        self._worth = self._share = None

    def _work(self, rows: npt.NDArray[np.int32], starts: npt.NDArray[np.float64]) -> None:
        """Move the clock of work on, and note when these rows were used by it, in seconds."""
        reached = np.maximum.accumulate(np.append(self.newest, starts))
        pauses = np.minimum(np.diff(reached), _LONGEST_PAUSE)
        worked = self._worked + np.cumsum(pauses)
        np.maximum.at(self._used, rows, worked)
        self.newest, self._worked = float(reached[-1]), float(worked[-1])

    def _use(self, rows: npt.NDArray[np.int32], clocks: npt.NDArray[np.int32]) -> None:
        """Count uses, given by row and, of one row, in order of the clock."""
        firsts = np.flatnonzero(np.append(True, rows[1:] != rows[:-1]))
        lasts = np.append(firsts[1:], len(rows)) - 1
        used, latest = rows[firsts], clocks[lasts]
        known = self._last[used]
        faded = np.exp2((known - latest) / _SLOW_HALF) * (known > 0)
        worth = np.exp2((clocks - np.repeat(latest, lasts - firsts + 1)) / _SLOW_HALF)
        self._slow[used] = self._slow[used] * faded + np.add.reduceat(worth, firsts)
        self._before[used] = np.where(lasts > firsts, clocks[lasts - 1], known)
        self._last[used] = latest

    def _grow(self, needed: int) -> None:
        more = max(needed, len(self._last) * 9 // 8) - len(self._last)
        if needed > len(self._last):
            for name in ("_last", "_before", "_slow", "_used", "_ok", "_failed"):
                setattr(self, name, np.pad(getattr(self, name), (0, more)))
            self._worth = self._share = None

    def worth(self, count: int) -> Floats:
        """What the uses alone say, float32 (count,); the same until the next run."""
        self._grow(count)
        if self._worth is None or len(self._worth) != count:
            self._worth = self._counted(count)
        return self._worth

    def _counted(self, count: int) -> Floats:
        last, before = self._last[:count], self._before[:count]
        now = np.int32(self._clock + 1)
        age = (now - last).astype(np.float32)
        worth = _recency(age) * (last > 0)
        worth += _recency((now - before).astype(np.float32)) * (before > 0)
        worth += np.float32(_SLOW) * self._slow[:count] * np.exp2(age * np.float32(-1 / _SLOW_HALF))
        worth[last == self._clock] *= np.float32(_REPEATED)
        idle = np.float32(self._worked) - self._used[:count]
        worth /= np.float32(_MASS) + idle * np.float32(_MASS / _DAYS)
        return worth

    def worked(self, count: int) -> Floats:
        """1 for what works, less the more often it failed, float32 (count,)."""
        ok, failed = self._ok[:count], self._failed[:count]
        if self._share is None or len(self._share) != count:
            share = ((ok + 1) / (ok + failed + 1)).astype(np.float32)
            self._share = np.float32(_FAILED) + np.float32(1 - _FAILED) * share
            self._share[(ok == 0) & (failed > 0)] = _NEVER_WORKED
        return self._share


def _recency(age: Floats) -> Floats:
    recency: Floats = np.float32(1) / (age * np.sqrt(age))
    return recency
