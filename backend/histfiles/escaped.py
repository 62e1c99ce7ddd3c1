"""Histories of a command a line in which something stands for its newlines, and no times.

nushell's text (its database is one of runs/databases.py): `<\\n>`. Follows reedline's
src/history/file_backed.rs.
PowerShell's, as PSReadLine writes it: a backtick before the newline. Follows its History.cs. A file
of Windows has a carriage return before each newline.
"""

from collections.abc import Iterable, Iterator

from backend.histfiles.textfile import MAX_ENTRY_BYTES, Entry, TextFormat, byte_offsets

_NEWLINE = rb"<\n>"
_OF_NUSHELL = {_NEWLINE: b"\n"}
_OF_POWERSHELL = {b"`\r\n": b"\n", b"`\n": b"\n"}


def _nushell_entries(physical: Iterable[bytes]) -> Iterator[Entry]:
    end = 0
    for line in physical:
        begin, end = end, end + len(line)
        command = line.removesuffix(b"\n").replace(_NEWLINE, b"\n")
        yield Entry(command, None, None, begin, begin, end)


def _nushell_offsets(data: bytes, entry: Entry) -> list[int]:
    return byte_offsets(entry, data[entry.body : entry.end].removesuffix(b"\n"), _OF_NUSHELL)


def _powershell_entries(physical: Iterable[bytes]) -> Iterator[Entry]:
    begin = end = 0
    held = bytearray()
    for line in physical:
        end += len(line)
        text = line.removesuffix(b"\n").removesuffix(b"\r")
        if text.endswith(b"`") and line.endswith(b"\n"):
            if len(held) <= MAX_ENTRY_BYTES:
                held += text[:-1] + b"\n"
            continue
        yield Entry(bytes(held) + text, None, None, begin, begin, end)
        held.clear()
        begin = end
    if held:
        yield Entry(bytes(held[:-1]), None, None, begin, begin, end)


def _powershell_offsets(data: bytes, entry: Entry) -> list[int]:
    text = data[entry.body : entry.end].removesuffix(b"\n").removesuffix(b"\r")
    # Of an entry that the file ends in the middle of, the last backtick is no part.
    continued = text.endswith(b"`") and data[entry.body : entry.end].endswith(b"\n")
    return byte_offsets(entry, text[:-1] if continued else text, _OF_POWERSHELL)


NUSHELL = TextFormat(
    entries=_nushell_entries, offsets=_nushell_offsets, names=("nushell/history.txt",)
)
POWERSHELL = TextFormat(
    entries=_powershell_entries, offsets=_powershell_offsets, names=("ConsoleHost_history",)
)
