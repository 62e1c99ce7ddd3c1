"""Pins, notes and picks of all hosts: of each host the last word, and of those the latest by
(clock, host) holds here.

`sync_base` is what held here when it was last compared: what differs from it was changed by this
store's user since, and is the newest word.
"""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

from backend.storage.exchange import hosts, marks
from backend.storage.exchange.hosts import Own
from backend.storage.exchange.records import Keep
from backend.system.text import to_bytes

# (command_id, question, pinned, note, weight, last_us): question is empty for pin and note.
State = tuple[int, str, int | None, str | None, float | None, int | None]

_CHANGED = """SELECT k.command_id, '', k.pinned, k.note, NULL, NULL FROM kept k
    LEFT JOIN sync_base b ON b.command_id = k.command_id AND b.question = ''
    WHERE b.command_id IS NULL OR b.pinned IS NOT k.pinned OR b.note IS NOT k.note
UNION ALL SELECT b.command_id, '', 0, NULL, NULL, NULL FROM sync_base b
    LEFT JOIN kept k ON k.command_id = b.command_id
    WHERE b.question = '' AND k.command_id IS NULL
UNION ALL SELECT p.command_id, p.question, NULL, NULL, p.weight, p.last_us FROM picks p
    LEFT JOIN sync_base b ON b.command_id = p.command_id AND b.question = p.question
    WHERE b.command_id IS NULL OR b.weight IS NOT p.weight"""

_LATEST = """SELECT pinned, note, weight, last_us FROM sync_keeps
    WHERE command = CAST(? AS TEXT) AND question = CAST(? AS TEXT)
    ORDER BY clock DESC, host DESC LIMIT 1"""

_COLUMNS = "host, counter, command, clock, question, pinned, note, weight, last_us"


def note_changes(db: sqlite3.Connection, own: Own) -> None:
    """Make a record, which gets its number later, of each thing that this store's user changed."""
    for state in db.execute(_CHANGED).fetchall():
        command_id, question, pinned, note, weight, last_us = state
        (text,) = db.execute(
            "SELECT CAST(text AS BLOB) FROM commands WHERE id = ?", (command_id,)
        ).fetchone()
        latest = db.execute(_LATEST, (text, to_bytes(question))).fetchone()
        if latest is None or latest[:3] != (pinned, note, weight):
            (clock,) = db.execute("SELECT COALESCE(MAX(clock), 0) + 1 FROM sync_keeps").fetchone()
            values = clock, question, pinned, note, weight, last_us
            _put(db, own, (own.host, None, text), *values)
        _set_base(db, state)


def _put(
    db: sqlite3.Connection,
    own: Own,
    by: tuple[int, int | None, bytes],
    clock: int,
    question: str,
    pinned: int | None,
    note: str | None,
    weight: float | None,
    last_us: int | None,
) -> bool:
    """Keep what (host, counter) says of a command, unless that host has said something since."""
    host, counter, text = by
    digest = hosts.short(own.digest(text))
    added = db.execute(
        "INSERT INTO sync_keeps(host, counter, command, digest, question, clock, pinned, note,"
        " weight, last_us) VALUES(?, ?, CAST(? AS TEXT), ?, CAST(? AS TEXT), ?, ?,"
        " CAST(? AS TEXT), ?, ?) ON CONFLICT(command, question, host) DO UPDATE SET"
        " counter = excluded.counter, clock = excluded.clock, pinned = excluded.pinned,"
        " note = excluded.note, weight = excluded.weight, last_us = excluded.last_us"
        " WHERE excluded.counter IS NULL OR excluded.counter > sync_keeps.counter",
        (
            *(host, counter, text, digest, to_bytes(question), clock, pinned),
            *(None if note is None else to_bytes(note), weight, last_us),
        ),
    )
    return added.rowcount == 1


def _set_base(db: sqlite3.Connection, state: State) -> None:
    command_id, question, pinned, note, weight, _ = state
    asked = to_bytes(question)
    db.execute(
        "DELETE FROM sync_base WHERE command_id = ? AND question = CAST(? AS TEXT)",
        (command_id, asked),
    )
    if pinned or note is not None or weight is not None:
        db.execute(
            "INSERT INTO sync_base(command_id, question, pinned, note, weight)"
            " VALUES(?, CAST(? AS TEXT), ?, CAST(? AS TEXT), ?)",
            (command_id, asked, pinned, None if note is None else to_bytes(note), weight),
        )


def waiting(db: sqlite3.Connection) -> int:
    """How much has been changed by this store's user, or has no number yet."""
    (changed,) = db.execute(f"SELECT COUNT(*) FROM ({_CHANGED})").fetchone()
    query = "SELECT COUNT(*) FROM sync_keeps WHERE counter IS NULL"
    return int(changed) + int(db.execute(query).fetchone()[0])


def number(db: sqlite3.Connection, own: Own) -> None:
    """Give what this host keeps, where it has none, its numbers."""
    query = "SELECT rowid, CAST(command AS BLOB) FROM sync_keeps WHERE counter IS NULL"
    found = db.execute(f"{query} ORDER BY clock, rowid").fetchall()
    for _, text in found:
        marks.see(db, own, marks.for_text(db, own.digest(text)))
    marks.number(db, own)
    for rowid, _ in found:
        values = hosts.next_counter(db), rowid
        db.execute("UPDATE sync_keeps SET counter = ? WHERE rowid = ?", values)


