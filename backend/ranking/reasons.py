"""Why a row was found, in a few true words: "meaning .62 · both words · this repository"."""

from __future__ import annotations

import time

from backend.query.parse import LITERAL, Query
from backend.ranking.evidence import Evidence
from backend.ranking.preference import Context

# From here on a cosine says something about what a command does.
TELLING = 0.25
SEPARATOR = " · "
# What the user has noted holds some of the query.
NOTE = "note"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def of_match(query: Query, cosine: float | None, evidence: Evidence, at: int) -> str:
    """What of the query speaks for the row at `at` among the candidates; may be empty."""
    told = []
    if cosine is not None and cosine >= TELLING:
        told.append(f"meaning {cosine:.2f}".replace("0.", ".", 1))
    told.append(_of_text(query, evidence, at))
    told.append(NOTE if evidence.noted[at] else "")
    return SEPARATOR.join(filter(None, told))


def _of_text(query: Query, evidence: Evidence, at: int) -> str:
    count = len(query.fragments)
    if query.phrases and evidence.quoted[at]:
        return "exact text"
    if count and evidence.contained[at] == 1:
        return {1: "as typed", 2: "both words"}.get(count, f"all {count} words")
    if evidence.likeness[at] >= 0.8:
        return "nearly as typed"
    if query.literalness < LITERAL and query.names and evidence.named[at] == 1:
        return f"has {_short(query.names[0])}" if len(query.names) == 1 else "has all names"
    found = int(evidence.covered[at])
    if not found:
        return ""
    if evidence.words == 1:
        return "similar word"
    return f"{found} of {evidence.words} words"


def _short(name: str) -> str:
    return name if len(name) <= 20 else f"{name[:19]}…"


def of_context(context: Context, at: int) -> str:
    """What is known of the row at `at` among those shown; may be empty."""
    told = []
    if context.here is not None and context.here[at]:
        told.append("this directory")
    elif context.repo is not None and context.repo[at]:
        told.append("this repository")
    if context.session is not None and context.session[at]:
        told.append("this session")
    if context.follows is not None and context.follows[at] >= 0.3:
        told.append("often next")
    told.extend(_of_runs(context, at))
    return SEPARATOR.join(told)


def of_fix(times: int, last: float | None, now: float) -> str:
    """That a command fixed such a failure, when last and how often: `fixed this 3 May, twice`."""
    told = ""
    if last is not None:
        when, today = time.localtime(last), time.localtime(now)
        told = f" {when.tm_mday} {MONTHS[when.tm_mon - 1]}"
        told += f" {when.tm_year}" if when.tm_year != today.tm_year else ""
    often = {1: "", 2: ", twice"}.get(times, f", {times} times")
    return f"fixed this{told}{often}"


def nearest(context: Context, at: int) -> str | None:
    """The nearest place of the one who asks in which the row at `at` ran, as wire.row calls it."""
    places = (
        ("directory", context.here),
        ("repository", context.repo),
        ("session", context.session),
    )
    return next((name for name, ran in places if ran is not None and ran[at]), None)


def _of_runs(context: Context, at: int) -> list[str]:
    """How often it worked, where that is known."""
    if context.ok_runs is None or context.failed_runs is None:
        return []
    worked, failed = int(context.ok_runs[at]), int(context.failed_runs[at])
    if worked + failed == 0:
        return []
    if worked == 0:
        return ["failed" if failed == 1 else f"failed {failed} times"]
    return [f"worked {worked} of {worked + failed}"] if worked + failed > 1 else []
