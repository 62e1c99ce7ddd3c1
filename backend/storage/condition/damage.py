"""Whether a store is as SQLite wrote it: what its errors say, and what can be seen for little."""

import contextlib
import sqlite3
from pathlib import Path

from backend.storage.condition import peek, wal

# SQLite's own words for a file that is not as it wrote it.
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100


def is_damage(error: sqlite3.Error) -> bool:
    """Whether an error says that the file is damaged, and not that the disk is full or so."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in _DAMAGE or code == sqlite3.SQLITE_IOERR_SHORT_READ


def damaged(what: str) -> sqlite3.DatabaseError:
    """An error for which `is_damage` holds."""
    problem = sqlite3.DatabaseError(what)
    problem.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return problem


def in_all(path: Path) -> sqlite3.DatabaseError | None:
    """What SQLite finds wrong with a store when it reads all of it, or None."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
            (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        return error if is_damage(error) else None
    return None if found == "ok" else damaged(found)


def check_open(path: Path) -> None:
    """Look at the beginning, the size and the log of a store that is open, in milliseconds.

    Raises sqlite3.DatabaseError, for which `is_damage` holds: nothing more may be written then.
    The caller holds every writer still.
    """
    with contextlib.suppress(OSError):
        header = peek.read(path, _HEADER_BYTES)
        if not header.startswith(_MAGIC):
            raise damaged("file is not a database")
        if path.stat().st_size < _size(header):
            raise damaged("file is cut off")
    if not wal.is_sound(path):
        raise damaged("its write-ahead log is damaged")


def _size(header: bytes) -> int:
    """The least bytes of a store that begins so, 0 if that is not said: bytes 16 to 17 are the size
    of a page, 28 to 31 the number of pages, which counts if bytes 24 to 27 and 92 to 95 agree.
    """
    if len(header) < _HEADER_BYTES or header[24:28] != header[92:96]:
        return 0
    page = int.from_bytes(header[16:18], "big")
    return int.from_bytes(header[28:32], "big") * (65536 if page == 1 else page)
