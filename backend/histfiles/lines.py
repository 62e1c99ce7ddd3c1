"""Plain lines, one command each, as other tools export them and shells without times write them.

A carriage return before the newline is no part of the command.
"""

from collections.abc import Iterable, Iterator

from backend.histfiles.textfile import Entry, TextFormat, byte_offsets


def _entries(physical: Iterable[bytes]) -> Iterator[Entry]:
    end = 0
    for line in physical:
        begin, end = end, end + len(line)
        yield Entry(_command(line), None, None, begin, begin, end)


def _command(line: bytes) -> bytes:
    return line.removesuffix(b"\n").removesuffix(b"\r")


def _offsets(data: bytes, entry: Entry) -> list[int]:
    return byte_offsets(entry, _command(data[entry.body : entry.end]), {})


LINES = TextFormat(entries=_entries, offsets=_offsets)
