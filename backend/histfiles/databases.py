"""Histories that other tools keep in SQLite: atuin, mcfly, hishtory and zsh-histdb.

Opened read-only; standard library only, and imports nothing of deja.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

MAGIC = b"SQLite format 3\0"

# Longer values are damage: SQLite itself would take a gigabyte.
_LONGEST_VALUE = 64 << 20

# What the tools write as they know it; `rows` turns it into seconds and numbers.
Value = str | int | float | bytes | None
Row = tuple[Value, ...]


@dataclass(frozen=True)
class Database:
    """Where one tool keeps each field; a column that an older version lacks reads as NULL."""

    table: str
    source: str
    # command, start, duration, exit, cwd, session, host: SQL over `source`
    fields: tuple[str, str, str, str, str, str, str]
    needs: frozenset[str]
    where: str = "TRUE"
    order: str = "rowid"
    # A tick of start and duration, in seconds.
    tick: float = 1.0


DATABASES = {
    "atuin": Database(
        table="history",
        source="history",
        fields=("command", "timestamp", "duration", "exit", "cwd", "session", "hostname"),
        needs=frozenset({"command", "timestamp"}),
        where="deleted_at IS NULL",
        order="timestamp",
        tick=1e-9,
    ),
    "mcfly": Database(
        table="commands",
        source="commands",
        fields=("cmd", "when_run", "NULL", "exit_code", "dir", "session_id", "NULL"),
        needs=frozenset({"cmd", "when_run"}),
    ),
    "hishtory": Database(
        table="history_entries",
        source="history_entries",
        fields=(
            "command",
            "start_time",
            "end_time",
            "exit_code",
            "current_working_directory",
            "NULL",
            "hostname",
        ),
        needs=frozenset({"command", "start_time"}),
    ),
    "histdb": Database(
        table="history",
        source="history JOIN commands ON commands.id = history.command_id"
        " LEFT JOIN places ON places.id = history.place_id",
        fields=(
            "commands.argv",
            "history.start_time",
            "history.duration",
            "history.exit_status",
            "places.dir",
            "history.session",
            "places.host",
        ),
        needs=frozenset({"command_id", "start_time"}),
        order="history.id",
    ),
}


def rows(path: Path, format: str) -> Iterator[Row]:
    """The rows of the database at `path`: command, start, duration, exit, cwd, session, host.

    Times are epoch seconds. A command may be NULL or a blob. Raises sqlite3.Error if the file
    cannot be opened, is no such database, or is damaged further on.
    """
    database = DATABASES[format]
    with closing(_open(path)) as connection:
        _refuse_views(connection, database, path)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        for row in connection.execute(_query(database, _columns(connection, database.table))):
            yield _tidied(row, database)


def _refuse_views(connection: sqlite3.Connection, database: Database, path: Path) -> None:
    """What the tools write are tables. A view can be made to have rows without end."""
    views = connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'")
    if found := {name.lower() for (name,) in views} & set(database.source.split()):
        raise sqlite3.DatabaseError(f"{', '.join(found)} is no table but a view in {path}")


def guess(path: Path) -> str | None:
    """The tool that made the database at `path`, told by tables and columns; None if unknown."""
    try:
        with closing(_open(path)) as connection:
            for format, database in DATABASES.items():
                if database.needs <= _columns(connection, database.table):
                    return format
    except sqlite3.Error:
        pass
    return None


def _open(path: Path) -> sqlite3.Connection:
    """A read-only connection, which waits 5 s for the tool that owns the file."""
    address = f"file:{quote(str(path.absolute()).encode('utf-8', 'surrogateescape'))}"
    connection = sqlite3.connect(f"{address}?mode=ro", uri=True)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        connection.close()
        if not isinstance(error, sqlite3.OperationalError):
            raise
        # A write-ahead log cannot be shared from a directory that we may not write to.
        connection = sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True)
    connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    return connection


def _columns(connection: sqlite3.Connection, table: str) -> frozenset[str]:
    return frozenset(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))


def _query(database: Database, columns: frozenset[str]) -> str:
    joined = "." in database.fields[0]
    fields = [
        field if joined or field in columns or field == database.fields[0] else "NULL"
        for field in database.fields
    ]
    where = database.where
    if where != "TRUE" and where.split()[0] not in columns:
        where = "TRUE"
    return (
        f"SELECT {', '.join(fields)} FROM {database.source} WHERE {where} ORDER BY {database.order}"
    )


def _tidied(row: Row, database: Database) -> Row:
    command, start, duration, exit, cwd, session, host = row
    if database.table == "history_entries":
        start, end = _epoch(start), _epoch(duration)
        duration = end - start if start and end else None
    else:
        start, duration = _scaled(start, database.tick), _scaled(duration, database.tick)
    # atuin and hishtory write -1 for a command that has not ended; atuin's host is host:user.
    exit = exit if isinstance(exit, int) and exit >= 0 else None
    host = host.partition(":")[0] if isinstance(host, str) else None
    return command, start, duration, exit, cwd, session, host


def _scaled(value: Value, tick: float) -> float | None:
    return value * tick if isinstance(value, int | float) else None


def _epoch(value: Value) -> float | None:
    """Epoch seconds of a date that Go wrote, such as `2026-01-31 12:00:00.5+01:00`."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value).timestamp()
    except (ValueError, OverflowError):
        return None
