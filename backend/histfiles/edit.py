"""Entries taken out of the text of a history file, or secrets in them masked; nothing else changes.

Opens no file: bytes in, bytes out. backend/histfiles/rewrite.py puts them in a file's place.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

from backend.histfiles.formats import MAX_COMMAND_BYTES, Parsed, metafy
from backend.histfiles.spans import Span, Unplaceable, places, spans
from backend.redaction import mask
from backend.redaction.leaks import secrets

MARK = mask.MARK.encode()


class NotEditable(Exception):
    """A change would make a shell read other entries of the file in another way."""


@dataclass(frozen=True)
class Edited:
    """The content with its changes, and how many entries they are of."""

    data: bytes
    entries: int


@dataclass(frozen=True, slots=True)
class _Change:
    """`new` in place of the bytes from `begin` to `end`."""

    begin: int
    end: int
    new: bytes


def commands(data: bytes, format: str) -> Iterator[str]:
    """The commands in a file's content, but those that are too long to be any."""
    for span in spans(data, format):
        if len(span.parsed[0]) <= MAX_COMMAND_BYTES:
            yield _text(span.parsed[0])


def without(data: bytes, format: str, unwanted: Callable[[str], bool]) -> Edited:
    """The content less the entries whose command is `unwanted`: whole, with their timestamps.

    Raises NotEditable.
    """
    changes: list[_Change] = []
    kept: list[Parsed] = []
    for span in spans(data, format):
        if unwanted(_text(span.parsed[0])):
            changes.append(_Change(span.begin, span.end, b""))
        else:
            kept.append(span.parsed)
    return _edited(data, format, changes, kept, len(changes))


def masked(data: bytes, format: str) -> Edited:
    """The content with MARK for the value of each secret, as `redact` masks a command.

    Raises NotEditable.
    """
    changes: list[_Change] = []
    wanted: list[Parsed] = []
    entries = 0
    for span in spans(data, format):
        command, start, duration = span.parsed
        found = secrets(_text(command)) if len(command) <= MAX_COMMAND_BYTES else []
        if found:
            entries += 1
            changes += _masks(data, span, format, found)
            command = _bytes(mask.masked(_text(command), found))
        wanted.append((command, start, duration))
    return _edited(data, format, changes, wanted, entries)


def _masks(
    data: bytes, span: Span, format: str, found: Iterable[mask.Finding]
) -> Iterator[_Change]:
    try:
        place = places(data, span, format)
    except Unplaceable:
        raise NotEditable(
            f"the entry at byte {span.begin:,} cannot be told from its form"
        ) from None
    text = _text(span.parsed[0])
    for finding in found:
        begin = len(_bytes(text[: finding.start]))
        end = begin + len(_bytes(text[finding.start : finding.end]))
        yield _Change(place[begin], place[end], metafy(MARK) if format == "zsh" else MARK)


def _edited(
    data: bytes, format: str, changes: list[_Change], wanted: Iterable[Parsed], entries: int
) -> Edited:
    """The content with the changes, once it has been read again and is as `wanted`."""
    parts, done = [], 0
    for change in changes:
        parts += [data[done : change.begin], change.new]
        done = change.end
    new = b"".join([*parts, data[done:]])
    for number, (found, one) in enumerate(zip_longest(spans(new, format), wanted), 1):
        if found is None or found.parsed != one:
            raise NotEditable(f"without what is to go, entry {number:,} would read otherwise")
    return Edited(new, entries)


def _text(command: bytes) -> str:
    return command.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
