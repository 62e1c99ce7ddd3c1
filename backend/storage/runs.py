"""Single runs of a command: read, with what ran before and after each, and removed."""

import sqlite3
import statistics
from dataclasses import dataclass

from backend.storage import erasing, sums
from backend.storage.adding import LATE_US, MICRO
from backend.system.text import to_bytes

# The median is that of so many runs, the latest: a command that has run a hundred thousand times
# would take a tenth of a second otherwise.
MEDIAN_RUNS = 1000


@dataclass(frozen=True)
class Neighbour:
    """A command that ran just before or after a run, by its number."""

    command_id: int
    text: str


@dataclass(frozen=True)
class Run:
    """A run; unknown is None. start: epoch seconds; duration: seconds. before, after: what ran
    next to it in its session.
    """

    id: int
    start: float | None
    duration: float | None
    exit: int | None
    cwd: str | None
    host: str | None
    session: str | None
    shell: str | None
    before: Neighbour | None
    after: Neighbour | None


def of_command(db: sqlite3.Connection, command_id: int, limit: int, offset: int) -> list[Run]:
    """At most `limit` runs of a command, newest first, `offset` passed over."""
    rows = db.execute(
        "SELECT r.id, r.start_us, r.duration_us, r.exit, d.path, r.host, r.session, r.shell"
        " FROM runs r LEFT JOIN dirs d ON d.id = r.dir_id WHERE r.command_id = ?"
        " ORDER BY r.start_us DESC, r.id DESC LIMIT ? OFFSET ?",
        (command_id, limit, offset),
    ).fetchall()
    return [
        Run(
            *(id, _seconds(start), _seconds(duration), exit, cwd, host, session, shell),
            before=_neighbour(db, session, id, "<", "DESC"),
            after=_neighbour(db, session, id, ">", "ASC"),
        )
        for id, start, duration, exit, cwd, host, session, shell in rows
    ]


def have_authors(db: sqlite3.Connection) -> bool:
    """Whether runs have an author; not those of a store of before that."""
    query = "SELECT COUNT(*) FROM pragma_table_info('runs') WHERE name = 'author'"
    return bool(db.execute(query).fetchone()[0])


def _neighbour(
    db: sqlite3.Connection, session: str | None, id: int, side: str, order: str
) -> Neighbour | None:
    if session is None:
        return None
    row = db.execute(
        "SELECT c.id, c.text FROM runs r JOIN commands c ON c.id = r.command_id"
        f" WHERE r.session = CAST(? AS TEXT) AND r.id {side} ? ORDER BY r.id {order} LIMIT 1",
        (to_bytes(session), id),
    ).fetchone()
    return Neighbour(*row) if row else None


def median(db: sqlite3.Connection, command_id: int) -> float | None:
    """Of the known durations of the latest MEDIAN_RUNS runs, in seconds; None if there are none."""
    rows = db.execute(
        "SELECT duration_us FROM runs WHERE command_id = ? ORDER BY start_us DESC LIMIT ?",
        (command_id, MEDIAN_RUNS),
    )
    known = [duration for (duration,) in rows if duration is not None]
    return statistics.median(known) / MICRO if known else None


def _seconds(microseconds: int | None) -> float | None:
    return None if microseconds is None else microseconds / MICRO


def forget(db: sqlite3.Connection, run_id: int) -> int | None:
    """Remove one run, with a note not to import it; its command, which is forgotten with its last
    run, or None if there is no such run. The caller holds the transaction.
    """
    query = (
        "SELECT r.command_id, CAST(c.text AS BLOB), r.start_us"
        " FROM runs r JOIN commands c ON c.id = r.command_id WHERE r.id = ?"
    )
    row = db.execute(query, (run_id,)).fetchone()
    if not row:
        return None
    command_id, text, start_us = row
    others = "SELECT 1 FROM runs WHERE command_id = ? AND id != ? LIMIT 1"
    if db.execute(others, (command_id, run_id)).fetchone() is None:
        erasing.forget(db, command_id)
        return int(command_id)
    if start_us is not None:
        # A history file has the whole second, of a moment shortly before the hook's.
        seconds = {start_us // MICRO, (start_us - LATE_US) // MICRO}
        db.executemany(
            "INSERT OR IGNORE INTO forgotten(digest) VALUES(?)",
            [(erasing.run_digest(text, second),) for second in seconds],
        )
    erasing.drop_run(db, run_id)
    sums.renew(db, command_id)
    return int(command_id)
