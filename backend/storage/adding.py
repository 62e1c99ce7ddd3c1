"""One run into the tables: its command, its directory, what ran before it, and the sums.

A run that comes twice, from a history file and from a hook, is one. The caller holds the
transaction.
"""

import sqlite3

from backend.storage import erasing, sums
from backend.storage.exchange import forgetting, marks
from backend.system.repository import repository
from backend.system.text import to_bytes
from backend.wire.record import Record

MICRO = 1_000_000

# zsh and bash keep whole seconds in their files, rounded down, of a moment shortly before the
# hook looks at the clock; a run seen live has microseconds.
SECOND_US = 1 * MICRO
LATE_US = 200_000


def command_id(db: sqlite3.Connection, text: str, imported: bool) -> tuple[int | None, bool]:
    """The number of a command and whether it is new; None where an import would bring back what was
    forgotten.
    """
    data = to_bytes(text)
    row = db.execute("SELECT id FROM commands WHERE text = CAST(? AS TEXT)", (data,)).fetchone()
    if imported and (erasing.is_forgotten(db, data) or marks.is_forgotten(db, data)):
        return None, False
    if row:
        return row[0], False
    cursor = db.execute("INSERT INTO commands(text) VALUES(CAST(? AS TEXT))", (data,))
    return cursor.lastrowid, True


def add_run(
    db: sqlite3.Connection, command_id: int, record: Record, imported: bool, exact: bool = False
) -> bool:
    """Add one run with all that hangs on it; False if it is there already, or was forgotten.
    exact: as in Store.add.
    """
    start = None if record.start is None else round(record.start * MICRO)
    is_whole = not imported or (exact and record.session is not None)
    if imported and start is not None:
        data, second = to_bytes(record.command), start // SECOND_US
        if erasing.is_run_forgotten(db, data, second):
            return False
    if is_whole and start is not None:
        if _was_added(db, command_id, start, record.session):
            return False
        drop_imported_twin(db, command_id, start)
    elif imported and _is_known(db, command_id, start, record.nth):
        return False
    insert(db, command_id, record, imported)
    return True


def insert(
    db: sqlite3.Connection,
    command_id: int,
    record: Record,
    imported: bool,
    numbered: tuple[int | None, int | None] = (None, None),
) -> None:
    """Add one run, whatever is there. numbered: the host that made it, and its counter there."""
    start = None if record.start is None else round(record.start * MICRO)
    dir_id = _dir_id(db, record.cwd)
    names = record.session, record.host, record.shell, record.author or None
    db.execute(
        "INSERT INTO runs(command_id, start_us, duration_us, exit, dir_id, session, host,"
        " shell, author, imported, previous_id, origin, counter) VALUES(?,?,?,?,?,"
        " CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT),?,?,?,?)",
        (
            command_id,
            start,
            None if record.duration is None else round(record.duration * MICRO),
            record.exit,
            dir_id,
            *(item and to_bytes(item) for item in names),
            imported,
            _previous_id(db, record.session),
            *numbered,
        ),
    )
    sums.add(db, command_id, start, record.exit, dir_id)


def _is_known(db: sqlite3.Connection, command_id: int, start: int | None, nth: int | None) -> bool:
    if start is None:
        query = "SELECT runs >= ? FROM commands WHERE id = ?"
        return bool(db.execute(query, (nth or 1, command_id)).fetchone()[0])
    whole = start % SECOND_US == 0
    earliest = start if whole else start - SECOND_US
    query = "SELECT 1 FROM runs WHERE command_id = ? AND start_us BETWEEN ? AND ?"
    latest = start + SECOND_US + (LATE_US if whole else 0) - 1
    return db.execute(query, (command_id, earliest, latest)).fetchone() is not None


def _was_added(db: sqlite3.Connection, command_id: int, start: int, session: str | None) -> bool:
    """Where progress was lost with a damaged store, the spool is read again; so may an export."""
    query = (
        "SELECT 1 FROM runs WHERE command_id = ? AND start_us = ?"
        " AND session IS CAST(? AS TEXT) AND (NOT imported OR session IS NOT NULL)"
    )
    name = session and to_bytes(session)
    return db.execute(query, (command_id, start, name)).fetchone() is not None


def drop_imported_twin(db: sqlite3.Connection, command_id: int, start: int) -> None:
    """A history file was imported before the spool was read: the hook's record knows more."""
    row = db.execute(
        "SELECT id, origin, counter FROM runs WHERE command_id = ? AND start_us BETWEEN ? AND ?"
        " AND imported AND exit IS NULL AND session IS NULL",
        (command_id, start - SECOND_US - LATE_US + 1, start),
    ).fetchone()
    if row:
        db.execute("DELETE FROM runs WHERE id = ?", row[:1])
        forgetting.tell_gone(db, [row[1:]])
        db.execute("UPDATE commands SET runs = runs - 1 WHERE id = ?", (command_id,))


def _previous_id(db: sqlite3.Connection, session: str | None) -> int | None:
    if session is None:
        return None
    row = db.execute(
        "SELECT command_id FROM runs WHERE session = CAST(? AS TEXT) ORDER BY id DESC LIMIT 1",
        (to_bytes(session),),
    ).fetchone()
    return row[0] if row else None


def _dir_id(db: sqlite3.Connection, path: str | None) -> int | None:
    if not path:
        return None
    data = to_bytes(path)
    query = "SELECT id FROM dirs WHERE path = CAST(? AS TEXT)"
    row = db.execute(query, (data,)).fetchone()
    if row:
        return int(row[0])
    repo = repository(path)
    return db.execute(
        "INSERT INTO dirs(path, repo) VALUES(CAST(? AS TEXT), CAST(? AS TEXT))",
        (data, repo and to_bytes(repo)),
    ).lastrowid
