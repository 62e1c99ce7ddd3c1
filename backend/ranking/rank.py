"""One ranking out of meaning, text and context, with the reasons for each row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backend.query.parse import LITERAL, Query
from backend.ranking import typed
from backend.ranking.evidence import Evidence
from backend.ranking.pooling import Groups
from backend.ranking.preference import bonus
from backend.ranking.reasons import of_match

Floats = npt.NDArray[np.float32]

# Worth of text beside a cosine in 0..1, chosen on the development half of the evaluation data and
# checked on other sets: docs/search-quality.md.
LEXICAL_SENTENCE, LEXICAL_LITERAL = 0.2, 0.4
# A row whose words are worth less than this in sum has less than full text evidence.
ENOUGH = 9.0
PARTLY = 0.5
LIKENESS = 2.0
LIKE_FROM = 0.6
# What a sentence names outright stands in the right command most of the time.
NAMED = 0.25
# What is told about a command in the very words of a sentence.
TOLD = 0.1
# What stands in an episode that a sentence asks for.
TOGETHER = 0.2
# Nothing is near where the best cosine is below NEAR, by so much more if the query is literal (and
# again if no row has any of its words), and no text evidence is strong: found from queries that
# have an answer and some that have none.
NEAR, NEAR_LITERAL, NEAR_UNKNOWN, STRONG_TEXT = 0.28, 0.22, 0.35, 0.6


# What holds all that was typed stands above what resembles it, which stays below this.
RESEMBLES_BELOW = 2.0


@dataclass(frozen=True)
class Candidates:
    """Parallel arrays of length c.

    rows: int32. cosines: float32, nan where a row has no vector yet; None searches by text alone.
    levels: uint8, how the row holds what was typed (text.containment). likelihoods: float32, how
    likely it is needed. pinned: bool, by the user. episodes: those that hold the rows, if they are
    known. told: float32 0..1, share of a sentence that is told about the row, if it was asked.
    """

    rows: npt.NDArray[np.int32]
    cosines: Floats | None
    evidence: Evidence
    levels: npt.NDArray[np.uint8]
    likelihoods: Floats
    pinned: npt.NDArray[np.bool_]
    episodes: Groups | None = None
    told: Floats | None = None


@dataclass(frozen=True)
class Hit:
    """A row found. meaning: cosine; text: 0..1; None where it was not looked at. level: how the
    row holds what was typed. why: what of the query speaks for it, in a few words.
    """

    row: int
    score: float
    meaning: float | None
    text: float | None
    level: int
    why: str


@dataclass(frozen=True)
class Ranking:
    """hits: best first. near: whether any of them is near what was asked. episode: the number of
    one that answers a sentence far better than any of them.
    """

    hits: list[Hit]
    near: bool
    episode: int | None = None


def rank(query: Query, found: Candidates, limit: int = 50) -> Ranking:
    """The best rows first, at most `limit`. Of a name that nobody knows, none that are not near."""
    relevance, lexical = relevances(query, found.cosines, found.evidence)
    if found.told is not None:
        relevance = relevance + np.float32(TOLD * (1 - query.literalness)) * found.told
    held = found.levels > 0
    near = bool(held.any()) or is_near(query, found.cosines, found.evidence, lexical)
    if not near and not found.evidence.covered.any() and not typed.is_in_words(query):
        return Ranking([], False)
    alike = relevance + bonus(found.likelihoods, found.pinned)
    episode = None
    if found.episodes is not None and query.literalness < LITERAL:
        groups = found.episodes.pooled(relevance)
        alike = alike + TOGETHER * np.minimum(groups.best(), 1)
        # Words alone have no measure of what is far better.
        episode = groups.outstanding() if near and found.cosines is not None else None
    part = np.float32(typed.share(query)) * held
    scores = (1 - part) * squashed(alike) + part * held_score(found.levels, found.likelihoods)
    order = np.lexsort((-found.rows, -scores))
    quoted = found.evidence.quoted
    if query.phrases and query.literalness >= LITERAL and quoted.any():
        order = order[quoted[order]]
    hits = [
        Hit(
            row=int(found.rows[at]),
            score=float(scores[at]),
            meaning=_known(found.cosines, at),
            text=float(lexical[at]),
            level=int(found.levels[at]),
            why=of_match(query, _known(found.cosines, at), found.evidence, at),
        )
        for at in order[:limit].tolist()
    ]
    return Ranking(hits, near, episode)


def held_score(levels: npt.NDArray[np.uint8], likelihoods: Floats) -> Floats:
    """Worth of rows that hold what was typed: above RESEMBLES_BELOW, by level, then by need."""
    return RESEMBLES_BELOW + levels + typed.scaled(likelihoods)


def squashed(relevance: Floats) -> Floats:
    """The same order, below RESEMBLES_BELOW."""
    least = np.maximum(relevance, 0)
    above: Floats = RESEMBLES_BELOW * least / (1 + least)
    return np.where(relevance < 0, relevance, above).astype(np.float32)


def relevances(query: Query, cosines: Floats | None, evidence: Evidence) -> tuple[Floats, Floats]:
    """(score without need, text score 0..1), float32 (c,) each."""
    literal = query.literalness
    lexical = evidence.lexical / max(float(evidence.lexical.max(initial=0.0)), ENOUGH)
    score = (LEXICAL_SENTENCE + (LEXICAL_LITERAL - LEXICAL_SENTENCE) * literal) * lexical
    if cosines is not None:
        score = score + _filled(cosines)
    score = score + literal * PARTLY * evidence.contained
    score = score + LIKENESS * literal * np.maximum(evidence.likeness - LIKE_FROM, 0)
    if query.names:
        score = score + NAMED * (1 - literal) * evidence.named
    return score.astype(np.float32), lexical


def _filled(cosines: Floats) -> Floats:
    """A row that is not embedded yet is neither near nor far."""
    missing = np.isnan(cosines)
    if not missing.any():
        return cosines
    middle = 0.0 if missing.all() else float(np.nanmedian(cosines))
    return np.where(missing, np.float32(middle), cosines)


def _known(cosines: Floats | None, at: int) -> float | None:
    if cosines is None or np.isnan(cosines[at]):
        return None
    return float(cosines[at])


def is_near(query: Query, cosines: Floats | None, evidence: Evidence, lexical: Floats) -> bool:
    """Whether some candidate is near what was asked, by text or by meaning."""
    if not len(lexical):
        return False
    if evidence.contained.max() == 1 or evidence.likeness.max() >= LIKE_FROM:
        return True
    if cosines is None or np.isnan(cosines).all():
        return bool(evidence.covered.max() * 2 >= max(1, evidence.words))
    if lexical.max() >= STRONG_TEXT:
        return True
    more = NEAR_LITERAL if evidence.covered.any() else NEAR_UNKNOWN
    return bool(np.nanmax(cosines) >= NEAR + more * query.literalness)
