"""What speaks for each candidate row, read from its text: fragments, phrases, likeness.

Parallel arrays, one entry a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from backend.query import words
from backend.query.parse import LITERAL, Query
from backend.text.index import TextIndex, TextMatch

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# Whole-text likeness is worth its time for the best text matches alone.
COMPARED = 150
# Below this literalness a query's chunks are not looked for one by one: it is a plain sentence.
SENTENCE = 0.1


@dataclass(frozen=True)
class Evidence:
    """Arrays of length c, one entry for each candidate row.

    lexical: float32, summed word scores, 0 and up. covered: uint8, query words found, of `words`.
    contained: float32 0..1, share of the query's fragments that stand in the text, whatever the
    case; 0 for plain sentences. cased: bool, all of them stand there in the case typed. quoted:
    bool, every phrase does, whatever the case. named: float32 0..1, share of the query's names in
    it. likeness: float32 0..1, the text as a whole against the query as a whole, 0 where not
    compared. opens: bool, the text opens with the query.
    """

    lexical: Floats
    covered: npt.NDArray[np.uint8]
    words: int
    contained: Floats
    cased: Mask
    quoted: Mask
    named: Floats
    likeness: Floats
    opens: Mask


def gather(
    query: Query, index: TextIndex, match: TextMatch, rows: npt.NDArray[np.int32]
) -> Evidence:
    """Read the candidate rows' texts; about 1 µs a row and fragment."""
    as_run = [index.data(row) for row in rows.tolist()]
    texts = [words.lower(text) for text in as_run]
    typed = words.lower(words.encode(query.text))
    lexical = match.scores[rows]
    contained, cased = _fragments(query, texts, as_run)
    return Evidence(
        lexical=lexical,
        covered=match.covered[rows],
        words=match.words,
        contained=contained,
        cased=cased,
        quoted=_contained([phrase.lower() for phrase in query.phrases], texts) == 1,
        named=_contained(query.names, texts),
        likeness=_likeness(query, typed, texts, lexical),
        opens=np.fromiter((text.startswith(typed) for text in texts), np.bool_, len(texts)),
    )


def _fragments(
    query: Query, texts: Sequence[bytes], as_run: Sequence[bytes]
) -> tuple[Floats, Mask]:
    """Share of the fragments in each text, and whether all are there in their own case."""
    cased = np.zeros(len(texts), np.bool_)
    if query.literalness < SENTENCE:
        return np.zeros(len(texts), np.float32), cased
    contained = _contained([fragment.lower() for fragment in query.fragments], texts)
    fragments = [words.encode(fragment) for fragment in query.fragments]
    for at in np.flatnonzero(contained == 1).tolist():
        cased[at] = all(fragment in as_run[at] for fragment in fragments)
    return contained, cased


def passes(query: Query, index: TextIndex, rows: npt.NDArray[np.int32]) -> Mask:
    """bool (c,): rows without a word that the query rules out."""
    return ~index.excluded(query)[rows] if query.excluded else np.ones(len(rows), np.bool_)


def _contained(pieces: Sequence[str], texts: Sequence[bytes]) -> Floats:
    """Share of the pieces that each text holds; 1 where there are none to hold."""
    if not pieces:
        return np.ones(len(texts), np.float32)
    held = np.zeros(len(texts), np.float32)
    for piece in map(words.encode, pieces):
        held += np.fromiter((piece in text for text in texts), np.bool_, len(texts))
    return held / np.float32(len(pieces))


def _likeness(query: Query, typed: bytes, texts: Sequence[bytes], lexical: Floats) -> Floats:
    """Whole against whole, for literal queries of some length: a command typed with errors."""
    found = np.zeros(len(texts), np.float32)
    if query.literalness < LITERAL or len(typed) < 3 or not texts:
        return found
    best = np.argsort(-lexical, kind="stable")[:COMPARED]
    compared = process.cdist(
        [typed], [texts[at] for at in best], scorer=OSA.normalized_similarity,
        dtype=np.float32, score_cutoff=0.5,
    )  # fmt: skip
    found[best] = compared[0]
    return found
