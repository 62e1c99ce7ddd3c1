"""Why a row was found, in a few true words: "meaning .62 · both words · this repository".

Imports the shapes of query, evidence and context; nothing else.
"""

from __future__ import annotations

from backend.query.parse import LITERAL, Query
from backend.ranking.evidence import Evidence
from backend.ranking.preference import Context

# From here on a cosine says something about what a command does.
TELLING = 0.25


def reason(
    query: Query, cosine: float | None, evidence: Evidence, place: int, context: Context | None
) -> str:
    """One line for the row at `place` among the candidates; may be empty."""
    told = []
    if cosine is not None and cosine >= TELLING:
        told.append(f"meaning {cosine:.2f}".replace("0.", ".", 1))
    told.append(_of_text(query, evidence, place))
    told.extend(_of_context(context, place))
    return " · ".join(filter(None, told))


def _of_text(query: Query, evidence: Evidence, place: int) -> str:
    count = len(query.fragments)
    if query.phrases and evidence.quoted[place]:
        return "exact text"
    if count and evidence.contained[place] == 1:
        return {1: "as typed", 2: "both words"}.get(count, f"all {count} words")
    if evidence.likeness[place] >= 0.8:
        return "nearly as typed"
    if query.literalness < LITERAL and query.names and evidence.named[place] == 1:
        return f"has {_short(query.names[0])}" if len(query.names) == 1 else "has all names"
    found = int(evidence.covered[place])
    if not found:
        return ""
    if evidence.words == 1:
        return "similar word"
    return f"{found} of {evidence.words} words"


def _short(name: str) -> str:
    return name if len(name) <= 20 else f"{name[:19]}…"


def _of_context(context: Context | None, place: int) -> list[str]:
    if context is None:
        return []
    told = []
    if context.here is not None and context.here[place]:
        told.append("this directory")
    elif context.repo is not None and context.repo[place]:
        told.append("this repository")
    if context.session is not None and context.session[place]:
        told.append("this session")
    if context.follows is not None and context.follows[place] >= 0.3:
        told.append("often next")
    told.extend(_of_runs(context, place))
    return told


def _of_runs(context: Context, place: int) -> list[str]:
    """How often it worked, where that is known."""
    if context.ok_runs is None or context.failed_runs is None:
        return []
    worked, failed = int(context.ok_runs[place]), int(context.failed_runs[place])
    if worked + failed == 0:
        return []
    if worked == 0:
        return ["failed" if failed == 1 else f"failed {failed} times"]
    return [f"worked {worked} of {worked + failed}"] if worked + failed > 1 else []
