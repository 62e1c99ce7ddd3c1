"""The store's tables and how to get from every older version of them to this one.

Each migration is a function named for what it does; its place in MIGRATIONS is the version it
makes. A snapshot is taken before an existing store is changed.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from backend.storage import snapshots

APPLICATION_ID = 0x64656A61  # "deja"


class Unusable(Exception):
    """The file is a sound database, and no store for this deja: a later one's, or not deja's."""


def create_tables(db: sqlite3.Connection) -> None:
    """Version 1. Sums over runs stand in `commands`, so that ranking need not count them."""
    for statement in (
        "CREATE TABLE dirs(id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, repo TEXT)",
        """CREATE TABLE commands(
            id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL UNIQUE,
            runs INTEGER NOT NULL DEFAULT 0, ok_runs INTEGER NOT NULL DEFAULT 0,
            failed_runs INTEGER NOT NULL DEFAULT 0, last_run_us INTEGER,
            last_exit INTEGER, last_dir_id INTEGER REFERENCES dirs(id))""",
        """CREATE TABLE runs(
            id INTEGER PRIMARY KEY, command_id INTEGER NOT NULL REFERENCES commands(id),
            start_us INTEGER, duration_us INTEGER, exit INTEGER,
            dir_id INTEGER REFERENCES dirs(id), session TEXT, host TEXT, shell TEXT,
            imported INTEGER NOT NULL, previous_id INTEGER)""",
        "CREATE INDEX runs_command ON runs(command_id, start_us)",
        "CREATE INDEX runs_dir ON runs(dir_id, command_id)",
        "CREATE INDEX runs_session ON runs(session, id) WHERE session IS NOT NULL",
        "CREATE INDEX runs_previous ON runs(previous_id, command_id) WHERE previous_id IS NOT NULL",
        "CREATE INDEX dirs_repo ON dirs(repo) WHERE repo IS NOT NULL",
        "CREATE TABLE spool_progress(name TEXT PRIMARY KEY, head BLOB, offset INTEGER)",
        "CREATE TABLE forgotten(digest BLOB PRIMARY KEY)",
        "CREATE TABLE notes(key TEXT PRIMARY KEY, value TEXT)",
    ):
        db.execute(statement)


def keep_picks(db: sqlite3.Connection) -> None:
    """Version 2. What was picked for which question; `weight` fades with later picks."""
    db.execute(
        """CREATE TABLE picks(
            question TEXT NOT NULL, command_id INTEGER NOT NULL REFERENCES commands(id),
            weight REAL NOT NULL, last_us INTEGER NOT NULL,
            UNIQUE(question, command_id))"""
    )
    db.execute("CREATE INDEX picks_command ON picks(command_id)")


def keep_pins_and_notes(db: sqlite3.Connection) -> None:
    """Version 3. What the user keeps of commands: see kept.py. (`notes` are the store's own.)"""
    db.execute(
        """CREATE TABLE kept(
            command_id INTEGER PRIMARY KEY REFERENCES commands(id),
            pinned INTEGER NOT NULL DEFAULT 0, note TEXT)"""
    )


def keep_what_hosts_exchange(db: sqlite3.Connection) -> None:
    """Version 4. See storage/exchange/. Where no sync is set up, columns and tables stay empty.

    A host is its id of 16 hex digits as a signed number; its records are counted from 1. Those of
    this host have no number before they are handed out.
    """
    for statement in (
        "ALTER TABLE runs ADD COLUMN origin INTEGER",
        "ALTER TABLE runs ADD COLUMN counter INTEGER",
        "CREATE UNIQUE INDEX runs_origin ON runs(origin, counter) WHERE origin IS NOT NULL",
        # The beginning of the keyed digest by which tombstones name it.
        "ALTER TABLE commands ADD COLUMN digest INTEGER",
        "CREATE INDEX commands_digest ON commands(digest) WHERE digest IS NOT NULL",
        """CREATE TABLE sync_hosts(
            host INTEGER NOT NULL UNIQUE, own INTEGER NOT NULL DEFAULT 0,
            name TEXT, digest_key BLOB,
            counter INTEGER NOT NULL DEFAULT 0, read_to INTEGER NOT NULL DEFAULT 0,
            sequence INTEGER NOT NULL DEFAULT 0, chain TEXT NOT NULL DEFAULT '',
            revision INTEGER NOT NULL DEFAULT 0, written REAL,
            differing INTEGER NOT NULL DEFAULT 0)""",
        """CREATE TABLE sync_marks(
            host INTEGER NOT NULL, counter INTEGER, kind TEXT NOT NULL,
            digest BLOB, of_host INTEGER, of_counter INTEGER, UNIQUE(host, counter))""",
        "CREATE INDEX sync_marks_digest ON sync_marks(digest) WHERE digest IS NOT NULL",
        "CREATE INDEX sync_marks_of ON sync_marks(of_host, of_counter) WHERE of_host IS NOT NULL",
        """CREATE TABLE sync_keeps(
            host INTEGER NOT NULL, counter INTEGER, command TEXT NOT NULL,
            digest INTEGER NOT NULL, question TEXT NOT NULL, clock INTEGER NOT NULL,
            pinned INTEGER, note TEXT, weight REAL, last_us INTEGER,
            UNIQUE(command, question, host))""",
        "CREATE INDEX sync_keeps_counter ON sync_keeps(host, counter)",
        """CREATE TABLE sync_base(
            command_id INTEGER NOT NULL, question TEXT NOT NULL,
            pinned INTEGER, note TEXT, weight REAL, UNIQUE(command_id, question))""",
        "CREATE TABLE sync_stale(id INTEGER PRIMARY KEY AUTOINCREMENT, counter INTEGER NOT NULL)",
    ):
        db.execute(statement)


def tell_agents_from_people(db: sqlite3.Connection) -> None:
    """Version 5. The coding agent that ran it; of a person's run the column is empty."""
    db.execute("ALTER TABLE runs ADD COLUMN author TEXT")


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    create_tables,
    keep_picks,
    keep_pins_and_notes,
    keep_what_hosts_exchange,
    tell_agents_from_people,
)


def migrate(db: sqlite3.Connection, path: Path) -> bool:
    """Bring an open store to the newest version, with a snapshot of an older one; whether the
    store is new.

    Raises Unusable if a later deja wrote it, or another program.
    """
    found = version(db, path)
    if 0 < found < len(MIGRATIONS):
        snapshots.take(db, path)
    for number in range(found, len(MIGRATIONS)):
        db.execute("BEGIN IMMEDIATE")
        try:
            MIGRATIONS[number](db)
            db.execute(f"PRAGMA application_id={APPLICATION_ID}")
            db.execute(f"PRAGMA user_version={number + 1}")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
    return found == 0


def version(db: sqlite3.Connection, path: Path) -> int:
    """The schema of an open store, 0 for an empty file. Raises Unusable as `migrate` does."""
    (found,) = db.execute("PRAGMA user_version").fetchone()
    (application,) = db.execute("PRAGMA application_id").fetchone()
    (tables,) = db.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    if application != APPLICATION_ID and (tables or found or application):
        raise Unusable(f"{path} is a database of another program")
    if found > len(MIGRATIONS):
        raise Unusable(f"{path} has schema {found}, this deja knows {len(MIGRATIONS)}")
    return int(found)
