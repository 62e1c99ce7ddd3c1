"""What the text formats of history files have in common: entries, and where their bytes stand.

Each format is a module beside this one, which ends in its TextFormat.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

# As long as a request may be (backend/wire/protocol.py): more is not a command but damage. Of what
# is read, as of all commands, the first 64 KB are kept (backend/wire/limits.py).
MAX_ENTRY_BYTES = 1 << 20

# What stands for a line that was too long to keep. No command holds a NUL, so it is counted.
OVERLONG = b"\0\n"

Written = Callable[[bytes, float | None, float | None], bytes | None]

# The bytes of a file that stand for one other byte of a command.
Units = Mapping[bytes, bytes]


class NotEditable(Exception):
    """A change would make a shell read other entries of the file in another way."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a file: what a shell reads of it, and where it stands.

    command: bytes as the user typed them. start: epoch seconds. duration: seconds. None where
    the file does not tell.
    begin, end: byte offsets of the whole entry. body: where the bytes begin that the command is
    in; what comes before is a timestamp's line or what opens an entry; zsh's header is not.

    Entries are equal if a shell reads the same of them, wherever they stand.
    """

    command: bytes
    start: float | None
    duration: float | None
    begin: int = field(compare=False)
    body: int = field(compare=False)
    end: int = field(compare=False)


def _never(line: bytes) -> bool:
    return False


@dataclass(frozen=True)
class TextFormat:
    """How one shell writes its history as text.

    entries: those in the physical lines of a file, given with their newlines. Raises on no
    bytes. Commands that cannot be real (they hold a NUL, or are longer than MAX_ENTRY_BYTES)
    are among them; who reads counts them as unreadable.
    offsets: where in a file's content each byte of an entry's command begins, and where the
    last one ends: one more than the command has bytes. Raises NotEditable.
    is_sign: whether a line, without its newline, is one that no other format has.
    written: an entry as the shell writes it, of a command, its start and its duration in seconds,
    or None where the format cannot hold it; None if nothing is written in this format.
    names: what the name of such a file may hold, or that and the name of its directory.
    """

    entries: Callable[[Iterable[bytes]], Iterator[Entry]]
    offsets: Callable[[bytes, Entry], list[int]]
    is_sign: Callable[[bytes], bool] = _never
    written: Written | None = None
    names: tuple[str, ...] = ()


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of `file` with their newlines, none kept that is over MAX_ENTRY_BYTES."""
    while line := file.readline(MAX_ENTRY_BYTES):
        if len(line) == MAX_ENTRY_BYTES and not line.endswith(b"\n"):
            while (rest := file.readline(MAX_ENTRY_BYTES)) and not rest.endswith(b"\n"):
                pass
            line = OVERLONG
        yield line


def byte_offsets(entry: Entry, text: bytes, *alternatives: Units, trailing: int = 0) -> list[int]:
    """The offsets of a TextFormat, for an entry whose body is `text` and ends in its command.

    alternatives: what the format may have written for single bytes; the first that makes the
    command of `text` holds. trailing: bytes behind `text` that belong to its last byte.
    Raises NotEditable if none does.
    """
    for units in alternatives:
        begins, meant = _read(text, units)
        if meant.endswith(entry.command):
            first = len(meant) - len(entry.command)
            return [entry.body + begin for begin in (*begins[first:], len(text) + trailing)]
    raise NotEditable(f"the entry at byte {entry.begin:,} cannot be told from its form")


def _read(text: bytes, units: Units) -> tuple[list[int], bytes]:
    """Where each byte that `text` stands for begins in it, and these bytes."""
    pattern = re.compile(b"|".join([*map(re.escape, units), b"."]), re.DOTALL)
    found = list(pattern.finditer(text))
    meant = b"".join(units.get(match[0], match[0]) for match in found)
    return [match.start() for match in found], meant
