"""What speaks for each candidate row, read from its text: fragments, phrases, likeness.

Imports the text index and the query's shape; no sockets, no SQL. Parallel arrays, one entry a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from backend import words
from backend.query import Query
from backend.textindex import LITERAL, TextIndex, TextMatch

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# Whole-text likeness is worth its time for the best text matches alone.
COMPARED = 150


@dataclass(frozen=True)
class Evidence:
    """Arrays of length c, one entry for each candidate row.

    lexical: float32, summed word scores, 0 and up. covered: uint8, query words found, of `words`.
    contained: float32 0..1, share of the query's fragments that stand in the text, whatever the
    case. cased: bool, all of them stand there in the case typed. quoted: bool, every phrase does,
    whatever the case. likeness: float32 0..1, the text as a whole against the query as a whole, 0
    where not compared. opens: bool, the text opens with the query.
    """

    lexical: Floats
    covered: npt.NDArray[np.uint8]
    words: int
    contained: Floats
    cased: Mask
    quoted: Mask
    likeness: Floats
    opens: Mask


def gather(
    query: Query, index: TextIndex, match: TextMatch, rows: npt.NDArray[np.int32]
) -> Evidence:
    """Read the candidate rows' texts; about 1 µs a row and fragment."""
    as_run = [index.data(row) for row in rows.tolist()]
    texts = [words.lower(text) for text in as_run]
    fragments = [words.encode(fragment) for fragment in query.fragments]
    folded = [words.lower(fragment) for fragment in fragments]
    typed = words.lower(words.encode(query.text))
    lexical = match.scores[rows]
    return Evidence(
        lexical=lexical,
        covered=match.covered[rows],
        words=match.words,
        contained=_contained(folded, texts),
        cased=_contained(fragments, as_run) == 1,
        quoted=_contained([words.lower(words.encode(phrase)) for phrase in query.phrases], texts)
        == 1,
        likeness=_likeness(query, typed, texts, lexical),
        opens=np.fromiter((text.startswith(typed) for text in texts), np.bool_, len(texts)),
    )


def passes(query: Query, index: TextIndex, rows: npt.NDArray[np.int32]) -> Mask:
    """bool (c,): rows without a word that the query rules out."""
    return ~index.excluded(query)[rows] if query.excluded else np.ones(len(rows), np.bool_)


def _contained(pieces: Sequence[bytes], texts: Sequence[bytes]) -> Floats:
    """Share of the pieces that each text holds; 1 where there are none to hold."""
    if not pieces:
        return np.ones(len(texts), np.float32)
    held = np.zeros(len(texts), np.float32)
    for piece in pieces:
        held += np.fromiter((piece in text for text in texts), np.bool_, len(texts))
    return held / np.float32(len(pieces))


def _likeness(query: Query, typed: bytes, texts: Sequence[bytes], lexical: Floats) -> Floats:
    """Whole against whole, for literal queries of some length: a command typed with errors."""
    found = np.zeros(len(texts), np.float32)
    if query.literalness < LITERAL or len(typed) < 3 or not texts:
        return found
    best = np.argsort(-lexical, kind="stable")[:COMPARED]
    compared = process.cdist(
        [typed], [texts[place] for place in best], scorer=OSA.normalized_similarity,
        dtype=np.float32, score_cutoff=0.5,
    )  # fmt: skip
    found[best] = compared[0]
    return found
