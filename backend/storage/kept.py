"""What the user keeps of commands: pins, and notes in own words. The caller holds the transaction.

A command that is gone takes them along; one that becomes another hands them on.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from backend.system.text import to_bytes


@dataclass(frozen=True)
class Kept:
    """By number of the command: which are pinned, and what was noted about them."""

    pinned: frozenset[int] = frozenset()
    notes: Mapping[int, str] = field(default_factory=dict)


def read(db: sqlite3.Connection) -> Kept:
    """All of it. Raises sqlite3.Error."""
    rows = db.execute("SELECT command_id, pinned, note FROM kept ORDER BY command_id").fetchall()
    return Kept(
        frozenset(id for id, pinned, _ in rows if pinned),
        {id: note for id, _, note in rows if note is not None},
    )


def read_older(db: sqlite3.Connection) -> Kept:
    """As `read`, of a store that may be of before there was anything to keep."""
    (known,) = db.execute("SELECT COUNT(*) FROM sqlite_master WHERE name = 'kept'").fetchone()
    return read(db) if known else Kept()


def pin(db: sqlite3.Connection, command_id: int, on: bool) -> bool:
    """Pin a command or let it go; whether there is one of this number."""
    return _set(db, command_id, "pinned", int(on))


def note(db: sqlite3.Connection, command_id: int, text: str) -> bool:
    """Keep a note about a command, none if it is empty; whether there is one of this number."""
    return _set(db, command_id, "note", to_bytes(text) if text else None)


def _set(db: sqlite3.Connection, command_id: int, column: str, value: int | bytes | None) -> bool:
    hole = "CAST(:value AS TEXT)" if column == "note" else ":value"
    added = db.execute(
        f"INSERT INTO kept(command_id, {column}) SELECT id, {hole} FROM commands WHERE id = :id"
        f" ON CONFLICT(command_id) DO UPDATE SET {column} = excluded.{column}",
        {"id": command_id, "value": value},
    )
    db.execute("DELETE FROM kept WHERE NOT pinned AND note IS NULL")
    return added.rowcount == 1


def move(db: sqlite3.Connection, id: int, target: int) -> None:
    """Hand on what was kept of command `id`, which is going, to `target`; of two notes neither is
    lost.
    """
    db.execute(
        "INSERT INTO kept(command_id, pinned, note) SELECT :target, pinned, note FROM kept"
        " WHERE command_id = :id ON CONFLICT(command_id) DO UPDATE SET"
        " pinned = MAX(pinned, excluded.pinned),"
        " note = CASE WHEN note = excluded.note OR excluded.note IS NULL THEN note"
        " WHEN note IS NULL THEN excluded.note ELSE note || char(10) || excluded.note END",
        {"id": id, "target": target},
    )
    drop(db, id)


def drop(db: sqlite3.Connection, id: int) -> None:
    """Keep nothing more of this command."""
    db.execute("DELETE FROM kept WHERE command_id = ?", (id,))
