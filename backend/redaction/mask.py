"""Values of secrets in commands: where they are, and commands without them.

Pure functions of text, which never raise and log nothing.

Everything but the values stays byte for byte. Variables and substitutions ($TOKEN, $(pass x))
are no values. docs/redaction.md says how well it works.
"""

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from backend.redaction.arguments import arguments
from backend.redaction.randomness import looks_typed
from backend.redaction.shapes import tokens

# Stands for a value. No shell takes it for anything but a plain word, so a command that holds
# it can be recognised before it is run.
MARK = "‹redacted›"

# How a shell ends a command whose program is not there.
NOT_FOUND = 127
_FIRST_WORD = re.compile(r"\s*(\S{1,64})(?=\s|$)")

# A masked value can bring another to light, once or twice; hostile text could go on for ever.
ROUNDS = 8

_ROOM = Path(__file__).parent


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


def redact(command: str, exit: int | None = None) -> str:
    """`command` with MARK for the value of each secret; the same again for what it returns.

    exit: the status that it ended with, where that is known. If the shell did not find the
    program (127) and its name looks like a password, that was typed at the wrong prompt.
    """
    if exit == NOT_FOUND and (mistyped := mistyped_password(command)):
        command = masked(command, [mistyped])
    for _ in range(ROUNDS):
        findings = find(command)
        if not findings:
            return command
        command = masked(command, findings)
    return MARK


def mistyped_password(command: str) -> Finding | None:
    """The password that `command`, which the shell did not find, seems to begin with.

    `Violetcomet7026 ls`, but not `gti status`, `pyhton3 x.py` or what has options.
    """
    first = _FIRST_WORD.match(command)
    if first is None or re.search(r"\s-", command) or not looks_typed(first[1]):
        return None
    return Finding(*first.span(1), "mistyped password")


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


@cache
def stamp() -> str:
    """Hexadecimal digits that stand for the rules, the sources and tables of this room: others
    after every upgrade that changes what is masked.
    """
    digest = hashlib.sha256()
    for path in sorted([*_ROOM.glob("*.py"), *_ROOM.glob("*.tsv")]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
