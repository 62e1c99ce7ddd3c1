"""A store that cannot be used: set aside under a dated name, and made again.

Of what can be read of it, of the newest snapshot, and of what memory or a cache still knows. The
file itself is never changed or deleted, so that a better tool may find more.
"""

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from backend.storage import erasing, schema, snapshots
from backend.storage.condition import damage
from backend.storage.condition.damage import is_damage
from backend.storage.rescue import exchanged, salvage
from backend.storage.rescue.merge import Known, Merge
from backend.storage.snapshots import Snapshot
from backend.storage.store import Store

# From how many removals the store knows, at the least, to the commands that something else holds.
Remembered = Callable[[int], Iterable[Known]]


def nothing(_: int) -> Iterable[Known]:
    """Where there is nothing but the file and its snapshots."""
    return ()


def open_store(path: Path, remembered: Remembered = nothing) -> Store:
    """The store at `path`; if it cannot be used or is gone, a new one with what could be saved.

    Raises sqlite3.Error or OSError if the disk does not let it be opened or made.
    """
    # Of a daemon that died while it wrote its store back.
    _beside(path).unlink(missing_ok=True)
    if _is_lost(path) and (snapshots.found(path) or any(True for _ in remembered(0))):
        return replace(path, "it was empty" if path.exists() else "it was gone", remembered)
    try:
        return Store(path)
    except schema.Unusable as error:
        return replace(path, str(error).removeprefix(f"{path} "), remembered)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return replace(path, str(error), remembered)


def _is_lost(path: Path) -> bool:
    """No store, though there may have been one; a link that leads nowhere is no such case."""
    return not path.is_symlink() and (not path.exists() or path.stat().st_size == 0)


def replace(
    path: Path, reason: str, remembered: Remembered = nothing, open_: Store | None = None
) -> Store:
    """Set the store at `path` aside and make a new one of what is left of it; its note `recovery`
    tells the user where the old one is, why, and what was saved. `open_`: it is open, and closed.
    """
    aside = set_aside(path, open_)
    store = Store(path)
    saved = _fill(store.db, aside, path, remembered)
    sources = [f"the snapshot of {_moment(saved.snapshot)}"] if saved.snapshot else []
    sources += [f"what else knew of {saved.known:,}"] if saved.known else []
    made = f" (also from {' and '.join(sources)})" if sources else ""
    rest = "" if saved.whole else "; for the rest, run: deja import"
    kept = f" and is kept as {aside}" if aside else ""
    store.set_note(
        "recovery",
        f"the history could not be used ({reason}){kept}; "
        f"{saved.commands:,} of its commands were recovered{made}{rest}",
    )
    return store


def put_back(store: Store) -> Store | None:
    """Write an open store to its place again, from which it was taken; None if another sound one
    is there now. Raises sqlite3.Error or OSError.
    """
    path = store.path
    if store.files.are_replaced() and _is_store(path):
        return None
    beside = _beside(path)
    # The system keeps what was removed for whoever has it open.
    snapshots.write(store.db, beside)
    was_replaced = store.files.are_replaced()
    store.close()
    if was_replaced:
        set_aside(path)
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    beside.replace(path)
    return Store(path)


def restore(path: Path, snapshot: Path) -> Path | None:
    """Put a snapshot in the place of the store at `path`, which nobody has open; where that is
    kept. Nothing is changed before a sound copy stands ready.

    Raises sqlite3.Error or OSError.
    """
    problem = damage.in_all(snapshot)
    if problem:
        raise problem
    beside = _beside(path)
    beside.unlink(missing_ok=True)
    beside.touch(0o600)
    shutil.copyfile(snapshot, beside)
    snapshots.sync(beside)
    aside = set_aside(path)
    beside.replace(path)
    return aside


def _beside(path: Path) -> Path:
    """Where a store is written before it takes its place."""
    return path.with_name(f"{path.name}.back")


def _is_store(path: Path) -> bool:
    """Whether a file is a sound store, without the log beside it, which is another's."""
    try:
        address = f"{path.as_uri()}?mode=ro&immutable=1"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as db:
            (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
            return schema.version(db, path) > 0 and bool(found == "ok")
    except (sqlite3.Error, schema.Unusable):
        return False


def _moment(snapshot: Snapshot) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(snapshot.taken))


def set_aside(path: Path, open_: Store | None = None) -> Path | None:
    """Put the file and its write-ahead log under a dated name, where there are any; its index of
    that is made anew from it. To close a store that is open writes to it: a copy is made before.

    Raises OSError.
    """
    aside = _free_name(path)
    for suffix in ("", "-wal"):
        with contextlib.suppress(FileNotFoundError):
            if open_ and path.is_file():
                shutil.copyfile(f"{path}{suffix}", f"{aside}{suffix}")
                Path(f"{aside}{suffix}").chmod(0o600)
            else:
                Path(f"{path}{suffix}").rename(f"{aside}{suffix}")
    if open_:
        with contextlib.suppress(sqlite3.Error):
            open_.close()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    return aside if aside.exists() else None


def _free_name(path: Path) -> Path:
    stamp = time.strftime("%Y-%m-%dT%H-%M-%S")
    names = (f"{path.name}.aside-{stamp}{more}" for more in _numbers())
    return next(aside for name in names if not (aside := path.with_name(name)).exists())


def _numbers() -> Iterator[str]:
    yield ""
    number = 1
    while True:
        number += 1
        yield f"-{number}"


@dataclass(frozen=True)
class _Saved:
    """Commands that were saved, how many of them from memory or a cache alone, the snapshot that
    was used, and whether it can be all.
    """

    commands: int
    known: int
    snapshot: Snapshot | None
    whole: bool


def _fill(db: sqlite3.Connection, aside: Path | None, path: Path, remembered: Remembered) -> _Saved:
    """Fill a new store from all that is left of the one that was at `path`."""
    snapshot = next(iter(snapshots.found(path)), None)
    with contextlib.ExitStack() as stack:
        sources = [stack.enter_context(salvage.readable(aside))] if aside else []
        if snapshot:
            sources.append(stack.enter_context(salvage.as_it_is(snapshot.path)))
        db.execute("PRAGMA foreign_keys=OFF")
        db.execute("BEGIN IMMEDIATE")
        merge = Merge(db)
        forgotten = [merge.forgotten(source) for source in sources]
        generation = max((source.generation() for source in sources), default=0)
        merge.add_known(remembered(generation))
        whole = False
        for source, of_source in zip(sources, forgotten, strict=True):
            # The file itself comes first: where all of it could be read, no snapshot knows more.
            if not whole:
                merge.add(source, set().union(*forgotten) - of_source)
                whole = source.path == aside and not source.failed
        if whole:
            merge.add_progress(sources[0])
        exchanged.finish(db, whole)
        known = merge.finish()
        erasing.set_generation(db, generation)
        db.execute("COMMIT")
        db.execute("PRAGMA foreign_keys=ON")
    (commands,) = db.execute("SELECT COUNT(*) FROM commands").fetchone()
    return _Saved(commands, known, None if whole else snapshot, whole)
