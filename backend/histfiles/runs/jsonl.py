"""Runs as lines of JSON, one object each: what `deja export` writes.

    {"command": "make", "start": 1767450039.25, "duration": 2.5, "exit": 0, "cwd": "/src",
     "session": "1a2b", "host": "box", "shell": "zsh", "author": "claude",
     "pinned": true, "note": "builds it"}

All but `command` may be missing or null, as `author` is where a person ran it; other keys are
passed over. Times are epoch seconds.
"""

import json
from dataclasses import dataclass

from backend.system.text import to_bytes, to_text
from backend.wire.record import Record

NAME = "jsonl"


class NotARun(ValueError):
    """A line tells of no run; the text says why, and holds nothing of the line."""


@dataclass(frozen=True, slots=True)
class Line:
    """A run, whether its command is pinned, and what is noted about the command."""

    record: Record
    pinned: bool
    note: str | None


def is_sign(line: bytes) -> bool:
    """Whether a line is one that no other format has."""
    if not line.startswith(b"{"):
        return False
    try:
        parse(line)
    except NotARun:
        return False
    return True


def parse(line: bytes) -> Line:
    """What a line tells. Raises NotARun."""
    try:
        values = json.loads(to_text(line))
    except (ValueError, RecursionError) as error:
        raise NotARun("it is not JSON") from error
    if not isinstance(values, dict):
        raise NotARun("it is no JSON object")
    command = text(values, "command")
    if not command or not command.strip():
        raise NotARun("it has no command")
    start, duration = (number(values, name) for name in ("start", "duration"))
    cwd, session, host, shell, author = (
        text(values, name) or None for name in ("cwd", "session", "host", "shell", "author")
    )
    record = Record(command, start, duration, _exit(values), cwd, session, host, shell, author)
    pinned = values.get("pinned")
    if pinned not in (None, True, False):
        raise NotARun("pinned is neither true nor false")
    return Line(record, bool(pinned), text(values, "note") or None)


def text(values: dict[str, object], name: str) -> str | None:
    """A field that can be told as the bytes of a shell. Raises NotARun."""
    value = values.get(name)
    if value is not None and not isinstance(value, str):
        raise NotARun(f"{name} is no text")
    try:
        if value is not None and b"\0" in to_bytes(value):
            raise NotARun(f"{name} holds a NUL")
    except UnicodeEncodeError as error:
        raise NotARun(f"{name} holds half a character") from error
    return value


def number(values: dict[str, object], name: str) -> float | None:
    """A field in seconds. Raises NotARun."""
    value = values.get(name)
    if value is None:
        return None
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
    except OverflowError:
        pass
    raise NotARun(f"{name} is no number of seconds")


def _exit(values: dict[str, object]) -> int | None:
    value = values.get("exit")
    if value is None or (type(value) is int and -(2**31) <= value < 2**31):
        return value
    raise NotARun("exit is no exit status")
