"""What ranking needs to know of every command, as parallel numpy arrays in memory.

A command's row is its index in the arrays; rows are in order of command id. Saved in a cache file:
to read 100,000 rows from the store takes 140 ms, from the file 3.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.storage.store import MICRO
from backend.system import cache_file

NO_SLOT = -1

# So few ids are looked for one by one: for more, numpy copies the whole column first.
FEW = 64
MAGIC = "deja-columns-1"

_SUMS = np.dtype(
    [
        ("id", np.int64),
        ("runs", np.int32),
        ("ok_runs", np.int32),
        ("failed_runs", np.int32),
        ("last_run", np.float64),
        ("dir_id", np.int32),
        ("slot", np.int32),
    ]
)


class Columns:
    """One array a property, (n,), growing at the end: ids, runs, ok_runs, failed_runs, last_run
    (epoch seconds, 0 unknown), dir_id (0 unknown), slot (the vector's, or NO_SLOT).
    """

    def __init__(self, sums: Iterable[tuple[int, ...]] = ()) -> None:
        self._data = np.empty(0, _SUMS)
        self._size = 0
        self.append(sums)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, name: str) -> NDArray:  # type: ignore[type-arg]  # the dtype depends on name
        return self._data[name][: self._size]

    def append(self, sums: Iterable[tuple[int, ...]]) -> None:
        """Add commands as Store.sums gives them; their ids are above every id here."""
        added = _table(sums)
        needed = self._size + len(added)
        if needed > len(self._data):
            grown = np.empty(max(needed, len(self._data) * 9 // 8), _SUMS)
            grown[: self._size] = self._data[: self._size]
            self._data = grown
        self._data[self._size : needed] = added
        self._size = needed

    def update(self, sums: Iterable[tuple[int, ...]]) -> None:
        """Write new sums of commands that are here; their slots stay."""
        table = _table(sums)
        rows = self.rows(table["id"])
        table["slot"] = self._data["slot"][rows]
        self._data[rows] = table

    def last_id(self) -> int:
        """The number of the newest command, 0 if there is none."""
        return int(self["id"][-1]) if self._size else 0

    def rows(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of commands that are here, by id."""
        column = self["id"]
        if len(ids) <= FEW:
            return np.array([bisect_left(column, id) for id in ids.tolist()], np.int64)
        return np.searchsorted(column, ids)

    def rows_of(self, ids: Sequence[int]) -> list[int]:
        """The rows of those of these commands that are here, in the order of `ids`."""
        found = np.array(ids, np.int64)
        rows: list[int] = self.rows(found[self.known(found)]).tolist()
        return rows

    def known(self, ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these ids are here, (n,)."""
        if not self._size:
            return np.zeros(len(ids), bool)
        rows = np.minimum(self.rows(ids), self._size - 1)
        return np.asarray(self["id"][rows] == ids)

    def set_slots(self, ids: NDArray[np.int64], first: int) -> None:
        """Say that the vectors of these commands stand from slot `first` on."""
        here = self.known(ids)
        slots = np.arange(first, first + len(ids), dtype=np.int32)
        self._data["slot"][self.rows(ids[here])] = slots[here]

    def copy(self) -> Columns:
        """As they are now."""
        made = Columns()
        made._data, made._size = self._data[: self._size].copy(), self._size
        return made

    def save(
        self,
        path: Path,
        stamp: str,
        last_run_id: int,
        wanted: AbstractContextManager[bool] = cache_file.ALWAYS,
    ) -> None:
        """Write the columns as they are after the run `last_run_id` of the store. wanted: as for
        cache_file.save.
        """
        data = self._data[: self._size].tobytes()
        cache_file.save(path, MAGIC, stamp, {"last_run_id": last_run_id}, [data], wanted)

    @classmethod
    def load(cls, path: Path, stamp: str) -> tuple[Columns, int]:
        """Columns as saved, without slots, and their last run. Raises cache_file.Stale."""
        facts, mapped, start = cache_file.load(path, MAGIC, stamp)
        try:
            last_run_id = int(facts["last_run_id"])
            data = np.frombuffer(mapped, _SUMS, offset=start).copy()
        except (ValueError, KeyError, TypeError) as error:
            raise cache_file.Stale(f"{path}: {error}") from error
        columns = cls()
        columns._data, columns._size = data, len(data)
        columns["slot"][:] = NO_SLOT
        return columns, last_run_id


def _table(sums: Iterable[tuple[int, ...]]) -> NDArray[np.void]:
    table = np.array([(*row, NO_SLOT) for row in sums], _SUMS)
    table["last_run"] /= MICRO
    return table
