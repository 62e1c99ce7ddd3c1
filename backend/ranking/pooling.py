"""How well groups of commands match, out of how well each command does.

One that matches well says much, several that match say more, and what is in every group says
little: the log of a weighted sum of exponentials.
"""

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


def pooled(added: Floats, rows: Rows, groups: Rows, count: int) -> Floats:
    """The score of each of `count` groups, float32 (count,): 0 where nothing matches. rows, groups:
    parallel, each command of each group once.
    """
    sums = np.bincount(groups, added[rows], count)
    scores: Floats = (np.log1p(sums) / SHARPNESS).astype(np.float32)
    return scores
