"""Secrets that are at rest already: in rows older than the rule that masks them, in history files.

Pure functions, which log nothing.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from backend.redaction.mask import (
    MARK,
    NOT_FOUND,
    ROUNDS,
    Finding,
    find,
    masked,
    mistyped_password,
)
from backend.system.text import visible

# Commands shown of each place, and characters of each.
PREVIEWS = 10
PREVIEW_LENGTH = 100


@dataclass(frozen=True)
class Leaks:
    """What was found in one place: `values` of `kinds` in `commands`, some of them as previews.

    previews: commands in which every value is masked, fit for a terminal.
    """

    values: int
    commands: int
    kinds: dict[str, int]
    previews: list[str]


def secrets(command: str, exit: int | None = None) -> list[Finding]:
    """The spans of `command` that `redact` masks, in order, none overlapping.

    Unlike `find`, these include the values that masking others brings to light. exit: the status
    that it ended with, where that is known.
    """
    mistyped = mistyped_password(command) if exit == NOT_FOUND else None
    found: list[Finding] = [mistyped] if mistyped else []
    for _ in range(ROUNDS):
        more = find(masked(command, found))
        if not more:
            return found
        found = _together(found, more)
    return [Finding(0, len(command), found[0].kind)]


def _together(found: list[Finding], more: Iterable[Finding]) -> list[Finding]:
    """Findings of the command itself, and `more` of it with those masked, which may hold some."""
    added = [Finding(_place(found, f.start), _place(found, f.end), f.kind) for f in more]
    kept = [f for f in found if not any(a.start <= f.start and f.end <= a.end for a in added)]
    return sorted([*kept, *added], key=lambda finding: finding.start)


def _place(found: Iterable[Finding], place: int) -> int:
    """Where in a command a place of the masked one is; that is never within a mark."""
    shift = 0
    for finding in found:
        if place <= finding.start + shift:
            break
        shift += len(MARK) - (finding.end - finding.start)
    return place - shift


def tally(commands: Iterable[tuple[str, int | None]]) -> Leaks:
    """The secrets in commands, each with the status that it ended with or None."""
    kinds: Counter[str] = Counter()
    previews: dict[str, None] = {}
    count = 0
    for command, exit in commands:
        found = secrets(command, exit)
        if found:
            count += 1
            kinds.update(finding.kind for finding in found)
            if len(previews) < PREVIEWS:
                previews[preview(command, found)] = None
    return Leaks(kinds.total(), count, dict(kinds.most_common()), list(previews))


def preview(command: str, found: Iterable[Finding]) -> str:
    """One line about the first value of `command`, all values masked, fit for a terminal."""
    text = masked(command, found)
    begin = max(0, text.find(MARK) + len(MARK) - PREVIEW_LENGTH * 3 // 4)
    shown = text[begin : begin + PREVIEW_LENGTH]
    cut = "…" if begin + PREVIEW_LENGTH < len(text) else ""
    return ("…" if begin else "") + visible(shown) + cut
