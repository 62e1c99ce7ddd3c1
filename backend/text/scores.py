"""What a word of a query is worth in each row that has it, or nearly has it.

Of queries only how literal they are counts here. Scores are added to the arrays given.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from backend.query.parse import LITERAL
from backend.text import segment, typos
from backend.text.segment import Segment

Floats = npt.NDArray[np.float32]

# How much a word counts when it is there as typed, opens a longer one, lies inside one, or was
# typed with one or two errors.
EXACT, PREFIX, INNER, ERRORS = 1.0, 0.8, 0.6, (1.0, 0.65, 0.4)
# Up to this many rows, words are searched inside even where many rows have them whole.
# Where few have them, always.
SMALL, FEW = 50_000, 50
# BM25's length penalty, for commands of more words than the average.
LENGTH_PENALTY = 0.35


def add_word(
    parts: Sequence[Segment],
    word: bytes,
    weight: float,
    literalness: float,
    scores: Floats,
    covered: npt.NDArray[np.uint8],
) -> None:
    """Add to each row what one word of the query is worth in it."""
    found = [_rows_as_typed(part, word, literalness) for part in parts]
    if literalness >= LITERAL and _wants_pieces(found, word, len(scores)):
        for part, levels in zip(parts, found, strict=True):
            levels[INNER] = part.rows_of_each(part.inner(word))
    for errors in range(1, 1 + typos.tolerated(word) * (literalness >= LITERAL)):
        if any(len(rows) for levels in found for rows in levels.values()):
            break
        for part, levels in zip(parts, found, strict=True):
            levels[ERRORS[errors]] = part.rows_of_each(part.similar(word, errors))
    holders = sum(len(levels[EXACT]) for levels in found) or sum(
        len(rows) for levels in found for rows in levels.values()
    )
    rarity = _rarity(holders, len(scores))
    start = 0
    for part, levels in zip(parts, found, strict=True):
        end = start + len(part)
        _credit(levels, weight * rarity, scores[start:end], covered[start:end])
        start = end


def shorten(parts: Sequence[Segment], scores: Floats) -> None:
    """Let long commands score a little less: their words are there by chance more often."""
    average = sum(part.average_length * len(part) for part in parts) / max(1, len(scores))
    start = 0
    for part in parts:
        of_part = scores[start : start + len(part)]
        rows = np.flatnonzero(of_part > 0)
        long = part.lengths[rows].astype(np.float32) / np.float32(average)
        of_part[rows] /= 1 - LENGTH_PENALTY + LENGTH_PENALTY * np.sqrt(long)
        start += len(part)


def has(part: Segment, word: bytes) -> bool:
    """Whether some row of a part has the word whole."""
    number = part.number(word)
    return number < part.word_count and part.word(number) == word


def holding(parts: Sequence[Segment], word: bytes) -> npt.NDArray[np.int64]:
    """Rows that have the word whole."""
    rows = [np.zeros(0, np.int64)]
    start = 0
    for part in parts:
        if has(part, word):
            number = part.number(word)
            rows.append(part.rows_of(number, number + 1).astype(np.int64) + start)
        start += len(part)
    return np.concatenate(rows)


def _credit(
    levels: dict[float, segment.Ints],
    worth: float,
    scores: Floats,
    covered: npt.NDArray[np.uint8],
) -> None:
    """Add a word's worth to the rows that have it, each at its best level.

    Only the rows found are touched. Numpy adds once to a row that an index names twice.
    """
    before = {level: scores[rows] for level, rows in levels.items()}
    touched = np.concatenate(list(levels.values()))
    covered[touched] += 1
    for level in sorted(levels):
        scores[levels[level]] = before[level] + np.float32(worth * level)


def _rows_as_typed(part: Segment, word: bytes, literalness: float) -> dict[float, segment.Ints]:
    """Rows that have a word, or one that opens with it."""
    first, last = part.prefixed(word)
    exact = first < last and part.word(first) == word
    if len(word) == 1 and literalness < LITERAL:
        last = first + exact
    return {EXACT: part.rows_of(first, first + exact), PREFIX: part.rows_of(first + exact, last)}


def _wants_pieces(found: Sequence[dict[float, segment.Ints]], word: bytes, total: int) -> bool:
    """Whether to look inside words too: not where so much is found that it would only cost time."""
    rows = sum(len(rows) for levels in found for rows in levels.values())
    if word.isdigit():
        return not rows
    return rows < max(FEW, total / 8 if len(word) > 2 and total <= SMALL else 0)


def _rarity(holders: int, total: int) -> float:
    """BM25's inverse document frequency, never negative."""
    holders = min(holders, total)
    return float(np.log1p((total - holders + 0.5) / (holders + 0.5)))
