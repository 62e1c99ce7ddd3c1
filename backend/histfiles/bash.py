"""bash's history: one entry a line up to the first `#<epoch>`, then one a group of lines."""

import re
from collections.abc import Iterable, Iterator

from backend.histfiles.textfile import Entry, TextFormat, byte_offsets

# With timestamps, bash runs an entry up to the next timestamp. More lines than this are not
# one command but what a shell without HISTTIMEFORMAT appended after the last timestamp.
MAX_LINES = 256

_TIMESTAMP = re.compile(rb"#(\d{9,11})\s*\n?\Z")

_TAKEN = re.compile(rb"#\d")

# A line, or the time of a timestamp's, and the offset where it begins.
_Line = tuple[int, bytes]
_Stamp = tuple[int, float]


def is_timestamp(line: bytes) -> bool:
    """Whether bash takes a line for the time of the lines that follow."""
    return _TIMESTAMP.match(line) is not None


def _entries(physical: Iterable[bytes]) -> Iterator[Entry]:
    stamp: _Stamp | None = None
    group: list[_Line] = []
    end = 0
    for line in physical:
        begin, end = end, end + len(line)
        if match := _TIMESTAMP.match(line):
            yield from _grouped(stamp, group)
            stamp, group = (begin, float(match[1])), []
        elif stamp is None:
            yield _untimed((begin, line))
        else:
            group.append((begin, line))
            if len(group) > MAX_LINES:
                yield from _grouped(stamp, group)
                stamp, group = None, []
    yield from _grouped(stamp, group)


def _grouped(stamp: _Stamp | None, group: list[_Line]) -> Iterator[Entry]:
    """What stands behind a timestamp: one entry, or of too many lines an entry each."""
    if stamp is None or not group:
        return
    own, rest = (group, []) if len(group) <= MAX_LINES else (group[:1], group[1:])
    text = b"".join(line for _, line in own)
    body = own[0][0]
    yield Entry(text.removesuffix(b"\n"), stamp[1], None, stamp[0], body, body + len(text))
    yield from map(_untimed, rest)


def _untimed(line: _Line) -> Entry:
    begin, text = line
    return Entry(text.removesuffix(b"\n"), None, None, begin, begin, begin + len(text))


def _offsets(data: bytes, entry: Entry) -> list[int]:
    return byte_offsets(entry, data[entry.body : entry.end].removesuffix(b"\n"), {})


def _written(command: bytes, start: float | None, duration: float | None) -> bytes | None:
    """As with HISTTIMEFORMAT; a time of 1970 stands for none. bash takes any line that begins as a
    timestamp for one, whatever follows.
    """
    lines = command.split(b"\n")
    if any(map(_TAKEN.match, lines)) or len(lines) > MAX_LINES:
        return None
    return b"#%09d\n%s\n" % (start or 0, command)


BASH = TextFormat(
    entries=_entries, offsets=_offsets, is_sign=is_timestamp, written=_written, names=("bash",)
)
