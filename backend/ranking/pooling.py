"""How well groups of commands match, out of how well each command does.

One that matches well says much, several that match say more, and what is in every group says
little: the log of a weighted sum of exponentials.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.query.parse import Query

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]

# How much better the best one of a group counts than the rest, and the worth of words beside a
# cosine; chosen on the development half of tests/data/episodes: docs/search-quality.md.
SHARPNESS = 15.0
LEXICAL_SENTENCE, LEXICAL_LITERAL = 0.1, 0.4
# A command whose words are worth less than this in sum has less than full text evidence.
ENOUGH = 9.0


def matches(query: Query, cosines: Floats | None, words: Floats) -> Floats:
    """How well each command matches, float32 (n,). cosines: nan where a command has no vector yet.
    words: what the words of the query are worth in each.
    """
    lexical = words / max(float(words.max(initial=0.0)), ENOUGH)
    if cosines is None:
        return lexical
    literal = query.literalness
    worth = np.float32(LEXICAL_SENTENCE + (LEXICAL_LITERAL - LEXICAL_SENTENCE) * literal)
    unknown = np.isnan(cosines)
    middle = 0.0 if unknown.all() else float(np.nanmean(cosines))
    found: Floats = np.where(unknown, np.float32(middle), cosines) + worth * lexical
    return found


def contributions(matching: Floats, worths: Floats) -> Floats:
    """What each command adds to a group that holds it, float32 (n,), 0 and up; 0 for one that does
    not match at all.
    """
    added: Floats = worths * np.expm1(np.float32(SHARPNESS) * np.maximum(matching, 0))
    return added


@dataclass(frozen=True)
class Groups:
    """In which groups candidates stand. at, groups: parallel int32, a candidate's place and the
    number of a group that holds it. worths: float32 (c,), as for `contributions`.
    """

    at: Rows
    groups: Rows
    worths: Floats

    def best(self, matching: Floats) -> Floats:
        """The score of the best group that holds each candidate, float32 (c,), 0 where none does.
        matching: float32 (c,), how well each matches.
        """
        best = np.zeros(len(matching), np.float32)
        if len(self.at):
            added = contributions(matching, self.worths)
            names, numbers = np.unique(self.groups, return_inverse=True)
            scores = pooled(added, self.at, numbers.astype(np.int32), len(names))
            np.maximum.at(best, self.at, scores[numbers])
        return best


def pooled(added: Floats, rows: Rows, groups: Rows, count: int) -> Floats:
    """The score of each of `count` groups, float32 (count,): 0 where nothing matches. rows, groups:
    parallel, each command of each group once.
    """
    sums = np.bincount(groups, added[rows], count)
    scores: Floats = (np.log1p(sums) / SHARPNESS).astype(np.float32)
    return scores
