"""resh's history: a line of JSON a run, `v1` before it since its version 3.

Follows its internal/record/v1.go and, of before, common/resh-common.go.
"""

import json

from backend.histfiles.runs.jsonl import Line, NotARun, number, text
from backend.system.text import to_text
from backend.wire.record import Record

NAME = "resh"

_VERSION = b"v1"
_LARGEST_EXIT = 2**31


def is_sign(line: bytes) -> bool:
    """Whether a line is one that no other format has."""
    return line.startswith(b'v1{"') or (line.startswith(b"{") and b'"cmdLine":' in line)


def parse(line: bytes) -> Line:
    """What a line tells. Raises NotARun."""
    try:
        values = json.loads(to_text(line.removeprefix(_VERSION)))
    except (ValueError, RecursionError) as error:
        raise NotARun("it is not JSON") from error
    if not isinstance(values, dict) or not text(values, "cmdLine"):
        raise NotARun("it has no cmdLine")
    start, duration = (_either(values, *names) for names in _TIMES)
    exit = values.get("exitCode")
    record = Record(
        command=text(values, "cmdLine") or "",
        start=start,
        duration=duration,
        exit=exit if type(exit) is int and abs(exit) < _LARGEST_EXIT else None,
        cwd=text(values, "pwd") or None,
        session=text(values, "sessionID") or text(values, "sessionId") or None,
        host=text(values, "hostname") or text(values, "host") or None,
        shell=NAME,
    )
    return Line(record, pinned=False, note=None)


# Of version 3, and before.
_TIMES = (("time", "realtimeBefore"), ("duration", "realtimeDuration"))


def _either(values: dict[str, object], *names: str) -> float | None:
    return next((number(values, name) for name in names if values.get(name) is not None), None)
