"""Commands leave the store: forgotten, or in favour of the same with its secrets masked.

The caller holds the transaction.
"""

import sqlite3
from hashlib import sha256

from backend.storage import kept, sums
from backend.system.text import to_bytes

# An import knows the second before a run's own clock; see store.py. Of an import made
# before the text was masked and one made after it, the second is the same run again.
_DROP_TWINS = """DELETE FROM runs WHERE imported AND EXISTS (
    SELECT 1 FROM runs other WHERE other.command_id = runs.command_id AND other.id != runs.id AND (
        (NOT other.imported AND runs.exit IS NULL
            AND other.start_us BETWEEN runs.start_us AND runs.start_us + :late)
        OR (other.imported AND other.start_us = runs.start_us AND other.id < runs.id)))"""


def forget(db: sqlite3.Connection, id: int) -> bool:
    """Remove a command and its runs, with a note not to import it; whether it was there."""
    query = "SELECT CAST(text AS BLOB) FROM commands WHERE id = ?"
    row = db.execute(query, (id,)).fetchone()
    if not row:
        return False
    db.execute("INSERT OR IGNORE INTO forgotten(digest) VALUES(?)", (digest(row[0]),))
    db.execute("DELETE FROM picks WHERE command_id = ?", (id,))
    kept.drop(db, id)
    db.execute("DELETE FROM sync_base WHERE command_id = ?", (id,))
    db.execute("DELETE FROM runs WHERE command_id = ?", (id,))
    db.execute("UPDATE runs SET previous_id = NULL WHERE previous_id = ?", (id,))
    db.execute("DELETE FROM commands WHERE id = ?", (id,))
    return True


def drop_run(db: sqlite3.Connection, run_id: int) -> None:
    """Remove one run and nothing else: its command and the sums are the caller's."""
    query = "SELECT session, previous_id FROM runs WHERE id = ?"
    row = db.execute(query, (run_id,)).fetchone()
    db.execute("DELETE FROM runs WHERE id = ?", (run_id,))
    if row:
        _link_over(db, run_id, *row)


def _link_over(
    db: sqlite3.Connection, run_id: int, session: str | None, previous_id: int | None
) -> None:
    """What ran next in the session has run after what was before the run that is gone."""
    if session is not None:
        db.execute(
            "UPDATE runs SET previous_id = ? WHERE id = (SELECT id FROM runs"
            " WHERE session = CAST(? AS TEXT) AND id > ? ORDER BY id LIMIT 1)",
            (previous_id, to_bytes(session), run_id),
        )


def is_run_forgotten(db: sqlite3.Connection, text: bytes, second: int) -> bool:
    """Whether the run of a command in this second (since the epoch) was removed."""
    query = "SELECT 1 FROM forgotten WHERE digest = ?"
    return db.execute(query, (run_digest(text, second),)).fetchone() is not None


def run_digest(text: bytes, second: int) -> bytes:
    """Stands for one run of a command that was removed."""
    return sha256(b"deja forgot the run of %d: %b" % (second, text)).digest()


def is_forgotten(db: sqlite3.Connection, text: bytes) -> bool:
    query = "SELECT 1 FROM forgotten WHERE digest = ?"
    return db.execute(query, (digest(text),)).fetchone() is not None


def generation(db: sqlite3.Connection) -> int:
    """How often commands have been removed. Raises sqlite3.Error."""
    row = db.execute("SELECT value FROM notes WHERE key = 'generation'").fetchone()
    return int(row[0]) if row and str(row[0]).isdigit() else 0


def set_generation(db: sqlite3.Connection, generation: int) -> None:
    """What was made of the commands before is stale."""
    db.execute(
        "INSERT OR REPLACE INTO notes(key, value) VALUES('generation', ?)", (str(generation),)
    )


def digest(text: bytes) -> bytes:
    """Stands for a forgotten command: enough to know it again, not to read it."""
    return sha256(b"deja forgot" + text).digest()


def rename(
    db: sqlite3.Connection, id: int, text: bytes, late_us: int
) -> list[tuple[int | None, int | None]]:
    """Move the runs of command `id` to the command `text`, made if there is none, and drop `id`;
    (origin, counter) of the runs that turned out to be there twice.

    It is a new number even where the text is new: what is being made of the old text in the
    meantime, a vector for one, finds its command gone. `late_us`: by how many microseconds a
    run seen live may be later than the same run in a history file.
    """
    query = "SELECT id FROM commands WHERE text = CAST(? AS TEXT)"
    row = db.execute(query, (text,)).fetchone()
    insert = "INSERT INTO commands(text) VALUES(CAST(? AS TEXT))"
    target: int = (row or db.execute(f"{insert} RETURNING id", (text,)).fetchone())[0]
    db.execute("UPDATE runs SET command_id = ? WHERE command_id = ?", (target, id))
    db.execute("UPDATE runs SET previous_id = ? WHERE previous_id = ?", (target, id))
    db.execute("UPDATE OR IGNORE picks SET command_id = ? WHERE command_id = ?", (target, id))
    db.execute("DELETE FROM picks WHERE command_id = ?", (id,))
    kept.move(db, id, target)
    db.execute("DELETE FROM commands WHERE id = ?", (id,))
    query = f"{_DROP_TWINS} AND command_id = :target RETURNING origin, counter"
    twins: list[tuple[int | None, int | None]] = db.execute(
        query, {"late": late_us, "target": target}
    ).fetchall()
    sums.renew(db, target)
    return twins


def drop_twins(db: sqlite3.Connection, late_us: int) -> None:
    """Of a run that stands there twice, as imported and as seen live or imported again, keep one;
    the sums are the caller's to renew.
    """
    db.execute(_DROP_TWINS, {"late": late_us})
