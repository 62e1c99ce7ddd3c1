"""Where the entries of a history file stand in its bytes, to the byte.

Opens no file. Reads as backend/histfiles/formats.py does, whose parsers stream and keep no places.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from backend.histfiles.formats import (
    BASH_TIMESTAMP,
    MAX_BASH_LINES,
    Parsed,
    metafy,
    parse_fish,
    parse_lines,
    parse_zsh,
)

Units = dict[bytes, bytes]

# What zsh writes for bytes that it cannot write as they are.
_METAFIED: Units = {metafy(bytes([byte])): bytes([byte]) for byte in (0, *range(0x83, 0xA3))}
_CONTINUED: Units = {b"\\\n": b"\n"}

# By format, the bytes of a file that stand for one other byte of a command. zsh also reads text
# that other programs added and that is not metafied.
_UNITS: dict[str, tuple[Units, ...]] = {
    "zsh": (_METAFIED | _CONTINUED, _CONTINUED),
    "bash": ({},),
    "fish": ({rb"\n": b"\n", rb"\\": b"\\"},),
    "lines": ({},),
}

_FISH_OPENING = b"- cmd: "


@dataclass(frozen=True, slots=True)
class Span:
    """An entry: all its bytes are those from `begin` to `end`, its text is in those from `body`.

    What comes before `body` is a timestamp's line or what opens an entry; zsh's header is not.
    """

    begin: int
    body: int
    end: int
    parsed: Parsed


class Unplaceable(Exception):
    """It cannot be told which bytes of a file make up a command."""


def spans(data: bytes, format: str) -> Iterator[Span]:
    """The entries of a text file's content, in order; as many as its parser yields."""
    return _SPANS[format](data)


def _lines(data: bytes) -> Iterator[tuple[int, int]]:
    begin = 0
    while begin < len(data):
        end = data.find(b"\n", begin) + 1 or len(data)
        yield begin, end
        begin = end


def _zsh(data: bytes) -> Iterator[Span]:
    group: list[bytes] = []
    first = 0
    for begin, end in _lines(data):
        group.append(data[begin:end])
        if not group[-1].endswith(b"\\\n") or end == len(data):
            yield from (Span(first, first, end, parsed) for parsed in parse_zsh(group))
            first, group = end, []


def _bash(data: bytes) -> Iterator[Span]:
    stamp: tuple[int, float] | None = None
    group: list[tuple[int, int]] = []
    for begin, end in _lines(data):
        if match := BASH_TIMESTAMP.match(data[begin:end]):
            yield from _bash_group(data, stamp, group)
            stamp, group = (begin, float(match[1])), []
        elif stamp is None:
            yield _untimed(data, begin, end)
        else:
            group.append((begin, end))
            if len(group) > MAX_BASH_LINES:
                yield from _bash_group(data, stamp, group)
                stamp, group = None, []
    yield from _bash_group(data, stamp, group)


def _bash_group(
    data: bytes, stamp: tuple[int, float] | None, group: list[tuple[int, int]]
) -> Iterator[Span]:
    if stamp is None or not group:
        return
    own, rest = (group, []) if len(group) <= MAX_BASH_LINES else (group[:1], group[1:])
    body, end = own[0][0], own[-1][1]
    yield Span(stamp[0], body, end, (data[body:end].removesuffix(b"\n"), stamp[1], None))
    for begin, end in rest:
        yield _untimed(data, begin, end)


def _untimed(data: bytes, begin: int, end: int) -> Span:
    return Span(begin, begin, end, (data[begin:end].removesuffix(b"\n"), None, None))


def _fish(data: bytes) -> Iterator[Span]:
    begins = [begin for begin, end in _lines(data) if data[begin:end].startswith(_FISH_OPENING)]
    for begin, end in pairwise([*begins, len(data)]):
        entry = data[begin:end]
        lines = (entry[first:last] for first, last in _lines(entry))
        for parsed in parse_fish(lines):
            yield Span(begin, begin + len(_FISH_OPENING), end, parsed)


def _plain(data: bytes) -> Iterator[Span]:
    for begin, end in _lines(data):
        yield from (Span(begin, begin, end, parsed) for parsed in parse_lines([data[begin:end]]))


_SPANS = {"zsh": _zsh, "bash": _bash, "fish": _fish, "lines": _plain}


def places(data: bytes, span: Span, format: str) -> list[int]:
    """Where in `data` each byte of the entry's command begins, and where the last one ends.

    Raises Unplaceable.
    """
    command = span.parsed[0]
    body = _text(data[span.body : span.end], format)
    for units in _UNITS[format]:
        begins, meant = _read(body, units)
        end = len(meant) - (format == "zsh" and _is_guarded(meant))
        first = end - len(command)
        if first >= 0 and meant[first:end] == command:
            # The guard belongs to the last byte: without that it would be a blank of its own.
            return [span.body + place for place in (*begins[first:end], len(body))]
    raise Unplaceable


def _text(body: bytes, format: str) -> bytes:
    """Without what ends an entry."""
    if format == "fish":
        return body.partition(b"\n")[0]
    if format == "zsh" and body.endswith(b"\\\n"):  # the file ends in the middle of an entry
        return body[:-2]
    body = body.removesuffix(b"\n")
    return body.removesuffix(b"\r") if format == "lines" else body


def _read(body: bytes, units: Units) -> tuple[list[int], bytes]:
    """The bytes that `body` stands for, and where each of them begins in it."""
    pattern = re.compile(b"|".join([*map(re.escape, units), b"."]), re.DOTALL)
    found = list(pattern.finditer(body))
    meant = b"".join(units.get(match[0], match[0]) for match in found)
    return [match.start() for match in found], meant


def _is_guarded(text: bytes) -> bool:
    """zsh adds a space to a command that ends in a backslash (and spaces)."""
    return text.endswith(b" ") and text.rstrip(b" ").endswith(b"\\")
