"""What the storage held when it was last looked at: what has changed since is told by its size.

A cache: if it is lost, every file is read and checked once more.
"""

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from backend.sync import places
from backend.sync.layout import segment_name
from backend.sync.segment import Header


class Note(NamedTuple):
    """A sound file: its size in bytes, and its header."""

    size: int
    header: Header


class Seen:
    """Notes by the name of the file."""

    def __init__(self, path: Path, key: str) -> None:
        """key: the fingerprint of the identity; another one's notes are none."""
        self._path = path
        self._key = key
        self._notes: dict[str, Note] = {}
        self._is_changed = False
        facts = places.read_json(path) or {}
        if facts.get("key") == key:
            # One that is damaged, or of another deja, says nothing.
            with contextlib.suppress(KeyError, AttributeError, TypeError, ValueError):
                self._notes = {
                    name: Note(size, Header(*header))
                    for name, (size, header) in facts["files"].items()
                }

    def note(self, host: str, sequence: int) -> Note | None:
        return self._notes.get(segment_name(host, sequence))

    def put(self, header: Header, size: int) -> None:
        self._notes[segment_name(header.host, header.sequence)] = Note(size, header)
        self._is_changed = True

    def of(self, host: str, sequences: Iterable[int]) -> list[Note]:
        """The notes that there are, in order."""
        found = (self.note(host, sequence) for sequence in sequences)
        return [note for note in found if note]

    def drop(self, host: str, sequence: int) -> None:
        self._is_changed |= self._notes.pop(segment_name(host, sequence), None) is not None

    def keep_only(self, names: set[str]) -> None:
        """Forget files that the storage no longer lists."""
        gone = self._notes.keys() - names
        for name in gone:
            del self._notes[name]
        self._is_changed |= bool(gone)

    def save(self) -> None:
        if self._is_changed:
            files = {name: [note.size, list(note.header)] for name, note in self._notes.items()}
            places.write_json(self._path, {"key": self._key, "files": files})
            self._is_changed = False


def uncovered(notes: Iterable[Note], upto: int) -> tuple[int, int] | None:
    """The first stretch of numbers from 1 to `upto` that no file holds, or None."""
    covered = 0
    for note in sorted(notes, key=lambda note: note.header.start):
        if note.header.start > covered + 1:
            return covered + 1, note.header.start - 1
        covered = max(covered, note.header.sequence)
    return (covered + 1, upto) if covered < upto else None


def held(notes: Iterable[Note], sequence: int) -> bool:
    """Whether a file of a later number holds the records of this one, too."""
    return any(note.header.start <= sequence < note.header.sequence for note in notes)
