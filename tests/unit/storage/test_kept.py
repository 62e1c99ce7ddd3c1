"""Pins and notes in the store: kept, handed on, gone with their commands, and recovered."""

import sqlite3
from pathlib import Path

import pytest

from backend.storage import kept, schema
from backend.storage.kept import Kept
from backend.storage.lookup import Lookup
from backend.storage.rescue import recovery
from backend.storage.store import Store
from backend.wire.record import Record


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "history.db")
    made.add([Record("ls"), Record("make"), Record("git push")])
    return made


def test_pins_and_notes_come_and_go(store: Store) -> None:
    assert kept.pin(store.db, 1, True) and kept.note(store.db, 1, "two\nlines \udcff")
    assert kept.note(store.db, 2, "x") and kept.note(store.db, 2, "y")
    assert kept.read(store.db) == Kept(frozenset({1}), {1: "two\nlines \udcff", 2: "y"})
    assert kept.pin(store.db, 1, False) and kept.note(store.db, 2, "")
    assert Lookup(store.db).kept() == Kept(frozenset(), {1: "two\nlines \udcff"})
    assert kept.note(store.db, 1, "")
    assert store.db.execute("SELECT COUNT(*) FROM kept").fetchone() == (0,)


def test_nothing_is_kept_of_a_command_that_is_not_there(store: Store) -> None:
    assert not kept.pin(store.db, 9, True)
    assert not kept.note(store.db, 9, "x")
    assert kept.read(store.db) == Kept()


def test_what_is_forgotten_takes_it_along(store: Store) -> None:
    kept.pin(store.db, 1, True)
    kept.note(store.db, 1, "gone for good")
    store.forget([1])
    assert kept.read(store.db) == Kept()
    store.clear_log()
    assert b"gone for good" not in store.path.read_bytes()


def test_a_command_that_is_masked_hands_it_on(store: Store) -> None:
    kept.pin(store.db, 1, True)
    kept.note(store.db, 2, "builds")
    store.mask([(1, "ls -a"), (2, "make all")])
    ids = {text: id for id, text in Lookup(store.db).texts()}
    assert kept.read(store.db) == Kept(frozenset({ids["ls -a"]}), {ids["make all"]: "builds"})


def test_of_two_commands_that_become_one_neither_note_is_lost(store: Store) -> None:
    kept.note(store.db, 1, "one")
    kept.pin(store.db, 1, True)
    kept.note(store.db, 2, "two")
    kept.note(store.db, 3, "one")
    store.mask([(1, "git push"), (2, "git push")])
    assert kept.read(store.db) == Kept(frozenset({3}), {3: "one\ntwo"})


def test_what_is_left_of_a_store_has_it_still(store: Store) -> None:
    kept.pin(store.db, 1, True)
    kept.note(store.db, 3, "to the server")
    found = recovery.replace(store.path, "a test", open_=store)
    assert kept.read(found.db) == Kept(frozenset({1}), {3: "to the server"})
    found.close()


def test_a_store_of_before_has_nothing_to_lose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "older.db"
    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:2])
        Store(path).close()
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO commands(text, runs) VALUES('ls', 1)")
        db.execute("INSERT INTO runs(command_id, imported) VALUES(1, 0)")
        assert kept.read_older(db) == Kept()
    found = recovery.replace(path, "a test")
    note = Lookup(found.db).note("recovery")
    assert note is not None and "1 of its commands" in note and "deja import" not in note
    found.close()
