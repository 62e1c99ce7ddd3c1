"""Text search over what is on disk, for when the daemon does not answer.

Standard library and the rules for secrets only. Reads the store and the spool, writes neither,
and works in slices, so that keys are never kept waiting however long the history is.
"""

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator

from backend.wire import protocol
from backend.wire.row import Row

from ..words import Words
from .answer import Answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .answer import Question

# What one look at the keyboard may cost.
SLICE_SECONDS = 0.015

# Only the end of a spool is read: it holds what the daemon has not seen yet.
_LONGEST_SPOOL = 4 << 20
# The store is looked at when the daemon is ill, perhaps in the middle of a write.
_LOCK_SECONDS = 0.02
_BATCH = 500
# What the spool holds is not masked yet. A command that is longer is left out until the daemon has
# taken it: masking it could take as long as a key press may.
_LONGEST_MASKED = 4096

# By id, the order in which commands first came, because it needs no sorting before the first
# row; what matches is sorted afterwards.
_NEWEST_FIRST = """
    SELECT commands.text, commands.runs, commands.last_run_us, commands.last_exit, dirs.path
    FROM commands LEFT JOIN dirs ON dirs.id = commands.last_dir_id
    ORDER BY commands.id DESC
"""


class Disk:
    """The history on disk, read bit by bit, newest first, and kept for the next query."""

    __slots__ = ("_known", "_matches", "_most", "_question", "_rows", "_seen", "_source", "_words")

    def __init__(self, data_dir: str) -> None:
        self._source: Iterator[Row] | None = _history(data_dir)
        self._rows: list[tuple[str, Row]] = []
        self._known: set[str] = set()
        self._question: Question = ("", "", ())
        self._words = Words("")
        self._seen = 0
        self._matches: list[Row] = []
        # How many of the words each match holds: all, or as many as any command does.
        self._most = 0

    def ask(self, question: "Question") -> None:
        """Begin a search; what was read for the one before is looked at again."""
        self._question = question
        self._words = Words(question[0])
        self._seen = 0
        self._matches = []
        self._most = 0

    @property
    def working(self) -> bool:
        """Whether there is history that the present query has not been held against."""
        return self._source is not None or self._seen < len(self._rows)

    def work(self) -> Answer:
        """Search for one slice of time; the answer so far."""
        end = time.monotonic() + SLICE_SECONDS
        while self.working and time.monotonic() < end:
            if self._seen == len(self._rows):
                self._read_batch()
            self._match_batch()
        best = sorted(self._matches, key=_newest_and_most_used, reverse=True)
        query, narrow, hidden = self._question
        words = query.split()
        excluding = {"-" + word for word in self._words.unwanted}
        applied = tuple(word for word in words if word.lower() in excluding)
        return Answer(
            *(query, best, "offline", self._note()),
            narrow=narrow,
            hidden=hidden,
            total=None if self.working else len(self._rows),
            applied=applied,
        )

    def _note(self) -> str:
        notes = ["filters need the daemon"] if self._words.filtered or self._question[1] else []
        if 0 < self._most < len(self._words.wanted):
            notes.append("no command holds all of it; the nearest:")
        return "; ".join(notes)

    def _read_batch(self) -> None:
        for found in self._source or ():
            if found.command not in self._known:
                self._known.add(found.command)
                self._rows.append((found.command.lower(), found))
                if len(self._rows) % _BATCH == 0:
                    return
        self._source = None

    def _match_batch(self) -> None:
        batch = self._rows[self._seen : self._seen + _BATCH]
        self._seen += len(batch)
        whole = [found for lowered, found in batch if self._words.match(lowered)]
        every = len(self._words.wanted)
        if whole and self._most < every:
            self._matches, self._most = [], every
        self._matches += whole
        if every > 1 and self._most < every:
            self._match_in_part(batch)

    def _match_in_part(self, batch: list[tuple[str, Row]]) -> None:
        """While no command holds every word, those with most of them are the nearest."""
        for lowered, found in batch:
            held = self._words.most(lowered)
            if held > self._most:
                self._matches, self._most = [], held
            if held and held == self._most:
                self._matches.append(found)


def _newest_and_most_used(found: Row) -> float:
    """A day of recency for each doubling of use."""
    return (found.last_run or 0.0) + 86400.0 * (found.runs or 1).bit_length()


def _history(data_dir: str) -> Iterator[Row]:
    """The spool's commands, then the store's. What cannot be read is left out."""
    if spooled := _spooled(data_dir):
        yield from _masked(sorted(spooled, key=_newest_and_most_used, reverse=True))
    # A store that is being replaced, damaged or of another schema: the spool must do. A pipe in its
    # place would be waited for.
    store = os.path.join(data_dir, "history.db")  # noqa: PTH118
    with contextlib.suppress(sqlite3.Error):
        if os.path.isfile(store):  # noqa: PTH113
            yield from _stored(store)


def _masked(rows: list[Row]) -> Iterator[Row]:
    """The rows with the values of secrets masked, as the daemon would."""
    # It takes longer to import than all else here, and the spool is empty most of the time.
    from backend.redaction.mask import redact

    for found in rows:
        if len(found.command) <= _LONGEST_MASKED:
            found.command = redact(found.command, found.exit)
            yield found


def _stored(path: str) -> Iterator[Row]:
    """Rows of the store. Raises sqlite3.Error."""
    uri = "file:" + path.replace("%", "%25").replace("?", "%3f").replace("#", "%23") + "?mode=ro"
    connection = sqlite3.connect(uri, uri=True, timeout=_LOCK_SECONDS)
    try:
        connection.text_factory = _text
        for command, runs, last_run_us, exit_code, cwd in connection.execute(_NEWEST_FIRST):
            last_run = last_run_us / 1e6 if last_run_us else None
            yield Row(
                _text(command), runs=runs, last_run=last_run, exit=exit_code, cwd=_text(cwd or "")
            )
    finally:
        connection.close()


def _text(value: bytes | str) -> str:
    """Text that may hold bytes which are not UTF-8, from a text or a blob column."""
    return value if isinstance(value, str) else value.decode("utf-8", "surrogateescape")


def _spooled(data_dir: str) -> list[Row]:
    """What the daemon has not taken in yet."""
    found: list[Row] = []
    # No spool, or one that a daemon takes away under our eyes.
    with contextlib.suppress(OSError), os.scandir(os.path.join(data_dir, "spool")) as entries:  # noqa: PTH118
        for entry in entries:
            if not entry.name.startswith(".") and entry.is_file():
                found += _records(entry.path)
    return found


def _records(path: str) -> list[Row]:
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            file.seek(max(0, os.fstat(file.fileno()).st_size - _LONGEST_SPOOL))
            content = file.read(_LONGEST_SPOOL)
    except OSError:
        return []
    parts = content.split(b"\0" + protocol.RECORD_MARK + b"\0")[1:]
    return [found for part in parts if (found := _record(part))]


def _record(part: bytes) -> Row | None:
    """One record; None if it is torn."""
    messages, _ = protocol.split(part)
    try:
        fields = dict(protocol.decode(messages[0]))
        exit_code = int(fields["exit"]) if "exit" in fields else None
        start = float(fields["start"])
        return Row(fields["cmd"], runs=1, last_run=start, exit=exit_code, cwd=fields.get("cwd"))
    except (IndexError, KeyError, ValueError):
        return None
