"""Histories in SQLite: of atuin, mcfly, hishtory and zsh-histdb, of xonsh and nushell.

Opened read-only. A tool is a Database: its tables, and how it writes times.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from backend.system.text import to_bytes, to_text

MAGIC = b"SQLite format 3\0"

# Longer values are damage: SQLite itself would take a gigabyte.
_LONGEST_VALUE = 64 << 20

# What the tools write, of any type, as SQLite has it.
Value = str | int | float | bytes | None


@dataclass(frozen=True, slots=True)
class Row:
    """A run as a tool knows it; what it does not tell, or tells in another type, is None.

    start: epoch seconds. duration: seconds.
    """

    command: bytes | None
    start: float | None
    duration: float | None
    exit: int | None
    cwd: str | None
    session: str | None
    host: str | None


def _seconds(start: Value, duration: Value) -> tuple[float | None, float | None]:
    return _scaled(start, 1.0), _scaled(duration, 1.0)


def _nanoseconds(start: Value, duration: Value) -> tuple[float | None, float | None]:
    return _scaled(start, 1e-9), _scaled(duration, 1e-9)


def _milliseconds(start: Value, duration: Value) -> tuple[float | None, float | None]:
    return _scaled(start, 1e-3), _scaled(duration, 1e-3)


def _ends(start: Value, end: Value) -> tuple[float | None, float | None]:
    began, ended = _scaled(start, 1.0), _scaled(end, 1.0)
    return began, ended - began if began and ended else None


def _scaled(value: Value, tick: float) -> float | None:
    return value * tick if isinstance(value, int | float) else None


def _dates(start: Value, end: Value) -> tuple[float | None, float | None]:
    began, ended = _epoch(start), _epoch(end)
    return began, ended - began if began and ended else None


def _epoch(value: Value) -> float | None:
    """Epoch seconds of a date that Go wrote, such as `2026-01-31 12:00:00.5+01:00`."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value).timestamp()
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True)
class Database:
    """Where one tool keeps each field; a column that an older version lacks reads as NULL.

    fields: SQL over `source` for command, start, duration, exit, cwd, session, host.
    needs: columns of `table` that tell the tool. times: makes start and duration, in seconds,
    of the columns that stand for them. home: the home directory, where cwd says `~` for it.
    """

    table: str
    source: str
    fields: tuple[str, str, str, str, str, str, str]
    needs: frozenset[str]
    where: str = "TRUE"
    order: str = "rowid"
    times: Callable[[Value, Value], tuple[float | None, float | None]] = _seconds
    home: str = "NULL"


DATABASES = {
    "atuin": Database(
        table="history",
        source="history",
        fields=("command", "timestamp", "duration", "exit", "cwd", "session", "hostname"),
        needs=frozenset({"command", "timestamp"}),
        where="deleted_at IS NULL",
        order="timestamp",
        times=_nanoseconds,
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
        times=_dates,
        home="home_directory",
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
            # A number that each machine counts for itself.
            "COALESCE(places.host || ':', '') || history.session",
            "places.host",
        ),
        needs=frozenset({"command_id", "start_time"}),
        order="history.id",
    ),
    "xonsh": Database(
        table="xonsh_history",
        source="xonsh_history",
        fields=("inp", "tsb", "tse", "rtn", "cwd", "sessionid", "NULL"),
        needs=frozenset({"inp", "tsb"}),
        times=_ends,
    ),
    "nushell": Database(
        table="history",
        source="history",
        fields=(
            *("command_line", "start_timestamp", "duration_ms", "exit_status", "cwd"),
            *("session_id", "hostname"),
        ),
        needs=frozenset({"command_line", "start_timestamp"}),
        order="id",
        times=_milliseconds,
    ),
}


def rows(path: Path, format: str) -> Iterator[Row]:
    """The rows of the database at `path`. Raises sqlite3.Error if it cannot be opened, is no
    database of that tool, or is damaged further on.
    """
    database = DATABASES[format]
    with closing(_open(path)) as connection:
        _refuse_views(connection, database, path)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        for row in connection.execute(_query(database, _columns(connection, database.table))):
            yield _row(row, database)


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
    address = f"file:{quote(to_bytes(str(path.absolute())))}"
    connection = sqlite3.connect(f"{address}?mode=ro", uri=True)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        connection.close()
        if not isinstance(error, sqlite3.OperationalError):
            raise
        # A write-ahead log cannot be shared from a directory that we may not write to.
        connection = sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True)
    connection.text_factory = to_text
    return connection


def _columns(connection: sqlite3.Connection, table: str) -> frozenset[str]:
    return frozenset(row[1] for row in connection.execute(f"PRAGMA table_info({table})"))


def _query(database: Database, columns: frozenset[str]) -> str:
    joined = "." in database.fields[0]
    fields = [
        field if joined or field in columns or field == database.fields[0] else "NULL"
        for field in (*database.fields, database.home)
    ]
    where = database.where
    if where != "TRUE" and where.split()[0] not in columns:
        where = "TRUE"
    return (
        f"SELECT {', '.join(fields)} FROM {database.source} WHERE {where} ORDER BY {database.order}"
    )


def _row(values: tuple[Value, ...], database: Database) -> Row:
    command, start, duration, exit, cwd, session, host, home = values
    if isinstance(command, str):
        command = to_bytes(command)
    began, lasted = database.times(start, duration)
    return Row(
        command=command if isinstance(command, bytes) else None,
        start=began,
        duration=lasted,
        # atuin and hishtory write -1 for a command that has not ended.
        exit=exit if isinstance(exit, int) and exit >= 0 else None,
        cwd=_absolute(cwd, home) if isinstance(cwd, str) else None,
        session=None if session is None else str(session),
        # atuin's is host:user.
        host=host.partition(":")[0] if isinstance(host, str) else None,
    )


def _absolute(cwd: str, home: Value) -> str:
    if isinstance(home, str) and home and (cwd == "~" or cwd.startswith("~/")):
        return home.rstrip("/") + cwd[1:]
    return cwd
