"""History files of shells and of other history tools, read as entries.

Opens files for reading only; no stores, no sockets, no models.

    history = HistoryFile(path, detect(path))
    for entry in history: …
    report(history.unreadable)

Reading streams: memory does not grow with the file, but for the counts of untimed commands.
backend/histfiles/sources.py finds the files of this machine.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from backend.histfiles import databases, formats
from backend.histfiles.databases import DATABASES
from backend.histfiles.formats import MAX_COMMAND_BYTES, PARSERS

FORMATS = (*PARSERS, *DATABASES)

# How much of each end of a text file is looked at to tell its format.
_SAMPLE_BYTES = 1 << 16

# A start later than the year 5000 is damage, not a date.
_LAST_EPOCH = 1e11


class HistoryFileError(Exception):
    """A history file cannot be opened, or is not in the format it is said to be in."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One command that was run; what a file does not tell is None.

    start: epoch seconds. duration: seconds. occurrence: 0 for the first entry of this command
    with this start (or with no start, in the whole file), 1 for the second, and so on.

    `(command, start, occurrence)` is the same every time a file is imported, also after it has
    grown or lost its oldest lines: adding only keys not seen before counts nothing twice. For
    untimed commands that gives the largest number of runs any one import has seen.
    """

    command: str
    start: float | None = None
    duration: float | None = None
    exit: int | None = None
    cwd: str | None = None
    session: str | None = None
    host: str | None = None
    occurrence: int = 0


class HistoryFile:
    """The entries of one file, in its order; iterate it once.

    unreadable: entries skipped so far, because they hold a NUL or are longer than
    formats.MAX_COMMAND_BYTES.
    damaged: a database could be read no further; what came before stands.
    done, size: bytes read so far and in all; a database counts rows, and its size is 0.
    """

    def __init__(self, path: Path, format: str) -> None:
        """Opens nothing yet. Raises HistoryFileError for a format that is not in FORMATS."""
        if format not in FORMATS:
            raise HistoryFileError(f"no history format {format!r}; use one of {', '.join(FORMATS)}")
        self.path = path
        self.format = format
        self.unreadable = 0
        self.damaged = False
        self.done = 0
        self.size = 0
        self._occurrences = _Occurrences()

    def __iter__(self) -> Iterator[Entry]:
        """Entries; blank ones are left out. Raises HistoryFileError if nothing can be read."""
        from_database = self.format in DATABASES
        for entry in self._database_entries() if from_database else self._text_entries():
            if entry is None:
                self.unreadable += 1
            elif entry.command.strip():
                occurrence = self._occurrences.count(entry.command, entry.start)
                yield replace(entry, occurrence=occurrence) if occurrence else entry

    def _text_entries(self) -> Iterator[Entry | None]:
        try:
            with self.path.open("rb") as file:
                self.size = os.fstat(file.fileno()).st_size
                for command, start, duration in PARSERS[self.format](self._lines(file)):
                    yield _entry(command, start, duration)
        except OSError as error:
            raise HistoryFileError(f"cannot read {self.path}: {error.strerror}") from error

    def _lines(self, file: BinaryIO) -> Iterator[bytes]:
        for line in formats.lines(file):
            self.done += len(line)
            yield line

    def _database_entries(self) -> Iterator[Entry | None]:
        try:
            for row in databases.rows(self.path, self.format):
                self.done += 1
                yield _row_entry(row)
        except sqlite3.Error as error:
            if not self.done:
                raise HistoryFileError(
                    f"cannot read {self.path} as the history of {self.format}: {error}"
                ) from error
            self.damaged = True


class _Occurrences:
    """How often a command was seen before with the same start.

    Untimed commands are counted over the whole file, by their hashes to save memory. Timed
    ones only while the start stays the same: entries of one second stand together.
    """

    def __init__(self) -> None:
        self._untimed: Counter[int] = Counter()
        self._timed: Counter[int] = Counter()
        self._start: float | None = None

    def count(self, command: str, start: float | None) -> int:
        """0 for the first, 1 for the second …"""
        seen = self._untimed if start is None else self._timed
        if start is not None and start != self._start:
            self._start = start
            self._timed.clear()
        key = hash(command)
        seen[key] += 1
        return seen[key] - 1


def _entry(command: bytes, start: float | None, duration: float | None) -> Entry | None:
    """An entry of a text file; None if no shell can have run `command`."""
    if b"\0" in command or len(command) > MAX_COMMAND_BYTES:
        return None
    return Entry(command.decode("utf-8", "surrogateescape"), _plausible(start), duration)


def _row_entry(row: databases.Row) -> Entry | None:
    """An entry of a database, whose columns may hold any type; None as in `_entry`."""
    command, start, duration, exit, cwd, session, host = row
    if isinstance(command, str):
        command = command.encode("utf-8", "surrogateescape")
    entry = _entry(command, None, None) if isinstance(command, bytes) else None
    return entry and replace(
        entry,
        start=_plausible(start),
        duration=_plausible(duration),
        exit=exit if isinstance(exit, int) else None,
        cwd=cwd if isinstance(cwd, str) else None,
        session=None if session is None else str(session),
        host=host if isinstance(host, str) else None,
    )


def _plausible(seconds: object) -> float | None:
    """`seconds` if it can be a time; zero stands for unknown in every format."""
    if isinstance(seconds, int | float) and 0 < seconds < _LAST_EPOCH:
        return float(seconds)
    return None


def detect(path: Path) -> str:
    """The format of the file at `path`, from its content and, where that is silent, its name.

    Raises HistoryFileError if it cannot be read, or is a database of no tool deja knows.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_SAMPLE_BYTES)
            file.seek(max(len(head), os.fstat(file.fileno()).st_size - _SAMPLE_BYTES))
            tail = file.read(_SAMPLE_BYTES)
    except OSError as error:
        raise HistoryFileError(f"cannot read {path}: {error.strerror}") from error
    if not head.startswith(databases.MAGIC):
        return formats.guess(head + b"\n" + tail, path.name)
    if format := databases.guess(path):
        return format
    raise HistoryFileError(
        f"{path} is a database of no tool that deja knows ({', '.join(DATABASES)}); "
        "export it as text and import that with --format lines"
    )
