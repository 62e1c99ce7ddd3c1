"""fish's history: `- cmd: …`, then perhaps `  when: …`; the paths of an entry are skipped."""

import re
from collections.abc import Iterable, Iterator

from backend.histfiles.textfile import OVERLONG, Entry, TextFormat, byte_offsets

_OPENING = b"- cmd: "
_WHEN = b"  when: "
_ESCAPE = re.compile(rb"\\(n|\\)")
_UNITS = {rb"\n": b"\n", rb"\\": b"\\"}


def _entries(physical: Iterable[bytes]) -> Iterator[Entry]:
    opened: tuple[int, bytes] | None = None
    start: float | None = None
    end = 0
    for line in physical:
        begin, end = end, end + len(line)
        text = line.removesuffix(b"\n")
        if text.startswith(_OPENING) or line == OVERLONG:
            if opened:
                yield _entry(*opened, start, begin)
            opened, start = (begin, text), None
        elif text.startswith(_WHEN) and text[8:20].isdigit():
            start = float(text[8:20]) or None
    if opened:
        yield _entry(*opened, start, end)


def _entry(begin: int, text: bytes, start: float | None, end: int) -> Entry:
    written = text.removeprefix(_OPENING)
    body = begin + len(text) - len(written)
    command = _ESCAPE.sub(lambda match: _UNITS[match[0]], written)
    return Entry(command, start, None, begin, body, end)


def _offsets(data: bytes, entry: Entry) -> list[int]:
    return byte_offsets(entry, data[entry.body : entry.end].partition(b"\n")[0], _UNITS)


def _written(command: bytes, start: float | None, duration: float | None) -> bytes:
    line = command.replace(b"\\", rb"\\").replace(b"\n", rb"\n")
    return b"%s%s\n" % (_OPENING, line) + (b"" if start is None else b"%s%d\n" % (_WHEN, start))


FISH = TextFormat(
    entries=_entries,
    offsets=_offsets,
    is_sign=lambda line: line.startswith(_OPENING),
    written=_written,
)
