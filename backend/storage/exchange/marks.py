"""Tombstones, and which of them a host had applied when it went on: what is dead, what lives.

A run or a keep (H, c) is dead if a tombstone (G, g) for its text or its host was written by H
itself after it, or by another host while H had not said below c that it has applied it. That is a
function of the records alone, so that their order of arrival does not matter. `seen` covers all
tombstones of a host up to a counter, since a stream is applied in order.
"""

import sqlite3
from collections.abc import Iterable

from backend.storage.exchange import hosts
from backend.storage.exchange.hosts import Own
from backend.storage.exchange.records import FORGET, FORGET_HOST, FORGET_RUN, SEEN, Mark

Tombstones = list[tuple[int, int]]

# Stands for the number of a record that has none yet: all that have one come before it.
NOT_YET = 2**62


def add(db: sqlite3.Connection, mark: Mark) -> bool:
    """Keep a mark; False if it is here already."""
    added = db.execute(
        "INSERT OR IGNORE INTO sync_marks(host, counter, kind, digest, of_host, of_counter)"
        " VALUES(?,?,?,?,?,?)",
        (mark.host, mark.counter, mark.kind, mark.digest, mark.of_host, mark.of_counter),
    )
    return added.rowcount == 1


def add_own(db: sqlite3.Connection, own: Own, kind: str, *of: bytes | int | None) -> Mark:
    """A mark of this host, which gets its number later: digest, of_host, of_counter."""
    digest, of_host, of_counter = (*of, None, None, None)[:3]
    assert digest is None or isinstance(digest, bytes)
    assert not isinstance(of_host, bytes) and not isinstance(of_counter, bytes)
    mark = Mark(own.host, NOT_YET, kind, digest, of_host, of_counter)
    db.execute(
        "INSERT INTO sync_marks(host, kind, digest, of_host, of_counter) VALUES(?,?,?,?,?)",
        (own.host, kind, digest, of_host, of_counter),
    )
    return mark


def for_text(db: sqlite3.Connection, digest: bytes) -> Tombstones:
    """The tombstones of a command: (host, counter)."""
    query = "SELECT host, COALESCE(counter, ?) FROM sync_marks WHERE digest = ?"
    return db.execute(query, (NOT_YET, digest)).fetchall()


def for_host(db: sqlite3.Connection, host: int) -> Tombstones:
    """The tombstones of all of a host."""
    query = "SELECT host, COALESCE(counter, ?) FROM sync_marks WHERE kind = ? AND of_host = ?"
    return db.execute(query, (NOT_YET, FORGET_HOST, host)).fetchall()


def kill(db: sqlite3.Connection, tombstones: Iterable[tuple[int, int]], host: int, at: int) -> bool:
    """Whether one of these tombstones is for the record (host, at), which has its text or host."""
    return any(
        at < counter if by == host else not _had_seen(db, host, at, by, counter)
        for by, counter in tombstones
    )


def _had_seen(db: sqlite3.Connection, host: int, at: int, by: int, counter: int) -> bool:
    """Whether `host` had said before its record `at` that it has applied the tombstone."""
    query = (
        "SELECT 1 FROM sync_marks WHERE of_host = ? AND of_counter >= ? AND kind = ?"
        " AND host = ? AND COALESCE(counter, ?) < ?"
    )
    values = by, counter, SEEN, host, NOT_YET - 1, at
    return db.execute(query, values).fetchone() is not None


def is_run_dead(db: sqlite3.Connection, host: int, counter: int) -> bool:
    """Whether there is a tombstone for just this run."""
    query = "SELECT 1 FROM sync_marks WHERE of_host = ? AND of_counter = ? AND kind = ?"
    return db.execute(query, (host, counter, FORGET_RUN)).fetchone() is not None


def any_of(db: sqlite3.Connection, kind: str) -> bool:
    """Whether there are marks of a kind; of tombstones for commands there is an index."""
    where = "digest IS NOT NULL" if kind == FORGET else "of_host IS NOT NULL AND kind = ?"
    values = () if kind == FORGET else (kind,)
    query = f"SELECT 1 FROM sync_marks WHERE {where} LIMIT 1"
    return db.execute(query, values).fetchone() is not None


def is_forgotten(db: sqlite3.Connection, text: bytes) -> bool:
    """Whether some host has forgotten this command: an import must not bring it back."""
    if not any_of(db, FORGET):
        return False
    own = hosts.own(db)
    return own is not None and bool(for_text(db, own.digest(text)))


def see(db: sqlite3.Connection, own: Own, tombstones: Iterable[tuple[int, int]]) -> None:
    """Say that these are applied, where that has not been said: what comes next, lives."""
    latest: dict[int, int] = {}
    for by, counter in tombstones:
        if by != own.host:
            latest[by] = max(counter, latest.get(by, 0))
    for by, counter in latest.items():
        if not _had_seen(db, own.host, NOT_YET, by, counter):
            add_own(db, own, SEEN, None, by, counter)


def number(db: sqlite3.Connection, own: Own) -> None:
    """Give the marks of this host that have none their numbers."""
    query = "SELECT rowid FROM sync_marks WHERE counter IS NULL ORDER BY rowid"
    for (rowid,) in db.execute(query).fetchall():
        values = hosts.next_counter(db), rowid
        db.execute("UPDATE sync_marks SET counter = ? WHERE rowid = ?", values)


def between(db: sqlite3.Connection, host: int, after: int, last: int, most: int) -> list[Mark]:
    """The marks of a host with counters above `after`, up to `last`, in order."""
    rows = db.execute(
        "SELECT host, counter, kind, digest, of_host, of_counter FROM sync_marks"
        " WHERE host = ? AND counter > ? AND counter <= ? ORDER BY counter LIMIT ?",
        (host, after, last, most),
    )
    return [Mark(*row) for row in rows]
