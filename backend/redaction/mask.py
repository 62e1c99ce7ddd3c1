"""Values of secrets in commands: where they are, and commands without them.

Standard library only; pure functions of text, which never raise and log nothing.

Everything but the values stays byte for byte. Variables and substitutions ($TOKEN, $(pass x))
are no values. docs/redaction.md says how well it works.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from backend.redaction.arguments import arguments
from backend.redaction.shapes import tokens

# Stands for a value. No shell takes it for anything but a plain word, so a command that holds
# it can be recognised before it is run.
MARK = "‹redacted›"

# A masked value can bring another to light, once or twice; hostile text could go on for ever.
ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """A secret in a command: the half-open span of its characters, and what it looks like."""

    start: int
    end: int
    kind: str


def find(command: str) -> list[Finding]:
    """The secrets in `command`, in order, none overlapping; values masked before are none."""
    spans = sorted(span for pair in (tokens(command), arguments(command)) for span in pair)
    masked = _marks(command) if MARK in command else []
    merged: list[Finding] = []
    for start, end, kind in spans:
        start, end = _around(start, end, masked)
        if command[start:end].replace(MARK, "") == "":
            continue
        if merged and start < merged[-1].end:
            previous = merged.pop()
            start, end, kind = previous.start, max(end, previous.end), previous.kind
        merged.append(Finding(start, end, kind))
    return merged


def redact(command: str) -> str:
    """`command` with MARK for the value of each secret; the same again for what it returns."""
    for _ in range(ROUNDS):
        findings = find(command)
        if not findings:
            return command
        command = masked(command, findings)
    return MARK


def masked(command: str, findings: Iterable[Finding]) -> str:
    """`command` with MARK for these findings, in order and none overlapping."""
    parts, done = [], 0
    for finding in findings:
        parts += [command[done : finding.start], MARK]
        done = finding.end
    return "".join([*parts, command[done:]])


def _marks(command: str) -> list[int]:
    """Where marks begin in `command`."""
    found, start = [], command.find(MARK)
    while start >= 0:
        found.append(start)
        start = command.find(MARK, start + len(MARK))
    return found


def _around(start: int, end: int, marks: list[int]) -> tuple[int, int]:
    """The span, widened over marks that it would cut in two."""
    first = bisect_left(marks, start)
    if first and start < marks[first - 1] + len(MARK):
        start = marks[first - 1]
    last = bisect_left(marks, end)
    if last and end < marks[last - 1] + len(MARK):
        end = marks[last - 1] + len(MARK)
    return start, end
