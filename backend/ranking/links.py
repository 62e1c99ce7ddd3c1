"""The latest runs, linked to their neighbours: what was run here, and what came after what."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Runs = npt.NDArray[np.void]

# For each context: what a visit is worth against the next newer one, and how many visits it takes
# to say as much as what is known without it.
_AFTER_ONE, _AFTER_TWO = (0.85, 6.0), (0.85, 12.0)
_IN_DIRECTORY, _IN_REPOSITORY = (0.98, 80.0), (0.98, 160.0)
# Where the last command ran elsewhere, what was just used says little of here.
_ARRIVED_DIRECTORY, _ARRIVED_REPOSITORY = (0.98, 5.0), (0.98, 10.0)
# Visits of a context that are looked at, at most.
VISITS = 128
# Runs whose neighbours are kept; of those before them the uses are.
KEPT_RUNS = 1 << 17


@dataclass(frozen=True)
class Where:
    """From where something is needed, in the numbers of RUN; None where unknown."""

    session: int | None = None
    directory: int | None = None
    repository: int | None = None


class Links:
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
        for _ in range(VISITS):
            if number is None or number < first:
                return
            yield number
            number = self._before[number - first]

    def forget(self, count: int) -> None:
        del self._before[:count]
