"""What can still be read of a store that may be damaged: its tables, row by row."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from backend.storage.condition.damage import is_damage
from backend.storage.store import Store
from backend.system.text import to_text

# Rows skipped one by one behind a damaged page, before the steps grow.
SMALL_STEPS = 2000
_LAST_ROW = 2**62

# What SQLite gives a new file, and so every store.
PAGE_BYTES = 4096


class Source:
    """A store to be read whatever is wrong with it. `failed`: some of it could not be."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        db.text_factory = to_text
        self._db = db
        self.path = path
        self.failed = False

    def version(self) -> int:
        """Its schema; 0 if that cannot be read."""
        with contextlib.suppress(sqlite3.DatabaseError):
            return int(self._db.execute("PRAGMA user_version").fetchone()[0])
        return 0

    def generation(self) -> int:
        """How often commands had been removed from it, as far as that can be read."""
        notes = {row[1]: str(row[2]) for row in self.rows("notes", ["key", "value"])}
        found = notes.get("generation", "0")
        return int(found) if found.isascii() and found.isdigit() else 0

    def rows(self, table: str, columns: Iterable[str]) -> Iterator[tuple[object, ...]]:
        """The rows of a table in order of rowid, this first; those on damaged pages are skipped."""
        query = (
            f"SELECT rowid, {', '.join(columns)} FROM {table} NOT INDEXED"
            " WHERE rowid > ? ORDER BY rowid"
        )
        after, failures = 0, 0
        while after < _LAST_ROW:
            try:
                for row in self._db.execute(query, (after,)):
                    after, failures = row[0], 0
                    yield row
                return
            except sqlite3.DatabaseError as error:
                self.failed = True
                if not is_damage(error):
                    return  # no such table or column: nothing to read at all
                failures += 1
                after += 1 if failures <= SMALL_STEPS else 1 << (failures - SMALL_STEPS)


@contextlib.contextmanager
def readable(path: Path) -> Iterator[Source]:
    """A copy of the store at `path`, since SQLite writes to what it opens, with a sound first page.

    Raises OSError if there is no room for the copy.
    """
    copy = path.with_name("history.db.reading")
    for suffix in ("", "-wal", "-shm"):
        copy.with_name(copy.name + suffix).unlink(missing_ok=True)
    try:
        for suffix in ("", "-wal"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(f"{path}{suffix}", f"{copy}{suffix}")
        if not _has_tables(copy):
            _graft(copy)
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as db:
            yield Source(db, path)
    finally:
        for suffix in ("", "-wal", "-shm"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)


@contextlib.contextmanager
def as_it_is(path: Path) -> Iterator[Source]:
    """A store that nobody writes to, opened so that nothing is written beside it."""
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with contextlib.closing(sqlite3.connect(address, uri=True)) as db:
        yield Source(db, path)


def _has_tables(path: Path) -> bool:
    with contextlib.closing(sqlite3.connect(path)) as db:
        try:
            return bool(db.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0])
        except sqlite3.DatabaseError:
            return False


def _graft(path: Path) -> None:
    """Give a file whose first page is lost that of an empty store: the tables begin on the same
    pages. The file's true size goes to its place in the header, bytes 28 to 31; no page is free.
    """
    empty = path.with_name(f"{path.name}.empty")
    Store(empty).close()
    page = bytearray(empty.read_bytes()[:PAGE_BYTES])
    empty.unlink()
    page[28:40] = (path.stat().st_size // PAGE_BYTES).to_bytes(4, "big") + bytes(8)
    with path.open("r+b") as file:
        file.write(page)
