"""What was picked for which question: masked like the commands, and gone with them."""

import sqlite3

from backend.storage.store import MICRO
from backend.system.text import to_bytes

# A later pick for the same question is worth as much as all earlier ones together.
FADING = 0.5


def add(db: sqlite3.Connection, question: str, command: str, now: float) -> bool:
    """Note that this command, if the store has it, was picked for the question."""
    row = db.execute(
        "SELECT id FROM commands WHERE text = CAST(? AS TEXT)", (to_bytes(command),)
    ).fetchone()
    if row is None:
        return False
    data = to_bytes(question)
    db.execute(
        "UPDATE picks SET weight = weight * ? WHERE question = CAST(? AS TEXT)", (FADING, data)
    )
    db.execute(
        "INSERT INTO picks(question, command_id, weight, last_us) VALUES(CAST(? AS TEXT), ?, 1, ?)"
        " ON CONFLICT(question, command_id) DO UPDATE"
        " SET weight = weight + 1, last_us = excluded.last_us",
        (data, row[0], round(now * MICRO)),
    )
    return True


def read(db: sqlite3.Connection) -> list[tuple[str, int, float]]:
    """(question, command_id, weight) of all that was picked, the weightiest of a question first."""
    return db.execute(
        "SELECT question, command_id, weight FROM picks ORDER BY question, weight DESC"
    ).fetchall()
