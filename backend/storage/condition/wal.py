"""Whether the write-ahead log is what SQLite wrote into it.

SQLite checks its frames only when it opens a store. A running one would copy a log that somebody
else has overwritten into the database, and lose what was sound there. Formats: "The WAL File
Format" and "WAL-mode File Format" of SQLite's documentation.
"""

import functools
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.storage.condition import peek

HEADER_BYTES, FRAME_HEADER_BYTES = 32, 24
_INDEX = struct.Struct("=16xII2I")  # mxFrame, nPage, aFrameCksum
_BACKFILLED_AT = 96
_INDEX_BYTES = 100

# Frames whose sums are made in one go.
LOT = 128


def pending(store: Path) -> int:
    """Frames of the log of the open store at `store` that are not in the database yet."""
    index = _index(store)
    return 0 if index is None else index[0] - index[1]


def is_sound(store: Path) -> bool:
    """Whether all of the log that is not in the database yet is as it was written.

    The caller holds every writer still. About 5 ms for 1,000 pages.
    """
    index = _index(store)
    if index is None:
        return False
    frames, backfilled, expected = index
    if frames <= backfilled:
        return True
    try:
        return _sums(store.with_name(f"{store.name}-wal"), frames) == expected
    except (OSError, ValueError):
        return False


def _index(store: Path) -> tuple[int, int, tuple[int, int]] | None:
    """Frames of the log, those of them that are in the database, and the sums up to the last."""
    try:
        data = peek.read(store.with_name(f"{store.name}-shm"), _INDEX_BYTES)
        frames, _, first, second = _INDEX.unpack_from(data)
        (backfilled,) = struct.unpack_from("=I", data, _BACKFILLED_AT)
    except (OSError, struct.error):
        return None
    return frames, backfilled, (first, second)


def _sums(log: Path, frames: int) -> tuple[int, int]:
    """The running sums of a log behind its first `frames` frames. ValueError: it is cut off."""
    with log.open("rb") as file:
        header = file.read(HEADER_BYTES)
        if len(header) < HEADER_BYTES:
            raise ValueError("no header")
        magic, _, page_bytes, *_, first, second = struct.unpack(">8I", header)
        if not 512 <= page_bytes <= 65536:
            raise ValueError("no page size")
        kind = np.dtype(">u4" if magic & 1 else "<u4")
        width = FRAME_HEADER_BYTES + page_bytes
        weights, step = _weights((8 + page_bytes) // 8)
        for start in range(0, frames, LOT):
            count = min(LOT, frames - start)
            data = np.frombuffer(file.read(count * width), np.uint8).reshape(count, width)
            # Summed up are the first 8 bytes of a frame's header and its page.
            summed = np.concatenate([data[:, :8], data[:, FRAME_HEADER_BYTES:]], axis=1)
            added = summed.view(kind).astype(np.uint64) @ weights
            for more, and_more in added.tolist():
                first, second = (
                    (step[0] * first + step[1] * second + more) & 0xFFFFFFFF,
                    (step[1] * first + step[2] * second + and_more) & 0xFFFFFFFF,
                )
    return first, second


@functools.lru_cache
def _weights(pairs: int) -> tuple[NDArray[np.uint64], tuple[int, int, int]]:
    """What each of the words x, y of a frame adds to the sums, uint64 (2 * pairs, 2), and what
    the sums before it become, a symmetric matrix.

    SQLite does, for each pair: first += x + second; second += y + first.
    """
    rows: list[tuple[int, int]] = []
    power = (1, 0, 1)
    for _ in range(pairs):
        one, both, other = power
        rows += [(both, other), (one + both, both + other)]
        power = (
            (one + both) & 0xFFFFFFFF,
            (both + other) & 0xFFFFFFFF,
            (both + 2 * other) & 0xFFFFFFFF,
        )
    return np.array(rows[::-1], np.uint64), power
