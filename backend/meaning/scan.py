"""The scan: int8 codes of unit vectors, and the rows whose codes are nearest to a query's.

All codes are read, some 28 MB a millisecond and thread. What reads fewer (bits in their place,
lists of like vectors, a graph) loses rows that sentences ask for, or takes as long:
docs/search-quality.md has the figures.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import simsimd
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Codes = NDArray[np.int8]

# Components of unit vectors beyond this are cut off in the codes: a few in a million.
PEAK = 0.25

SAMPLED = 8

# From so many rows on, two threads share a scan: one takes 14 µs for 1,000.
SHARED_ROWS = 30_000

# Where at most one row in so many is allowed, those are copied together and the others not read.
FEWER = 32


class Scan:
    """Compares a query with the codes of many rows. It has a thread of its own until `close`."""

    def __init__(self) -> None:
        self._second_thread = ThreadPoolExecutor(1, "scan")

    def close(self) -> None:
        self._second_thread.shutdown()

    def nearest(
        self, query: Floats, codes: Codes, count: int, allowed: NDArray[np.bool_] | None = None
    ) -> Ints:
        """The rows, ascending, at most `count`, whose codes, (n, dimension), are nearest to
        `query`, unit float32 (dimension,); of those for which `allowed`, (n,), is true.
        """
        if allowed is not None and np.count_nonzero(allowed) * FEWER <= len(codes):
            among = np.flatnonzero(allowed)
            return among[self.nearest(query, codes[among], count)]
        products = self._products(quantise(query[None]), codes)
        if allowed is not None:
            products[~allowed] = -np.inf
        rows = np.sort(_largest(products, count))
        return rows[np.isfinite(products[rows])]

    def cosines(self, query: Floats, codes: Codes) -> Floats:
        """Cosines of `query`, a unit vector, with every row, float32 (n,): off by some .005."""
        return self._products(quantise(query[None]), codes) * np.float32((PEAK / 127) ** 2)

    def _products(self, code: Codes, codes: Codes) -> Floats:
        """Products of `code`, (1, dimension), with every code: float32 (n,)."""
        if len(codes) < SHARED_ROWS:
            return _products(code, codes)
        half = len(codes) // 2
        second = self._second_thread.submit(_products, code, codes[half:])
        return np.concatenate([_products(code, codes[:half]), second.result()])


def _products(code: Codes, codes: Codes) -> Floats:
    if not len(codes):
        return np.empty(0, np.float32)
    # Not into an array of ours: with `out`, simsimd 6.5 gives back None without counting the
    # reference, and the interpreter dies after some thousands of scans.
    products = simsimd.cdist(code, codes, "dot", out_dtype="float32")
    return np.asarray(products).reshape(-1)


def quantise(vectors: Floats) -> Codes:
    """int8 codes of unit vectors. One scale for all, so that products order as cosines do."""
    codes: Codes = np.clip(np.round(vectors * (127 / PEAK)), -127, 127).astype(np.int8)
    return codes


def _largest(values: NDArray[np.floating], count: int) -> Ints:
    """Indices of the `count` largest values. A sample tells which are worth partitioning."""
    if count >= len(values):
        return np.arange(len(values))
    sample = values[::SAMPLED]
    if count >= len(sample):
        return np.argpartition(values, -count)[-count:]
    # At least `count` values are as large as the floor: those of the sample.
    high = np.flatnonzero(values >= np.partition(sample, -count)[-count])
    return high[np.argpartition(values[high], -count)[-count:]]
