"""The vectors of commands, on disk: a cache of the store that can be made again.

Three files grow together: codes (int8, memory-mapped, scanned whole), exact (float16, read only for
the rows that a scan brought up) and rows (the command of each row, checksums of its codes and its
exact vector, and a digest of the text that it was made of), which is written last and so commits
the row. A stamp says which model they are of.
"""

import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.meaning import stamp
from backend.meaning.scan import Scan, quantise
from backend.meaning.stamp import STAMP
from backend.system import memory

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Digests = NDArray[np.uint32]

CODES, EXACT, ROWS = "codes.i8", "exact.f16", "rows"

# Raised when the files' form changes; those of another form are made anew.
FORMAT = 4

_ROW = np.dtype([("id", "<i8"), ("codes", "<u8"), ("exact", "<u8"), ("text", "<u4")])

# The command of a row that is being written over, all of whose bytes are 0xff: none.
TORN = -1

# Rows whose checksums are looked at in one go when the files are opened.
CHECKED_ROWS = 8192

# 2^64 divided by the golden ratio, odd: spreads the weights of the checksums.
_GOLDEN = 0x9E3779B97F4A7C15

# A scan of the codes brings up the rows asked for and this many more; their exact vectors then
# decide. Measured by scripts/bench.py as recall@10 against an exact scan.
SPARE = 50


class DamagedVectors(Exception):
    """A vector on disk is not as it was written."""


