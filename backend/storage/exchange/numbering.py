"""This host's own stream: what is new is numbered, and handed out in order."""

import sqlite3

from backend.storage.adding import MICRO
from backend.storage.exchange import hosts, keeps, marks
from backend.storage.exchange.hosts import Own
from backend.storage.exchange.records import FORGET, Exchanged, Run
from backend.wire.record import Record

_LAST = 2**62


def number(db: sqlite3.Connection, own: Own, most: int) -> int:
    """Give what is new its numbers: marks and keeps, then up to `most` runs in the order in which
    they came; how many runs there were.
    """
    keeps.note_changes(db, own)
    marks.see(db, own, marks.for_host(db, own.host))
    marks.number(db, own)
    keeps.number(db, own)
    rows = db.execute(
        "SELECT r.id, CAST(c.text AS BLOB) FROM runs r JOIN commands c ON c.id = r.command_id"
        " WHERE r.origin IS NULL ORDER BY r.id LIMIT ?",
        (most,),
    ).fetchall()
    if marks.any_of(db, FORGET):
        # What is there although a tombstone names it was typed again after that was applied.
        for text in {text for _, text in rows}:
            marks.see(db, own, marks.for_text(db, own.digest(text)))
        marks.number(db, own)
    first = hosts.take_counters(db, len(rows))
    values = [(own.host, first + at, id) for at, (id, _) in enumerate(rows)]
    db.executemany("UPDATE runs SET origin = ?, counter = ? WHERE id = ?", values)
    return len(rows)


def waiting(db: sqlite3.Connection) -> int:
    """How much has no number yet."""
    runs = "SELECT COUNT(*) FROM runs WHERE origin IS NULL"
    unnumbered = "SELECT COUNT(*) FROM sync_marks WHERE counter IS NULL"
    counts = (db.execute(query).fetchone()[0] for query in (runs, unnumbered))
    return sum(map(int, counts)) + keeps.waiting(db)


def between(
    db: sqlite3.Connection, host: int, after: int, last: int = _LAST, most: int = 1000
) -> list[Exchanged]:
    """The records of a host with counters above `after`, up to `last`, as they are now: at most so
    many, in order.
    """
    found: list[Exchanged] = [
        *_runs(db, host, after, last, most),
        *marks.between(db, host, after, last, most),
        *keeps.between(db, host, after, last, most),
    ]
    return sorted(found, key=lambda record: record.counter)[:most]


def _runs(db: sqlite3.Connection, host: int, after: int, last: int, most: int) -> list[Run]:
    rows = db.execute(
        "SELECT r.counter, c.text, r.start_us, r.duration_us, r.exit, d.path, r.session, r.host,"
        " r.shell, r.author FROM runs r JOIN commands c ON c.id = r.command_id"
        " LEFT JOIN dirs d ON d.id = r.dir_id"
        " WHERE r.origin = ? AND r.counter > ? AND r.counter <= ? ORDER BY r.counter LIMIT ?",
        (host, after, last, most),
    )
    return [
        Run(host, counter, Record(text, _seconds(start), _seconds(duration), *rest))
        for counter, text, start, duration, *rest in rows
    ]


def _seconds(us: int | None) -> float | None:
    return None if us is None else us / MICRO
