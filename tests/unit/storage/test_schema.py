"""Schemas: a new store, an older one with a copy kept, and files that are not for this deja."""

import sqlite3
from pathlib import Path

import pytest

from backend.storage import runs, schema, snapshots
from backend.storage.rescue import recovery
from backend.storage.store import Store
from backend.wire.record import Record

# One store of every earlier schema, written as that version wrote it, to migrate from. Version
# 1 is the first: there is no earlier one yet, and the test below makes a later one instead.


def add_column(db: sqlite3.Connection) -> None:
    """Stands for the next migration."""
    db.execute("ALTER TABLE runs ADD COLUMN tty TEXT")


def fail_halfway(db: sqlite3.Connection) -> None:
    db.execute("ALTER TABLE runs ADD COLUMN tty TEXT")
    raise sqlite3.OperationalError("disk I/O error")


def versions(path: Path) -> tuple[int, int]:
    with sqlite3.connect(path) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        (application,) = db.execute("PRAGMA application_id").fetchone()
    return version, application


@pytest.fixture
def version_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of the first schema that holds a run."""
    path = tmp_path / "history.db"
    monkeypatch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
    store = Store(path)
    # By SQL: what adds runs today knows today's columns.
    store.db.execute("INSERT INTO commands(text, runs, ok_runs) VALUES('make', 1, 1)")
    store.db.execute("INSERT INTO runs(command_id, exit, imported) VALUES(1, 0, 0)")
    store.close()
    return path


def test_a_new_store(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    store = Store(path)
    assert store.is_new
    store.close()
    assert versions(path) == (len(schema.MIGRATIONS), schema.APPLICATION_ID)
    assert path.stat().st_mode & 0o777 == 0o600
    again = Store(path)
    assert not again.is_new
    again.close()


def test_an_older_store_is_migrated_and_a_snapshot_is_taken(
    version_1: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "MIGRATIONS", (schema.create_tables, add_column))
    store = Store(version_1)
    assert not store.is_new
    assert store.db.execute("SELECT exit, tty FROM runs").fetchall() == [(0, None)]
    store.close()
    (taken,) = snapshots.found(version_1)
    copy = taken.path
    assert versions(version_1)[0] == 2
    assert versions(copy)[0] == 1
    assert copy.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(copy) as db:
        assert db.execute("SELECT text FROM commands").fetchall() == [("make",)]


def test_a_migration_that_fails_changes_nothing(
    version_1: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "MIGRATIONS", (schema.create_tables, fail_halfway))
    with pytest.raises(sqlite3.OperationalError):
        Store(version_1)
    assert versions(version_1)[0] == 1
    monkeypatch.setattr(schema, "MIGRATIONS", (schema.create_tables, add_column))
    store = Store(version_1)
    assert store.db.execute("SELECT tty FROM runs").fetchall() == [(None,)]
    store.close()


def test_a_newer_schema_is_refused(version_1: Path) -> None:
    with sqlite3.connect(version_1) as db:
        db.execute("PRAGMA user_version=99")
    with pytest.raises(schema.Unusable, match="schema 99"):
        Store(version_1)


@pytest.mark.parametrize("statement", ["CREATE TABLE theirs(x)", "PRAGMA application_id=7"])
def test_a_database_of_another_program_is_refused_and_left_alone(
    tmp_path: Path, statement: str
) -> None:
    path = tmp_path / "history.db"
    with sqlite3.connect(path) as db:
        db.execute(statement)
    before = path.read_bytes()
    with pytest.raises(schema.Unusable, match="another program"):
        Store(path)
    assert path.read_bytes() == before


def test_of_a_store_of_before_every_run_is_a_persons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "history.db"
    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:4])
        Store(path).close()
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO commands(text, runs) VALUES('ls', 1)")
        db.execute("INSERT INTO runs(command_id, imported) VALUES(1, 0)")
        assert not runs.have_authors(db)
    store = Store(path)
    assert runs.have_authors(store.db)
    store.add([Record("ls", 5.0, author="claude")])
    assert store.db.execute("SELECT author FROM runs").fetchall() == [(None,), ("claude",)]
    again = recovery.replace(path, "a test", open_=store)
    assert again.db.execute("SELECT author FROM runs").fetchall() == [(None,), ("claude",)]
    again.close()


def test_a_store_without_sync_fills_nothing_of_it(tmp_path: Path) -> None:
    store = Store(tmp_path / "history.db")
    store.add([Record("make"), Record("ls")])
    store.add([Record("old", 5.0)], imported=True)
    store.forget([1])
    for table in ("sync_hosts", "sync_marks", "sync_keeps", "sync_base", "sync_stale"):
        assert store.db.execute(f"SELECT COUNT(*) FROM {table}").fetchone() == (0,)
    filled = "SELECT COUNT(*) FROM runs WHERE origin IS NOT NULL OR counter IS NOT NULL"
    assert store.db.execute(filled).fetchone() == (0,)
    indexes = "SELECT COUNT(*) FROM sqlite_master WHERE name = 'runs_new'"
    assert store.db.execute(indexes).fetchone() == (0,)
