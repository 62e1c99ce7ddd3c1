"""One ranking out of meaning, text and context, with the reasons for each row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backend.query.parse import LITERAL, Query
from backend.ranking.evidence import Evidence
from backend.ranking.preference import Context as Context  # part of this module's interface
from backend.ranking.preference import bonus
from backend.ranking.reasons import reason

Floats = npt.NDArray[np.float32]

# Worth of text beside a cosine in 0..1, chosen on the development half of the evaluation data and
# checked on other sets: docs/search-quality.md.
LEXICAL_SENTENCE, LEXICAL_LITERAL = 0.2, 0.4
# A row whose words are worth less than this in sum has less than full text evidence.
ENOUGH = 9.0
COMPLETE, CASED, PARTLY = 1.0, 0.5, 0.5
LIKENESS = 2.0
LIKE_FROM = 0.6
OPENS = 0.1
# What a sentence names outright stands in the right command most of the time.
NAMED = 0.25
# Nothing is near where the best cosine is below NEAR, by so much more if the query is literal (and
# again if no row has any of its words), and no text evidence is strong: found from queries that
# have an answer and some that have none.
NEAR, NEAR_LITERAL, NEAR_UNKNOWN, STRONG_TEXT = 0.28, 0.22, 0.35, 0.6
NOTHING_CLOSE = "nothing close; the nearest:"


@dataclass(frozen=True)
class Hit:
    """A row found. meaning: cosine; text: 0..1; None where it was not looked at."""

    row: int
    score: float
    meaning: float | None
    text: float | None
    why: str


@dataclass(frozen=True)
class Ranking:
    hits: list[Hit]
    note: str | None


def rank(
    query: Query,
    rows: npt.NDArray[np.int32],
    cosines: Floats | None,
    evidence: Evidence,
    context: Context | None = None,
    *,
    now: float | None = None,
    limit: int = 50,
) -> Ranking:
    """The best rows first, at most `limit`.

    cosines: float32 (c,), nan where a row has no vector yet; None searches by text alone.
    """
    relevance, lexical = relevances(query, cosines, evidence)
    scores = relevance + bonus(context, len(rows), now)
    order = np.lexsort((-rows, -scores))
    if query.phrases and query.literalness >= LITERAL and evidence.quoted.any():
        order = order[evidence.quoted[order]]
    order = order[:limit]
    hits = []
    for at in order.tolist():
        cosine = _known(cosines, at)
        hits.append(
            Hit(
                row=int(rows[at]),
                score=float(scores[at]),
                meaning=cosine,
                text=float(lexical[at]),
                why=reason(query, cosine, evidence, at, context),
            )
        )
    near = not hits or _is_near(query, cosines, evidence, lexical)
    return Ranking(hits, None if near else NOTHING_CLOSE)


def relevances(query: Query, cosines: Floats | None, evidence: Evidence) -> tuple[Floats, Floats]:
    """(score without context, text score 0..1), float32 (c,) each."""
    literal = query.literalness
    lexical = evidence.lexical / max(float(evidence.lexical.max(initial=0.0)), ENOUGH)
    score = (LEXICAL_SENTENCE + (LEXICAL_LITERAL - LEXICAL_SENTENCE) * literal) * lexical
    if cosines is not None:
        # A row that is not embedded yet is neither near nor far.
        middle = 0.0 if np.isnan(cosines).all() else float(np.nanmedian(cosines))
        score = score + np.nan_to_num(cosines, nan=middle)
    complete = (evidence.contained == 1) & evidence.quoted
    exact = COMPLETE * complete + CASED * (complete & evidence.cased) + PARTLY * evidence.contained
    score = score + literal * exact
    score = score + LIKENESS * literal * np.maximum(evidence.likeness - LIKE_FROM, 0)
    score = score + OPENS * literal * evidence.opens
    if query.names:
        score = score + NAMED * (1 - literal) * evidence.named
    return score.astype(np.float32), lexical


def _known(cosines: Floats | None, at: int) -> float | None:
    if cosines is None or np.isnan(cosines[at]):
        return None
    return float(cosines[at])


def _is_near(query: Query, cosines: Floats | None, evidence: Evidence, lexical: Floats) -> bool:
    """Whether some candidate, of at least one, is near what was asked, by text or by meaning."""
    if evidence.contained.max() == 1 or evidence.likeness.max() >= LIKE_FROM:
        return True
    if cosines is None or np.isnan(cosines).all():
        return bool(evidence.covered.max() * 2 >= max(1, evidence.words))
    if lexical.max() >= STRONG_TEXT:
        return True
    more = NEAR_LITERAL if evidence.covered.any() else NEAR_UNKNOWN
    return bool(np.nanmax(cosines) >= NEAR + more * query.literalness)