class Vectors:
    """Unit vectors of one model, in the order they were added. A row's index is its slot.

    Raises StaleVectors if the directory holds vectors of another model, and DamagedVectors if
    codes or rows are not as they were written; of exact vectors that shows when they are read.
    """

    def __init__(self, directory: Path, model_id: str, dimension: int) -> None:
        self.dimension = dimension
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._of = {"model": model_id, "dimension": dimension, "format": FORMAT}
        self.words = stamp.check(directory, self._of)
        self._directory = directory
        self._files = {name: _open(directory / name) for name in (CODES, EXACT, ROWS)}
        try:
            self._drop_torn_rows()
            self._rows = np.fromfile(directory / ROWS, _ROW)
            self.blank(TORN)
            self._check_codes()
        except BaseException:
            self._close_files()
            raise
        self._codes = self._map()
        self._scan = Scan()

    @property
    def ids(self) -> Ints:
        """The command of each row, int64 (n,)."""
        return self._rows["id"]

    @property
    def texts(self) -> Digests:
        """A digest of what each row was made of, uint32 (n,); 0 where that is unknown."""
        return self._rows["text"]

    def compared(self, words: str) -> None:
        """Every row is made of the text that its command has by `words`: note that."""
        stamp.write(self._directory, {**self._of, "words": words})
        self.words = words

    def drop(self, ids: Iterable[int]) -> None:
        """Remove the rows of these commands from the files, and what they held from the disk."""
        keep = np.flatnonzero(~np.isin(self.ids, np.fromiter(ids, np.int64)))
        kept_ids, kept, texts = self.ids[keep], self.exact(keep), self.texts[keep]
        # Emptied first, rows before the rest: a crash on the way leaves rows to be made again.
        for name in (ROWS, EXACT, CODES):
            os.ftruncate(self._files[name], 0)
        self._rows = self._rows[:0]
        self._codes = self._map()
        self.add(kept_ids, kept, texts)

    def blank(self, id: int) -> None:
        """Wipe the rows of this command where they are: they belong to none then. `drop` would
        write all others anew. After a crash on the way the vectors are damaged, and made again.
        """
        empty = np.zeros((1, self.dimension), np.float32)
        for slot in np.flatnonzero(self.ids == id).tolist():
            self._rows[slot : slot + 1] = self._write_at(slot, [0], empty, None)

    def replace(self, slots: Ints, vectors: Floats, texts: Digests) -> None:
        """Write other vectors of the same commands in their places. One that a crash cuts short is
        no command's any more, and is made again.
        """
        for at, slot in enumerate(slots.tolist()):
            ids, one = self.ids[slot : slot + 1].copy(), slice(at, at + 1)
            _write(self._files[ROWS], b"\xff" * _ROW.itemsize, slot * _ROW.itemsize)
            self._rows[slot : slot + 1] = self._write_at(slot, ids, vectors[one], texts[one])

    def _drop_torn_rows(self) -> None:
        """A row counts when all three files hold it; a crash may leave some longer."""
        widths = self._widths()
        rows = min(os.fstat(self._files[name]).st_size // widths[name] for name in widths)
        for name, width in widths.items():
            os.ftruncate(self._files[name], rows * width)

    def _widths(self) -> dict[str, int]:
        """Bytes a row, by file."""
        return {CODES: self.dimension, EXACT: 2 * self.dimension, ROWS: _ROW.itemsize}

    def _check_codes(self) -> None:
        """Read in pieces, not mapped: pages touched would count as the daemon's memory."""
        for first in range(0, len(self._rows), CHECKED_ROWS):
            rows = self._rows[first : first + CHECKED_ROWS]
            size = len(rows) * self.dimension
            data = os.pread(self._files[CODES], size, first * self.dimension)
            codes = np.frombuffer(data, np.int8).reshape(-1, self.dimension)
            if not np.array_equal(checksums(codes, rows["id"]), rows["codes"]):
                raise DamagedVectors(f"the vectors in {self._directory} are damaged")

    def _map(self) -> NDArray[np.int8]:
        shape = len(self._rows), self.dimension
        if not len(self._rows):
            return np.empty(shape, np.int8)
        return np.memmap(self._directory / CODES, np.int8, "r", shape=shape)

    def __len__(self) -> int:
        return len(self._rows)

    def close(self) -> None:
        self._scan.close()
        self._close_files()

    def _close_files(self) -> None:
        for file in self._files.values():
            os.close(file)

    def add(self, ids: Iterable[int], vectors: Floats, texts: Digests | None = None) -> None:
        """Append `vectors`, unit float32 (n, dimension), of the commands `ids`, which were made of
        `texts`, uint32 (n,).

        Raises OSError on a full disk; nothing is added then.
        """
        # At its offset, not at the end: what a failed write left is written over.
        added = self._write_at(len(self), ids, vectors, texts)
        self._rows = np.concatenate([self._rows, added])
        self._codes = self._map()

    def _write_at(
        self, slot: int, ids: Iterable[int], vectors: Floats, texts: Digests | None
    ) -> NDArray[np.void]:
        """Write vectors into the files from a slot on; their rows, _ROW (n,)."""
        codes, exact = quantise(vectors), vectors.astype(np.float16)
        made = np.empty(len(vectors), _ROW)
        made["id"] = np.fromiter(ids, np.int64)
        made["codes"] = checksums(codes, made["id"])
        made["exact"] = checksums(exact, made["id"])
        made["text"] = 0 if texts is None else texts
        for name, data in ((CODES, codes), (EXACT, exact), (ROWS, made)):
            _write(self._files[name], data.tobytes(), slot * self._widths()[name])
        return made

    def search(
        self, query: Floats, count: int, allowed: NDArray[np.bool_] | None = None
    ) -> tuple[Ints, Floats]:
        """Slots and cosines of the `count` rows nearest to `query`, unit float32 (dimension,).

        Nearest first; only slots for which `allowed`, of one bool a slot, is true.
        """
        slots = self._scan.nearest(query, self._codes, count + SPARE, allowed)
        cosines = self.cosines(query, slots)
        order = np.argsort(-cosines, kind="stable")[:count]
        return slots[order], cosines[order]

    def roughly(self, query: Floats) -> Floats:
        """Cosines of `query`, a unit vector, with every row, float32 (n,): off by some .005."""
        return self._scan.cosines(query, self._codes)

    def exact(self, slots: Ints) -> Floats:
        """The vectors in these slots, float32 (n, dimension). Raises DamagedVectors."""
        # Read, not mapped: each row of a mapped file would bring in pages of its own, more slowly.
        width, file = 2 * self.dimension, self._files[EXACT]
        data = b"".join(os.pread(file, width, slot * width) for slot in slots.tolist())
        rows = self._rows[slots]
        if len(data) == width * len(rows):
            exact = np.frombuffer(data, np.float16).reshape(-1, self.dimension)
            if np.array_equal(checksums(exact, rows["id"]), rows["exact"]):
                return exact.astype(np.float32)
        raise DamagedVectors(f"the vectors in {self._directory} are damaged")

    def cosines(self, query: Floats, slots: Ints) -> Floats:
        """Exact cosines, float32 (n,), of `query` with the rows in `slots`."""
        cosines: Floats = self.exact(slots) @ query
        return cosines

    def give_back_pages(self) -> None:
        """Let go of the codes that scans have brought into memory. To have them again costs the
        next scan milliseconds, so this is for when nobody searches.
        """
        if isinstance(self._codes, np.memmap):
            memory.give_back_pages(self._codes._mmap)  # type: ignore[attr-defined]


def checksums(rows: NDArray[np.generic], ids: Ints) -> NDArray[np.uint64]:
    """One number a row, (n,), of its bytes and its command's id. A row of zeros is not 0.

    A weighted sum of 64-bit words: with odd weights, a change of one word always shows.
    """
    octets = np.ascontiguousarray(rows).view(np.uint8)
    if octets.shape[1] % 8:
        octets = np.pad(octets, ((0, 0), (0, -octets.shape[1] % 8)))
    words = octets.view(np.uint64)
    weights = (2 * np.arange(words.shape[1] + 1, dtype=np.uint64) + 1) * np.uint64(_GOLDEN)
    sums: NDArray[np.uint64] = words @ weights[1:] + ids.astype(np.uint64) * weights[0]
    return sums + np.uint64(1)


def remove(directory: Path) -> None:
    """Delete the vectors in `directory`; the store still has the commands."""
    for name in (ROWS, CODES, EXACT, STAMP):
        (directory / name).unlink(missing_ok=True)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _write(file: int, data: bytes, offset: int) -> None:
    while data:
        written = os.pwrite(file, data, offset)
        data, offset = data[written:], offset + written
