"""How likely each command is needed now: one model, behind every order that is not about the query.

A command that was just used is used again, the sooner the shorter ago (`_Uses`); what followed the
last command and the last two follows again, and so does what was run in this directory and this
repository (`_Links`). These are mixed as a language model mixes the orders of its n-grams: the more
was seen of a context, the more it says. docs/search-quality.md has the table of what was tried.

Everything ages by commands: a context by its own visits, so that a directory comes back as it was
left. Of time only that counts in which somebody was at work: a weekend changes nothing.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
# A command that failed whenever it ran tends to this worth.
_FAILED = 0.5

# For each context: what a visit is worth against the next newer one, and how many visits it takes
# to say as much as what is known without it.
_AFTER_ONE, _AFTER_TWO = (0.85, 6.0), (0.85, 12.0)
_IN_DIRECTORY, _IN_REPOSITORY = (0.98, 80.0), (0.98, 160.0)
# Where the last command ran elsewhere, what was just used says little of here.
_ARRIVED_DIRECTORY, _ARRIVED_REPOSITORY = (0.98, 5.0), (0.98, 10.0)
# Visits of a context that are looked at, at most.
_VISITS = 128
# Runs whose neighbours are kept; of those before them the uses are.
KEPT_RUNS = 1 << 17


@dataclass(frozen=True)
class Where:
    """From where something is needed, in the numbers of RUN; None where unknown."""

    session: int | None = None
    directory: int | None = None
    repository: int | None = None


class Need:
    """Knows every run so far, in the order in which they were made. Not thread-safe."""

    def __init__(self) -> None:
        self._uses = _Uses()
        self._links = _Links()

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
        more = max(needed, len(self._last) * 3 // 2) - len(self._last)
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
        return self._share


def _recency(age: Floats) -> Floats:
    recency: Floats = np.float32(1) / (age * np.sqrt(age))
    return recency


class _Links:
    """The latest runs, each linked to its neighbours: in its session, and the one before it of the
    same command, directory and repository. Runs are numbered from the first one ever.
    """

    def __init__(self) -> None:
        self._first = 0
        self._rows, self._previous, self._next = array("i"), array("i"), array("i")
        self._of_row, self._in_directory, self._in_repository = _Chain(), _Chain(), _Chain()
        self._last_of_session: dict[int, int] = {}
        self._last = -1

    def add(self, runs: Runs) -> None:
        columns = ("row", "session", "directory", "repository")
        for run in zip(*(runs[name].tolist() for name in columns), strict=True):
            self._add(*run)
        if len(self._rows) > 2 * KEPT_RUNS:
            self._forget(len(self._rows) - KEPT_RUNS)

    def _add(self, row: int, session: int, directory: int, repository: int) -> None:
        number = self._first + len(self._rows)
        previous = self._last_of_session.get(session, -1)
        if previous >= self._first:
            self._next[previous - self._first] = number
        self._rows.append(row)
        self._previous.append(previous)
        self._next.append(-1)
        self._of_row.add(row + 1, number)
        self._in_directory.add(directory, number)
        self._in_repository.add(repository, number)
        self._last_of_session[session] = self._last = number

    def _forget(self, count: int) -> None:
        self._first += count
        for column in (self._rows, self._previous, self._next):
            del column[:count]
        for chain in (self._of_row, self._in_directory, self._in_repository):
            chain.forget(count)

    def contexts(self, where: Where) -> Iterator[tuple[npt.NDArray[np.int32], tuple[float, float]]]:
        """The rows that were run in each context, latest first, and how they count; what says
        least comes first.
        """
        rows = np.frombuffer(self._rows, np.int32) if self._rows else np.empty(0, np.int32)
        last = self._last_run(where.session)
        repository, directory = self._in_repository, self._in_directory
        stays = last == repository.last(where.repository)
        was_here = last == directory.last(where.directory)
        for numbers, counts in (
            (
                repository.walk(where.repository, self._first),
                _IN_REPOSITORY if stays else _ARRIVED_REPOSITORY,
            ),
            (
                directory.walk(where.directory, self._first),
                _IN_DIRECTORY if was_here else _ARRIVED_DIRECTORY,
            ),
            (self._followers(where.session, 1), _AFTER_ONE),
            (self._followers(where.session, 2), _AFTER_TWO),
        ):
            yield rows[np.fromiter(numbers, np.int64) - self._first], counts

    def _followers(self, session: int | None, depth: int) -> Iterator[int]:
        """Runs that came right after what the session ran last, `depth` commands of it."""
        context = self._context(self._last_run(session), depth)
        if context is None:
            return
        for number in self._of_row.walk(context[0] + 1, self._first):
            following = self._next[number - self._first]
            if following >= 0 and self._context(number, depth) == context:
                yield following

    def _last_run(self, session: int | None) -> int:
        """A session that has run nothing goes by the last run there was."""
        return self._last if session is None else self._last_of_session.get(session, self._last)

    def _context(self, number: int, depth: int) -> tuple[int, ...] | None:
        """The rows of a run and of those before it in its session, latest first."""
        rows: list[int] = []
        while len(rows) < depth:
            if number < self._first:
                return None
            rows.append(self._rows[number - self._first])
            number = self._previous[number - self._first]
        return tuple(rows)


class _Chain:
    """Runs with the same key, each linked to the one before it. Keys are counted from 1 (0: none),
    so that an array holds the latest run of each in a tenth of a dictionary's memory.
    """

    def __init__(self) -> None:
        self._last = array("i")
        self._before = array("i")

    def add(self, key: int, number: int) -> None:
        if key >= len(self._last):
            self._last.extend([-1] * (key + 1 - len(self._last) + len(self._last) // 8))
        self._before.append(self._last[key] if key else -1)
        self._last[key] = number if key else -1

    def last(self, key: int | None) -> int | None:
        """The latest run with this key."""
        return self._last[key] if key and key < len(self._last) else None

    def walk(self, key: int | None, first: int) -> Iterator[int]:
        """The latest runs with this key, latest first; `first` is the oldest that is kept."""
        number = self.last(key)
        for _ in range(_VISITS):
            if number is None or number < first:
                return
            yield number
            number = self._before[number - first]

    def forget(self, count: int) -> None:
        del self._before[:count]
