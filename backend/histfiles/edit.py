"""Entries taken out of the text of a history file, or secrets in them masked; nothing else changes.

Bytes in, bytes out: backend/histfiles/rewrite.py puts them in a file's place.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from backend.histfiles.formats import TEXT
from backend.histfiles.textfile import MAX_ENTRY_BYTES, Entry, NotEditable
from backend.redaction import mask
from backend.redaction.leaks import secrets
from backend.system.text import to_bytes, to_text

# As it stands in every format: it holds no byte that zsh metafies, nor any that is escaped.
MARK = mask.MARK.encode()


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


def entries(data: bytes, format: str) -> Iterator[Entry]:
    """The entries in the content of a file, in order; `format` is one of formats.TEXT."""
    return TEXT[format].entries(io.BytesIO(data))


def commands(data: bytes, format: str) -> Iterator[str]:
    """The commands in a file's content, but those that are too long to be any."""
    for entry in entries(data, format):
        if len(entry.command) <= MAX_ENTRY_BYTES:
            yield to_text(entry.command)


def without(data: bytes, format: str, unwanted: Callable[[str], bool]) -> Edited:
    """The content less the entries whose command is `unwanted`: whole, with their timestamps.

    Raises NotEditable.
    """
    changes: list[_Change] = []
    kept: list[Entry] = []
    for entry in entries(data, format):
        if unwanted(to_text(entry.command)):
            changes.append(_Change(entry.begin, entry.end, b""))
        else:
            kept.append(entry)
    return _edited(data, format, changes, kept, len(changes))


def masked(data: bytes, format: str) -> Edited:
    """The content with MARK for the value of each secret, as `redact` masks a command.

    Raises NotEditable.
    """
    changes: list[_Change] = []
    wanted: list[Entry] = []
    leaking = 0
    for entry in entries(data, format):
        command = entry.command
        found = secrets(to_text(command)) if len(command) <= MAX_ENTRY_BYTES else []
        if found:
            leaking += 1
            changes += _masks(data, entry, format, found)
            entry = replace(entry, command=to_bytes(mask.masked(to_text(command), found)))
        wanted.append(entry)
    return _edited(data, format, changes, wanted, leaking)


def _masks(
    data: bytes, entry: Entry, format: str, found: Iterable[mask.Finding]
) -> Iterator[_Change]:
    offsets = TEXT[format].offsets(data, entry)
    text = to_text(entry.command)
    for finding in found:
        begin = len(to_bytes(text[: finding.start]))
        end = begin + len(to_bytes(text[finding.start : finding.end]))
        yield _Change(offsets[begin], offsets[end], MARK)


def _edited(
    data: bytes, format: str, changes: list[_Change], wanted: Iterable[Entry], count: int
) -> Edited:
    """The content with the changes, once it has been read again and is as `wanted`."""
    parts, done = [], 0
    for change in changes:
        parts += [data[done : change.begin], change.new]
        done = change.end
    new = b"".join([*parts, data[done:]])
    for number, (found, one) in enumerate(zip_longest(entries(new, format), wanted), 1):
        if found != one:
            raise NotEditable(f"without what is to go, entry {number:,} would read otherwise")
    return Edited(new, count)
