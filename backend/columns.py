"""What ranking needs to know of every command, as parallel numpy arrays in memory.

numpy only. A command's place in the arrays is its row; rows are in order of command id.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from backend.store import MICRO

NO_SLOT = -1

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
            grown = np.empty(max(needed, len(self._data) * 3 // 2), _SUMS)
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

    def rows(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of commands that are here, by id."""
        return np.searchsorted(self["id"], ids)

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


def _table(sums: Iterable[tuple[int, ...]]) -> NDArray[np.void]:
    table = np.array([(*row, NO_SLOT) for row in sums], _SUMS)
    table["last_run"] /= MICRO
    return table
