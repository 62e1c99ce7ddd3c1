"""A store that cannot be used: set aside under a dated name, and what can be read of it saved.

The file itself is never changed or deleted, so that a better tool may find more.
"""

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from backend.storage import schema, sums
from backend.storage.store import Store
from backend.system.text import to_bytes, to_text

# SQLite's own words for a file that is not as it wrote it.
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

# Rows skipped one by one behind a damaged page, before the steps grow.
SMALL_STEPS = 2000
_LAST_ROW = 2**62

# What SQLite gives a new file, and so every store.
PAGE_BYTES = 4096

# Column and kind, in this order because later tables point at earlier ones. As of version 1; a
# later schema has these columns too, or its rows are not read.
_TABLES: dict[str, dict[str, type]] = {
    "dirs": {"id": int, "path": str, "repo": str},
    "commands": {"id": int, "text": str, "last_run_us": int, "last_exit": int, "last_dir_id": int},
    "runs": {
        "id": int,
        "command_id": int,
        "start_us": int,
        "duration_us": int,
        "exit": int,
        "dir_id": int,
        "session": str,
        "host": str,
        "shell": str,
        "imported": int,
        "previous_id": int,
    },
    "spool_progress": {"name": str, "head": bytes, "offset": int},
    "forgotten": {"digest": bytes},
    "picks": {"question": str, "command_id": int, "weight": float, "last_us": int},
}

# What was read must hang together, whatever is missing.
_JOIN = (
    "DELETE FROM runs WHERE command_id NOT IN (SELECT id FROM commands)",
    "DELETE FROM picks WHERE command_id NOT IN (SELECT id FROM commands)",
    "UPDATE runs SET dir_id = NULL WHERE dir_id NOT IN (SELECT id FROM dirs)",
    "UPDATE commands SET last_dir_id = NULL WHERE last_dir_id NOT IN (SELECT id FROM dirs)",
)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error says that the file is damaged, and not that the disk is full or so."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


def damage(path: Path) -> sqlite3.DatabaseError | None:
    """What SQLite finds wrong with a store when it reads all of it, or None."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
            (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return error if is_damage(error) else None
    if found == "ok":
        return None
    problem = sqlite3.DatabaseError(found)
    problem.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return problem


def open_store(path: Path) -> Store:
    """The store at `path`; if it cannot be used, a new one with what could be saved.

    Raises sqlite3.Error or OSError if the disk does not let it be opened or made.
    """
    try:
        return Store(path)
    except schema.Unusable as error:
        return replace(path, str(error).removeprefix(f"{path} "))
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return replace(path, str(error))


def replace(path: Path, reason: str) -> Store:
    """Set the store at `path` aside and make a new one of what can be read of it; its note
    `recovery` tells the user where the old one is, why, and what was saved.
    """
    aside = _set_aside(path)
    store = Store(path)
    commands, whole = _salvage(aside, store.db)
    rest = "" if whole else "; for the rest, run: deja import"
    store.set_note(
        "recovery",
        f"the history could not be used ({reason}) and is kept as {aside}; "
        f"{commands:,} of its commands were recovered{rest}",
    )
    return store


def _set_aside(path: Path) -> Path:
    """Rename the file and its write-ahead log; its index of that is made anew from it."""
    stamp = time.strftime("%Y-%m-%dT%H-%M-%S")
    aside = path.with_name(f"{path.name}.aside-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.aside-{stamp}-{number}")
    with contextlib.suppress(FileNotFoundError):
        path.with_name(f"{path.name}-wal").rename(aside.with_name(f"{aside.name}-wal"))
    path.rename(aside)
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    return aside


def _salvage(aside: Path, into: sqlite3.Connection) -> tuple[int, bool]:
    """Copy every row that can be read. The number of commands, and whether all could be read."""
    whole = True
    with _readable(aside) as db:
        into.execute("PRAGMA foreign_keys=OFF")
        into.execute("BEGIN IMMEDIATE")
        for table, columns in _TABLES.items():
            rows = _Rows(db, table, columns)
            for row in rows:
                whole &= _insert(into, table, columns, row)
            whole &= not rows.failed
        for statement in _JOIN:
            into.execute(statement)
        sums.renew_all(into)
        into.execute("COMMIT")
        into.execute("PRAGMA foreign_keys=ON")
    return into.execute("SELECT COUNT(*) FROM commands").fetchone()[0], whole


@contextlib.contextmanager
def _readable(aside: Path) -> Iterator[sqlite3.Connection]:
    """A copy, since SQLite writes to what it opens, with a sound first page."""
    copy = aside.with_name("history.db.reading")
    for suffix in ("", "-wal", "-shm"):
        copy.with_name(copy.name + suffix).unlink(missing_ok=True)
    try:
        for suffix in ("", "-wal"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(f"{aside}{suffix}", f"{copy}{suffix}")
        if not _has_tables(copy):
            _graft(copy)
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as db:
            db.text_factory = to_text
            yield db
    finally:
        for suffix in ("", "-wal", "-shm"):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)


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


class _Rows:
    """Rows of a table in order of rowid; what lies on damaged pages is skipped, and `failed`."""

    def __init__(self, db: sqlite3.Connection, table: str, columns: Iterable[str]) -> None:
        self._db = db
        self._query = (
            f"SELECT rowid, {', '.join(columns)} FROM {table} NOT INDEXED"
            " WHERE rowid > ? ORDER BY rowid"
        )
        self.failed = False

    def __iter__(self) -> Iterator[tuple[object, ...]]:
        after, failures = 0, 0
        while after < _LAST_ROW:
            try:
                for row in self._db.execute(self._query, (after,)):
                    after, failures = row[0], 0
                    yield row[1:]
                return
            except sqlite3.DatabaseError as error:
                self.failed = True
                if not is_damage(error):
                    return  # no such table or column: nothing to read at all
                failures += 1
                after += 1 if failures <= SMALL_STEPS else 1 << (failures - SMALL_STEPS)


def _insert(
    db: sqlite3.Connection, table: str, columns: Mapping[str, type], row: tuple[object, ...]
) -> bool:
    """Whether the row fits the table: damage may have turned it into anything."""
    pairs = list(zip(row, columns.values(), strict=True))
    if not all(value is None or isinstance(value, kind) for value, kind in pairs):
        return False
    holes = ",".join("CAST(? AS TEXT)" if kind is str else "?" for kind in columns.values())
    values = [to_bytes(value) if isinstance(value, str) else value for value in row]
    query = f"INSERT OR IGNORE INTO {table}({', '.join(columns)}) VALUES({holes})"
    try:
        return db.execute(query, values).rowcount == 1
    except sqlite3.DatabaseError:
        return False