def add(db: sqlite3.Connection, own: Own, keep: Keep) -> bool:
    """Take in what a host keeps of a command; False if it is known, or dead."""
    text = to_bytes(keep.command)
    tombstones = marks.for_text(db, own.digest(text)) + marks.for_host(db, keep.host)
    if marks.kill(db, tombstones, keep.host, keep.counter):
        return False
    by = keep.host, keep.counter, text
    pinned = None if keep.pinned is None else int(keep.pinned)
    return _put(
        db, own, by, keep.clock, keep.question, pinned, keep.note, keep.weight, keep.last_us
    )


def pending(db: sqlite3.Connection) -> list[int]:
    """Commands of which hosts keep something that may not hold here yet: they were typed since."""
    query = (
        "SELECT DISTINCT c.id FROM sync_keeps s JOIN commands c ON c.text = s.command"
        " WHERE NOT EXISTS (SELECT 1 FROM sync_base b WHERE b.command_id = c.id)"
    )
    return [id for (id,) in db.execute(query)]


def settle(db: sqlite3.Connection, ids: Iterable[int]) -> list[int]:
    """Have the latest word hold here, for these commands; those of which the note or the pin has
    changed.
    """
    return [id for id in ids if _settle(db, id)]


def _settle(db: sqlite3.Connection, id: int) -> bool:
    row = db.execute("SELECT CAST(text AS BLOB) FROM commands WHERE id = ?", (id,)).fetchone()
    if row is None:
        return False
    query = (
        "SELECT question FROM sync_keeps WHERE command = CAST(:text AS TEXT)"
        " UNION SELECT question FROM sync_base WHERE command_id = :id"
    )
    changed = False
    for (question,) in db.execute(query, {"text": row[0], "id": id}).fetchall():
        nothing = (None if question else 0, None, None)
        base = db.execute(
            "SELECT pinned, note, weight FROM sync_base"
            " WHERE command_id = ? AND question = CAST(? AS TEXT)",
            (id, to_bytes(question)),
        ).fetchone()
        latest = db.execute(_LATEST, (row[0], to_bytes(question))).fetchone() or (*nothing, None)
        if (base or nothing) == latest[:3]:
            continue
        state = (id, question, *latest)
        if question:
            _hold_pick(db, state)
        else:
            _hold(db, state)
            changed = True
        _set_base(db, state)
    return changed


def _hold(db: sqlite3.Connection, state: State) -> None:
    id, _, pinned, note, *_ = state
    db.execute("DELETE FROM kept WHERE command_id = ?", (id,))
    if pinned or note is not None:
        db.execute(
            "INSERT INTO kept(command_id, pinned, note) VALUES(?, ?, CAST(? AS TEXT))",
            (id, pinned, None if note is None else to_bytes(note)),
        )


def _hold_pick(db: sqlite3.Connection, state: State) -> None:
    id, question, _, _, weight, last_us = state
    asked = to_bytes(question)
    db.execute("DELETE FROM picks WHERE command_id = ? AND question = CAST(? AS TEXT)", (id, asked))
    if weight is not None:
        db.execute(
            "INSERT INTO picks(question, command_id, weight, last_us)"
            " VALUES(CAST(? AS TEXT), ?, ?, ?)",
            (asked, id, weight, last_us),
        )


def between(db: sqlite3.Connection, host: int, after: int, last: int, most: int) -> list[Keep]:
    """What a host keeps, with counters above `after`, up to `last`, in order."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM sync_keeps WHERE host = ? AND counter > ? AND counter <= ?"
        " ORDER BY counter LIMIT ?",
        (host, after, last, most),
    )
    return [_keep(*row) for row in rows]


def _keep(
    host: int,
    counter: int,
    command: str,
    clock: int,
    question: str,
    pinned: int | None,
    *rest: Any,
) -> Keep:
    is_pinned = None if pinned is None else bool(pinned)
    return Keep(host, counter, command, clock, question, is_pinned, *rest)


def mask(db: sqlite3.Connection, own: Own, before: bytes, text: bytes) -> None:
    """What hosts keep of the command `before` they keep of `text`, as those hosts will say, too."""
    columns = "rowid, host, counter, clock, question, pinned, note, weight, last_us"
    query = f"SELECT {columns} FROM sync_keeps WHERE command = CAST(? AS TEXT)"
    for rowid, host, counter, *values in db.execute(query, (before,)).fetchall():
        db.execute("DELETE FROM sync_keeps WHERE rowid = ?", (rowid,))
        _put(db, own, (host, counter, text), *values)
        if host == own.host and counter is not None:
            hosts.make_stale(db, "VALUES(?)", counter)


def mask_all(
    db: sqlite3.Connection, masked_command: Callable[[str], str], masked: Callable[[str], str]
) -> bool:
    """Hold all of it against newer rules for secrets, of commands that are not here, too; whether
    there were any secrets.
    """
    own = hosts.own(db)
    if own is None:
        return False
    found = False
    query = "SELECT rowid, host, counter, command, question, note FROM sync_keeps"
    for rowid, host, counter, command, question, note in db.execute(query).fetchall():
        safe = masked(question), None if note is None else masked(note)
        if safe != (question, note):
            found = True
            db.execute(
                "UPDATE OR REPLACE sync_keeps SET question = CAST(? AS TEXT),"
                " note = CAST(? AS TEXT) WHERE rowid = ?",
                (to_bytes(safe[0]), None if safe[1] is None else to_bytes(safe[1]), rowid),
            )
            if host == own.host and counter is not None:
                hosts.make_stale(db, "VALUES(?)", counter)
        if masked_command(command) != command:
            found = True
            mask(db, own, to_bytes(command), to_bytes(masked_command(command)))
    return found
