"""The vectors of commands, on disk: a cache of the store that can be made again.

numpy and simsimd only; knows neither the store nor the model. Three files grow together: codes
(int8, memory-mapped, scanned whole), exact (float16, read only for the rows that a scan brought
up) and ids (the command of each row), which is written last and so commits the row. A stamp
says which model they are of.
"""

import json
import mmap
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import simsimd
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

CODES, EXACT, IDS, STAMP = "codes.i8", "exact.f16", "ids.i64", "stamp.json"

# A scan of the codes brings up the rows asked for and this many more; their exact vectors then
# decide. Measured by scripts/bench.py as recall@10 against an exact scan.
SPARE = 50


class StaleVectors(Exception):
    """The vectors on disk are of another model or dimension than the one in use."""


class Vectors:
    """Unit vectors of one model, in the order they were added. A row's place is its slot.

    Raises StaleVectors if the directory holds vectors of another model.
    """

    def __init__(self, directory: Path, model_id: str, dimension: int) -> None:
        self.dimension = dimension
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_stamp(directory / STAMP, model_id, dimension)
        self._directory = directory
        self._codes_file = _open(directory / CODES)
        self._exact_file = _open(directory / EXACT)
        self._ids_file = _open(directory / IDS)
        self._drop_torn_rows()
        self.ids: Ints = np.fromfile(directory / IDS, np.int64)
        self._codes, self._exact = self._map()

    def drop(self, ids: Iterable[int]) -> None:
        """Remove the rows of these commands from the files, and what they held from the disk."""
        keep = np.flatnonzero(~np.isin(self.ids, np.fromiter(ids, np.int64)))
        exact = np.fromfile(self._directory / EXACT, np.float16).reshape(-1, self.dimension)
        kept_ids, kept = self.ids[keep], exact[keep].astype(np.float32)
        # Emptied first, ids before the rest: a crash on the way leaves rows to be made again.
        for file in reversed(self._widths()):
            os.ftruncate(file, 0)
        self.ids = self.ids[:0]
        self.add(kept_ids, kept)

    def _drop_torn_rows(self) -> None:
        """A row counts when all three files hold it; a crash may leave some longer."""
        widths = self._widths()
        rows = min(os.fstat(file).st_size // width for file, width in widths.items())
        for file, width in widths.items():
            os.ftruncate(file, rows * width)

    def _widths(self) -> dict[int, int]:
        """Bytes a row, by file."""
        return {
            self._codes_file: self.dimension,
            self._exact_file: 2 * self.dimension,
            self._ids_file: 8,
        }

    def _map(self) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
        shape = len(self.ids), self.dimension
        if not len(self.ids):
            return np.empty(shape, np.int8), np.empty(shape, np.float16)
        return (
            np.memmap(self._directory / CODES, np.int8, "r", shape=shape),
            np.memmap(self._directory / EXACT, np.float16, "r", shape=shape),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def close(self) -> None:
        for file in self._widths():
            os.close(file)

    def add(self, ids: Iterable[int], vectors: Floats) -> None:
        """Append `vectors`, unit float32 (n, dimension), of the commands `ids`."""
        added = np.fromiter(ids, np.int64)
        for file, data in (
            (self._codes_file, quantise(vectors)),
            (self._exact_file, vectors.astype(np.float16)),
            (self._ids_file, added),
        ):
            _append(file, data.tobytes())
        self.ids = np.concatenate([self.ids, added])
        self._codes, self._exact = self._map()

    def search(
        self, query: Floats, count: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[Ints, Floats]:
        """Slots and cosines of the `count` rows nearest to `query`, unit float32 (dimension,).

        Nearest first; only slots for which `allowed`, of one bool a slot, is true.
        """
        if not len(self):
            return np.empty(0, np.int64), np.empty(0, np.float32)
        distances = np.asarray(simsimd.cdist(quantise(query[None]), self._codes, "cos"))[0]
        if allowed is not None:
            distances = np.where(allowed, distances, np.inf)
        slots = np.sort(_smallest(distances, count + SPARE))
        slots = slots[np.isfinite(distances[slots])]
        cosines = self.cosines(query, slots)
        order = np.argsort(-cosines, kind="stable")[:count]
        return slots[order], cosines[order]

    def exact(self, slots: Ints) -> Floats:
        """The vectors in these slots, float32 (n, dimension)."""
        return self._exact[slots].astype(np.float32)

    def cosines(self, query: Floats, slots: Ints) -> Floats:
        """Exact cosines, float32 (n,), of `query` with the rows in `slots`."""
        cosines: Floats = self.exact(slots) @ query
        if isinstance(self._exact, np.memmap):
            # The pages touched would count as the daemon's memory until the system wants them.
            self._exact._mmap.madvise(mmap.MADV_DONTNEED)  # type: ignore[attr-defined]
        return cosines


def quantise(vectors: Floats) -> NDArray[np.int8]:
    """int8 codes of unit vectors, each scaled so that its largest component is 127."""
    peak = np.abs(vectors).max(axis=1, keepdims=True)
    codes: NDArray[np.int8] = np.round(vectors * (127 / np.maximum(peak, 1e-12))).astype(np.int8)
    return codes


def remove(directory: Path) -> None:
    """Delete the vectors in `directory`; the store still has the commands."""
    for name in (IDS, CODES, EXACT, STAMP):
        (directory / name).unlink(missing_ok=True)


def _smallest(values: NDArray[np.floating], count: int) -> Ints:
    if count >= len(values):
        return np.arange(len(values))
    return np.argpartition(values, count)[:count]


def _check_stamp(path: Path, model_id: str, dimension: int) -> None:
    stamp = {"model": model_id, "dimension": dimension}
    try:
        found = json.loads(path.read_text())
    except FileNotFoundError:
        path.write_text(json.dumps(stamp))
        return
    except ValueError:
        found = {}
    if found != stamp:
        raise StaleVectors(
            f"Different embedding dimensions or model: the vectors in {path.parent} have "
            f"{found.get('dimension')} dimensions of model {str(found.get('model'))[:12]}, the "
            f"model in use has {dimension} of {model_id[:12]}; "
            "run python scripts/build_index.py --rebuild"
        )


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def _append(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
