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
# A group stands out that is so much better than the best command alone, and than the next group:
# chosen there, and on questions that no group answers.
ABOVE_LINES, ABOVE = 0.06, 0.06
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

    def pooled(self, matching: Floats) -> "Pooled":
        """What the candidates of each group add up to. matching: float32 (c,), how well each
        matches.
        """
        added = contributions(matching, self.worths)
        names, places = np.unique(self.groups, return_inverse=True)
        of = places.astype(np.int32)
        return Pooled(self.at, names, of, added, pooled(added, self.at, of, len(names)))


@dataclass(frozen=True)
class Pooled:
    """Groups with their scores. names: int32 (g,), the numbers of the groups; scores: float32 (g,);
    at, of: parallel int32, a candidate's place and that of a group which holds it; added: float32
    (c,), what each candidate adds.
    """

    at: Rows
    names: Rows
    of: Rows
    added: Floats
    scores: Floats

    def best(self) -> Floats:
        """The score of the best group that holds each candidate, float32 (c,), 0 for none."""
        best = np.zeros(len(self.added), np.float32)
        np.maximum.at(best, self.at, self.scores[self.of])
        return best

    def outstanding(self) -> int | None:
        """The number of the group that is far better than every candidate by itself, and than the
        next best group; None if there is none.
        """
        if not len(self.scores):
            return None
        first = int(self.scores.argmax())
        others = np.delete(self.scores, first).max(initial=0.0)
        alone = np.log1p(self.added.max()) / SHARPNESS
        far = self.scores[first] - alone >= ABOVE_LINES and self.scores[first] - others >= ABOVE
        return int(self.names[first]) if far else None


def pooled(added: Floats, rows: Rows, groups: Rows, count: int) -> Floats:
    """The score of each of `count` groups, float32 (count,): 0 where nothing matches. rows, groups:
    parallel, each command of each group once.
    """
    sums = np.bincount(groups, added[rows], count)
    scores: Floats = (np.log1p(sums) / SHARPNESS).astype(np.float32)
    return scores
