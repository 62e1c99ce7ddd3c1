"""What a store knew as a host of a sync, into the one that is made in its place."""

import sqlite3
from collections.abc import Iterable

from backend.storage import erasing
from backend.storage.exchange import hosts, marks
from backend.storage.exchange.records import FORGET
from backend.storage.rescue.salvage import Source
from backend.system.text import to_bytes

# The schema since which there is anything of it.
SINCE = 4

_HOSTS = (
    *("host", "own", "name", "digest_key", "counter", "read_to", "sequence", "chain", "revision"),
    *("written", "differing"),
)
_MARKS = ("host", "counter", "kind", "digest", "of_host", "of_counter")
_KEEPS = (
    *("host", "counter", "command", "digest", "question", "clock", "pinned", "note", "weight"),
    "last_us",
)
_TEXTS = {"name", "chain", "kind", "command", "question", "note"}


def add(db: sqlite3.Connection, source: Source, forgotten: set[bytes]) -> None:
    """Hosts, marks and what is kept, but of commands that were `forgotten` since."""
    if source.version() < SINCE:
        return
    for row in source.rows("sync_hosts", _HOSTS):
        _insert(db, "sync_hosts", _HOSTS, row[1:])
    for row in source.rows("sync_marks", _MARKS):
        _insert(db, "sync_marks", _MARKS, row[1:])
    for row in source.rows("sync_keeps", _KEEPS):
        if isinstance(row[3], str) and erasing.digest(to_bytes(row[3])) not in forgotten:
            _insert(db, "sync_keeps", _KEEPS, row[1:])
    for _, counter in source.rows("sync_stale", ["counter"]):
        _insert(db, "sync_stale", ("counter",), [counter])


def _insert(
    db: sqlite3.Connection, table: str, columns: Iterable[str], row: Iterable[object]
) -> None:
    """Unless a source before this one has it, or damage has made nonsense of it."""
    names = list(columns)
    holes = ("CAST(? AS TEXT)" if name in _TEXTS else "?" for name in names)
    values = [to_bytes(item) if isinstance(item, str) else item for item in row]
    query = f"INSERT OR IGNORE INTO {table}({', '.join(names)}) VALUES({', '.join(holes)})"
    db.execute(query, values)


def is_dead(db: sqlite3.Connection, text: bytes, origin: object, counter: object) -> bool:
    """Whether a tombstone is for this run, which an older source still has."""
    own = hosts.own(db)
    if own is None or not isinstance(origin, int) or not isinstance(counter, int):
        return False
    if marks.is_run_dead(db, origin, counter):
        return True
    found = marks.for_host(db, origin)
    if marks.any_of(db, FORGET):
        found += marks.for_text(db, own.digest(text))
    return marks.kill(db, found, origin, counter)


def finish(db: sqlite3.Connection, whole: bool) -> None:
    """Where not all could be read, all segments are to be read again: they have what is lost."""
    if hosts.own(db) is not None:
        hosts.find_new_runs(db)
        if not whole:
            hosts.begin_anew(db)
