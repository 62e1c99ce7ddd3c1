"""What fixed a failure: what worked in the end where the same or a like command failed before.

Precision before recall: what cannot be told from a coincidence is not offered. Pure functions of
runs; docs/search-quality.md has the figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from backend.ranking import purpose
from backend.ranking.purpose import NOT_FOUND, head, words

# Runs after a failure in which it may be fixed.
LOOKED_AT = 10
# A typing error or two, in a word long enough that it is one.
EDITS, LONG_WORD = 2, 4
# What a fix of a like command is worth, of the same elsewhere, and each against the next newer one.
_ALIKE, _ELSEWHERE, _OLDER = 0.4, 0.7, 0.95
# What shows no purpose of its own must have helped so often; and each in so much of all that was
# mended: what is mended by trying again, or in an editor, has no fix that a line could repeat.
_OFTEN, _MOSTLY = 2, 0.5


@dataclass(frozen=True)
class Step:
    """One run. id: its number; command: that of its command; start: epoch seconds, None unknown."""

    id: int
    command: int
    text: str
    exit: int | None
    cwd: str | None
    start: float | None


@dataclass(frozen=True)
class Fix:
    """A command that fixed it `times` times, the last time at `last`, epoch seconds or None."""

    command: int
    times: int
    last: float | None


def is_failure(text: str, exit: int | None) -> bool:
    """Whether it failed: not ended by a signal, as by Ctrl-C, nor an answer, as that of `test`."""
    if not exit or 128 < exit < 128 + 64:
        return False
    return not purpose.is_question(text)


def alike(text: str, failed: Step) -> bool:
    """Whether a command is the same, or of the same program and subcommand."""
    if failed.exit == NOT_FOUND:
        return head(text)[:1] == head(failed.text)[:1]
    return text == failed.text or head(text) == head(failed.text)


def fixes(failed: Step, stretches: Iterable[Sequence[Step]]) -> list[Fix]:
    """What to try after `failed`, the best first. stretches: newest first, each a past failure that
    is alike and what its session ran after it, in order.
    """
    worth: dict[int, float] = {}
    found: dict[int, list[Step]] = {}
    certain, solved, total = set(), set(), 0.0
    for number, (failure, *after) in enumerate(stretches):
        outcome = _outcome(failure, after)
        # A failure that was met twice on the way to one success was mended once.
        if outcome is None or outcome.solved.id in solved:
            continue
        solved.add(outcome.solved.id)
        weight = 1.0 if failure.text == failed.text else _ALIKE
        weight *= (1.0 if failure.cwd == failed.cwd else _ELSEWHERE) * _OLDER**number
        total += weight
        fix = outcome.fix
        if fix is None or not _applies(fix, failure, failed):
            continue
        worth[fix.command] = worth.get(fix.command, 0.0) + weight
        found.setdefault(fix.command, []).append(fix)
        if outcome.is_telling:
            certain.add(fix.command)
    return [
        _counted(command, found[command])
        for command in sorted(found, key=lambda command: -worth[command])
        if worth[command] >= _MOSTLY * total
        and (command in certain or len(found[command]) >= _OFTEN)
    ]


def _counted(command: int, steps: Sequence[Step]) -> Fix:
    return Fix(command, len(steps), max((step.start for step in steps if step.start), default=None))


@dataclass(frozen=True)
class _Outcome:
    """How a failure ended: the run that worked, what fixed it if anything did, and whether that
    says so itself.
    """

    solved: Step
    fix: Step | None
    is_telling: bool = True


def _outcome(failure: Step, after: Sequence[Step]) -> _Outcome | None:
    """None as long as it was not mended."""
    between: list[Step] = []
    for step in after[:LOOKED_AT]:
        solves = step.text == failure.text or _corrects(step.text, failure)
        if step.exit and solves:
            between = []  # that did not help
        if step.exit != 0:
            continue
        if solves:
            tried = [each for each in between if purpose.is_fixing(each.text, failure.text)]
            if tried:
                return _Outcome(step, tried[-1])
            if step.text != failure.text:
                return _Outcome(step, step)
            return _Outcome(step, between[-1] if between else None, is_telling=False)
        if not purpose.is_idle(step.text, failure.text):
            between.append(step)
    return None


def _corrects(text: str, failure: Step) -> bool:
    """Whether it is the failed command typed right, or with something added."""
    if is_typing_error(failure.text, text):
        return True
    added = set(words(text)) - set(words(failure.text))
    more = set(words(failure.text)) <= set(words(text)) and not added & purpose.ASKS_FOR_HELP
    return more and head(text) == head(failure.text)


def is_typing_error(typed: str, meant: str) -> bool:
    """Whether they differ by a letter or two of one word."""
    if typed == meant or OSA.distance(typed, meant, score_cutoff=EDITS) > EDITS:
        return False
    ours, theirs = typed.split(), meant.split()
    if len(ours) != len(theirs):
        return sorted("".join(ours)) == sorted("".join(theirs))  # a blank in the wrong place
    differing = [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]]
    return len(differing) == 1 and all(_is_word(word) for word in differing[0])


def _is_word(word: str) -> bool:
    return (len(word) >= LONG_WORD or word.isalpha()) and not any(map(str.isdigit, word))


def _applies(fix: Step, failure: Step, failed: Step) -> bool:
    """Whether what fixed that failure may fix this one: of what it has in common with that, this
    has all; and it goes to a directory only from the same one.
    """
    if words(fix.text)[:1] == ["cd"] and not is_typing_error(failure.text, fix.text):
        return failure.text == failed.text and failure.cwd == failed.cwd is not None
    if failure.text == failed.text:
        return True
    if is_typing_error(failure.text, fix.text):
        return False
    common = set(_parts(fix.text)) & set(_parts(failure.text))
    return common <= set(_parts(failed.text))


def _parts(text: str) -> Iterator[str]:
    """Words, and names within paths."""
    for word in words(text):
        yield from filter(None, word.split("/"))
