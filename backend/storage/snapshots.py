"""Snapshots of the store: whole copies beside it, of which a lost one is made again.

Taken by VACUUM INTO rather than by SQLite's backup API: it reads every row, so that damage shows,
and leaves no page behind that holds a copy of what was removed.
"""

import contextlib
import os
import re
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from backend.storage import erasing

KEPT = 3
DAY_S = 86400.0

# Numbered, since a clock that jumps must not make an old one the newest.
_NEW = "new"
_NAME = re.compile(r"history-(\d{1,9})\.db")


@dataclass(frozen=True)
class Snapshot:
    """A finished snapshot; `taken` in epoch seconds."""

    path: Path
    number: int
    taken: float


@dataclass(frozen=True)
class Contents:
    """How much a snapshot holds, and how often commands had been removed before it was taken."""

    commands: int
    runs: int
    generation: int


def directory(store: Path) -> Path:
    """Where the snapshots of the store at `store` are; it need not exist."""
    return store.with_name("snapshots")


def found(store: Path) -> list[Snapshot]:
    """The snapshots of a store, the newest first."""
    made = []
    with contextlib.suppress(OSError):
        for entry in os.scandir(directory(store)):
            match = _NAME.fullmatch(entry.name)
            if match and entry.is_file(follow_symlinks=False):
                taken = entry.stat(follow_symlinks=False).st_mtime
                made.append(Snapshot(Path(entry.path), int(match[1]), taken))
    return sorted(made, key=lambda snapshot: -snapshot.number)


def is_due(store: Path) -> bool:
    """Whether the newest is older than a day, or of a time that has not come."""
    newest = next(iter(found(store)), None)
    return newest is None or not 0 <= time.time() - newest.taken <= DAY_S


def contents(path: Path) -> Contents:
    """Raises sqlite3.Error if it cannot be read."""
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with contextlib.closing(sqlite3.connect(address, uri=True)) as db:
        (commands,) = db.execute("SELECT COUNT(*) FROM commands").fetchone()
        (runs,) = db.execute("SELECT COUNT(*) FROM runs").fetchone()
        return Contents(commands, runs, erasing.generation(db))


def write(db: sqlite3.Connection, path: Path) -> None:
    """A copy of an open store at `path`, which is replaced. Raises sqlite3.Error or OSError."""
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        db.execute("VACUUM INTO CAST(? AS TEXT)", (os.fsencode(path),))
        sync(path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def prepare(store: Path) -> Path:
    """A copy that is not yet kept, read through a connection of its own, so that the store's may
    be used meanwhile. Raises sqlite3.Error or OSError.
    """
    beside = _beside(store)
    address = f"{store.absolute().as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(address, uri=True, isolation_level=None)) as db:
        write(db, beside)
    return beside


def keep(store: Path) -> Snapshot:
    """Let what `prepare` made be the newest snapshot, and drop the oldest. Raises OSError."""
    before = found(store)
    number = before[0].number + 1 if before else 1
    path = directory(store) / f"history-{number}.db"
    _beside(store).rename(path)
    sync(path.parent)
    for old in before[KEPT - 1 :]:
        old.path.unlink(missing_ok=True)
    return Snapshot(path, number, path.stat().st_mtime)


def take(db: sqlite3.Connection, store: Path) -> Snapshot:
    """A snapshot of an open store. Raises sqlite3.Error or OSError."""
    write(db, _beside(store))
    return keep(store)


def remove(store: Path) -> None:
    """Remove all, since they hold what was removed from the store: one of now comes soon."""
    discard(store)
    for snapshot in found(store):
        snapshot.path.unlink(missing_ok=True)


def discard(store: Path) -> None:
    """Remove what `prepare` made and nobody kept: a daemon that died left it, or it is stale."""
    beside = directory(store) / _NEW
    for suffix in ("", "-journal"):
        with contextlib.suppress(OSError):
            beside.with_name(beside.name + suffix).unlink(missing_ok=True)


def drop_stale(store: Path, generation: int) -> None:
    """Remove those of before the last removal, whose daemon died before it came to them."""
    discard(store)
    for snapshot in found(store):
        with contextlib.suppress(sqlite3.Error, OSError):
            if contents(snapshot.path).generation < generation:
                snapshot.path.unlink(missing_ok=True)


def _beside(store: Path) -> Path:
    made = directory(store)
    made.mkdir(mode=0o700, exist_ok=True)
    return made / _NEW


def sync(path: Path) -> None:
    """Have a file or a directory on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
