"""The order of commands that hold what was typed: by how they hold it, then by need.

Meaning has no say among them. How much of this a query gets depends on how literal it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from backend.query import wordrates, words
from backend.query.parse import LITERAL, Query
from backend.text.containment import INSIDE, OPENS, WORD
from backend.text.index import TextIndex

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int32]

# Below the first a query is a sentence, from LITERAL on it is text to be found; between the two it
# turns from one into the other.
SENTENCE = 0.1
# A query this literal asks for text and for nothing else: what merely resembles it is left out
# where something holds it.
WORDLESS = 0.5
# Likelihoods that tell commands apart reach from this one to 1.
_LEAST = 1e-7
# The case typed decides among so many more than are asked for.
SPARE = 50


def share(query: Query) -> float:
    """0 for a sentence, 1 for text."""
    return min(1.0, max(0.0, (query.literalness - SENTENCE) / (LITERAL - SENTENCE)))


def is_in_words(query: Query) -> bool:
    """Whether it may be asked in words: several of them, or one that descriptions use."""
    return query.literalness < WORDLESS or any(map(wordrates.is_known, query.words))


def order(
    levels: npt.NDArray[np.uint8],
    pinned: npt.NDArray[np.bool_],
    likelihoods: Floats,
    most: int,
) -> Rows:
    """At most `most` rows that hold it, the best first; pinned ones before others that hold it
    alike. The arrays: one entry a row, (n,).
    """
    rows = np.flatnonzero(levels >= _least(levels, most))
    keys = worth(levels[rows], likelihoods[rows]) + pinned[rows]
    if len(rows) > most:
        best = np.argpartition(keys, len(rows) - most)[-most:]
        rows, keys = rows[best], keys[best]
    # Of two that are needed alike, the later one.
    return rows[np.lexsort((-rows, -keys))].astype(np.int32)


def _least(levels: npt.NDArray[np.uint8], most: int) -> int:
    """The lowest level of the best `most` rows."""
    for level in (OPENS, WORD):
        if np.count_nonzero(levels >= level) >= most:
            return level
    return INSIDE


def worth(levels: npt.NDArray[np.uint8], likelihoods: Floats) -> npt.NDArray[np.float64]:
    """The higher, the better a row is, pinned ones aside; the arrays are parallel."""
    grades = levels.astype(np.float64)
    return 2 * grades + np.minimum(likelihoods.astype(np.float64), 0.999)


def cased_first(query: Query, index: TextIndex, rows: Rows) -> Rows:
    """The rows that hold every fragment in the case typed before those that do not."""
    pieces = [words.encode(piece) for piece in (*query.fragments, *query.phrases)]
    cased = [_holds(index.noted(row), pieces) for row in rows.tolist()]
    return rows[np.argsort(~np.array(cased, np.bool_), kind="stable")]


def _holds(text: bytes, pieces: Sequence[bytes]) -> bool:
    return all(piece in text for piece in pieces)


def scaled(likelihoods: Floats) -> Floats:
    """0..1, on a scale where ten times as likely is always the same step."""
    logs = np.log(np.maximum(likelihoods, _LEAST)) / -np.log(_LEAST)
    within: Floats = np.clip(1 + logs, 0, 1).astype(np.float32)
    return within
