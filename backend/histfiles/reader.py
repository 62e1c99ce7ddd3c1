"""History files read as records, for the store.

    history = HistoryFile(path, detect(path))
    for record in history: …
    report(history.unreadable)

Reading streams: memory does not grow with the file, but for the counts of untimed commands, and for
what is pinned and noted.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from backend.histfiles.formats import FORMATS, LINES_OF_RUNS, TEXT, HistoryFileError
from backend.histfiles.runs import databases, jsonl, xonsh
from backend.histfiles.runs.databases import DATABASES, Row
from backend.histfiles.textfile import MAX_ENTRY_BYTES, Entry, read_lines
from backend.system.text import to_text
from backend.wire.record import Record

# So many lines that cannot be used are named; of more there is the number.
MOST_NAMED = 20

# Later than the year 5000 is damage, not a date.
_LATEST = 1e11


class HistoryFile:
    """The records of one file, in its order; iterate it once. Their `shell` is the format, unless
    the file tells it.

    unreadable: entries skipped so far, because they hold a NUL, are longer than
    textfile.MAX_ENTRY_BYTES or are no runs; where lines have numbers, `refused` says which, and
    why.
    damaged: a database could be read no further; what came before stands.
    pinned, notes: commands of which the file says so, and what.
    """

    def __init__(self, path: Path, format: str) -> None:
        """Opens nothing yet. Raises HistoryFileError for a format that is not in FORMATS."""
        if format not in FORMATS:
            raise HistoryFileError(f"no history format {format!r}; use one of {', '.join(FORMATS)}")
        self.path = path
        self.format = format
        self.unreadable = 0
        self.refused: list[str] = []
        self.damaged = False
        self.pinned: set[str] = set()
        self.notes: dict[str, str] = {}
        # By their hashes, to save memory.
        self._untimed: Counter[int] = Counter()

    def __iter__(self) -> Iterator[Record]:
        """Records; blank ones are left out. Raises HistoryFileError if nothing can be read."""
        for record in self._records():
            if record is None:
                self.unreadable += 1
            elif record.command.strip():
                yield record

    def _records(self) -> Iterator[Record | None]:
        if self.format in LINES_OF_RUNS:
            return self._lines()
        if self.format == xonsh.NAME:
            return self._session()
        return self._rows() if self.format in DATABASES else self._entries()

    def _lines(self) -> Iterator[Record | None]:
        try:
            with self.path.open("rb") as file:
                for number, line in enumerate(read_lines(file), 1):
                    if line.strip():
                        yield self._line(number, line)
        except OSError as error:
            raise HistoryFileError(f"cannot read {self.path}: {error.strerror}") from error

    def _line(self, number: int, line: bytes) -> Record | None:
        try:
            found = LINES_OF_RUNS[self.format][1](line)
        except jsonl.NotARun as error:
            if len(self.refused) < MOST_NAMED:
                self.refused.append(f"line {number:,}: {error}")
            return None
        record = found.record
        if found.pinned:
            self.pinned.add(record.command)
        if found.note:
            self.notes[record.command] = found.note
        start, duration = _plausible(record.start), _lasted(record.duration)
        nth = self._nth(record.command) if start is None else None
        return replace(record, start=start, duration=duration, nth=nth)

    def _entries(self) -> Iterator[Record | None]:
        try:
            with self.path.open("rb") as file:
                for entry in TEXT[self.format].entries(read_lines(file)):
                    yield self._record(entry)
        except OSError as error:
            raise HistoryFileError(f"cannot read {self.path}: {error.strerror}") from error

    def _rows(self) -> Iterator[Record | None]:
        read = 0
        try:
            for row in databases.rows(self.path, self.format):
                read += 1
                yield self._run(row)
        except sqlite3.Error as error:
            if not read:
                raise HistoryFileError(
                    f"cannot read {self.path} as the history of {self.format}: {error}"
                ) from error
            self.damaged = True

    def _session(self) -> Iterator[Record | None]:
        try:
            yield from map(self._run, xonsh.rows(self.path))
        except (OSError, ValueError) as error:
            told = error.strerror if isinstance(error, OSError) else error
            raise HistoryFileError(f"cannot read {self.path} as {self.format}: {told}") from error

    def _run(self, row: Row) -> Record | None:
        record = self._record(row)
        return record and replace(
            record, exit=row.exit, cwd=row.cwd, session=row.session, host=row.host
        )

    def _record(self, run: Entry | Row) -> Record | None:
        """What a text file or a database knows alike; None if no shell can have run it."""
        command = run.command
        if command is None or b"\0" in command or len(command) > MAX_ENTRY_BYTES:
            return None
        text = to_text(command)
        start, duration = _plausible(run.start), _plausible(run.duration)
        nth = self._nth(text) if start is None else None
        # A shell that has two formats is one shell.
        return Record(text, start, duration, shell=self.format.partition("-")[0], nth=nth)

    def _nth(self, command: str) -> int:
        """Which untimed run of the command this is in the file. A store that adds those above
        the runs it knows has in the end as many as any one import has seen.
        """
        key = hash(command)
        self._untimed[key] += 1
        return self._untimed[key]


def _lasted(seconds: float | None) -> float | None:
    return seconds if seconds is not None and 0 <= seconds < _LATEST else None


def _plausible(seconds: float | None) -> float | None:
    """`seconds` if it can be a time; zero stands for unknown in every format."""
    return seconds if seconds is not None and 0 < seconds < _LATEST else None
