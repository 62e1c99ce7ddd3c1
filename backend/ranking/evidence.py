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
    case; 0 for plain sentences. quoted: bool, every phrase stands there, whatever the case. named:
    float32 0..1, share of the query's names in it. likeness: float32 0..1, the text as a whole
    against the query as a whole, 0 where not compared. noted: bool, a word of the query is in the
    user's note about it. A note's text counts as the command's, but not for likeness.
    """

    lexical: Floats
    covered: npt.NDArray[np.uint8]
    words: int
    contained: Floats
    quoted: Mask
    named: Floats
    likeness: Floats
    noted: Mask


def gather(
    query: Query, index: TextIndex, match: TextMatch, rows: npt.NDArray[np.int32]
) -> Evidence:
    """Read the candidate rows' texts; about 1 µs a row and fragment."""
    commands = [words.lower(index.data(row)) for row in rows.tolist()]
    texts = commands
    if index.has_notes:
        texts = [words.lower(index.noted(row)) for row in rows.tolist()]
    typed = words.lower(words.encode(query.text))
    lexical = match.scores[rows]
    return Evidence(
        lexical=lexical,
        covered=match.covered[rows],
        words=match.words,
        contained=_fragments(query, texts),
        quoted=_contained([phrase.lower() for phrase in query.phrases], texts) == 1,
        named=_contained(query.names, texts),
        likeness=_likeness(query, typed, commands, lexical),
        noted=np.isin(rows, match.noted),
    )


def _fragments(query: Query, texts: Sequence[bytes]) -> Floats:
    """Share of the fragments in each text."""
    if query.literalness < SENTENCE:
        return np.zeros(len(texts), np.float32)
    return _contained([fragment.lower() for fragment in query.fragments], texts)


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
    found[best] = likeness(typed, [texts[at] for at in best])
    return found


def likeness(typed: bytes, texts: Sequence[bytes]) -> Floats:
    """Each whole text against the whole of what was typed, both in lower case: 0..1, (c,)."""
    scorer = OSA.normalized_similarity
    compared = process.cdist([typed], texts, scorer=scorer, dtype=np.float32, score_cutoff=0.5)
    alike: Floats = compared[0]
    return alike
