"""The store: what is known twice is kept once, sums add up, and nothing is half done."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.storage.lookup import Lookup
from backend.storage.spool import Progress
from backend.storage.store import Store
from backend.system.repository import repository
from backend.system.text import to_bytes
from backend.wire.record import Record


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "history.db")
    yield made
    made.close()


def sums(store: Store) -> dict[str, tuple[int, int, int]]:
    rows = store.db.execute("SELECT text, runs, ok_runs, failed_runs FROM commands")
    return {text: tuple(rest) for text, *rest in rows}


def check_sums(store: Store) -> None:
    """What stands in `commands` is what the runs add up to."""
    counted = store.db.execute(
        "SELECT command_id, COUNT(*), COALESCE(SUM(exit IS 0), 0), COALESCE(SUM(exit != 0), 0),"
        " MAX(start_us) FROM runs GROUP BY command_id ORDER BY command_id"
    ).fetchall()
    kept = store.db.execute(
        "SELECT id, runs, ok_runs, failed_runs, last_run_us FROM commands ORDER BY id"
    ).fetchall()
    assert kept == counted


def test_runs_add_up(store: Store) -> None:
    added = store.add(
        [
            Record("make", 10.0, exit=0, cwd="/a"),
            Record("make", 20.0, exit=2, cwd="/b"),
            Record("make", 15.0, exit=0, cwd="/c"),
            Record("ls", 30.0),
        ]
    )
    assert (len(added.new), added.again, added.runs) == (2, [], 4)
    assert sums(store) == {"make": (3, 2, 1), "ls": (1, 0, 0)}
    (make,) = Lookup(store.db).commands([added.new[0]])
    assert (make.last_run, make.last_exit, make.last_cwd) == (20.0, 2, "/b")
    check_sums(store)
    assert store.add([Record("make", 40.0, exit=0)]).again == [added.new[0]]


def test_bytes_that_are_no_utf8_come_back(store: Store) -> None:
    texts = [b"echo \xff\xfe".decode("utf-8", "surrogateescape"), "caf\udce9", "日本語", "a\nb\tc"]
    added = store.add([Record(text, 5.0, None, 0, text, text, text, text) for text in texts])
    found = Lookup(store.db).commands(added.new)
    assert [command.text for command in found] == texts
    assert [command.last_cwd for command in found] == texts
    lookup = Lookup(store.db)
    assert [lookup.ran_in_session(text) for text in texts] == [[id] for id in added.new]
    assert [lookup.followers(text) for text in texts] == [{}] * 4
    assert sorted(map(to_bytes, texts)) == sorted(
        row[0] for row in store.db.execute("SELECT CAST(text AS BLOB) FROM commands")
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(min_size=1), unique=True, max_size=20))
def test_any_bytes_are_distinct_commands(store: Store, texts: list[bytes]) -> None:
    commands = [text.decode("utf-8", "surrogateescape") for text in texts]
    store.add(map(Record, commands))
    kept = {row[0] for row in store.db.execute("SELECT CAST(text AS BLOB) FROM commands")}
    assert set(texts) <= kept


def test_importing_twice_adds_nothing(store: Store) -> None:
    timed = [Record("make", 100.0), Record("make", 101.0), Record("ls", 101.0)]
    untimed = [Record("git log", nth=1), Record("git log", nth=2)]
    assert store.add(timed + untimed, imported=True).runs == 5
    before = sums(store)
    assert store.add(timed + untimed, imported=True).runs == 0
    assert sums(store) == before == {"make": (2, 0, 0), "ls": (1, 0, 0), "git log": (2, 0, 0)}
    check_sums(store)


def test_the_nth_entry_without_a_time_is_new_only_above_the_known_runs(store: Store) -> None:
    store.add([Record("ls", 5.0), Record("ls", 6.0)])
    entries = [Record("ls", nth=number) for number in (1, 2, 3)]
    assert store.add(entries, imported=True).runs == 1
    assert sums(store)["ls"][0] == 3


@pytest.mark.parametrize("live", [100.0, 100.7, 101.1])
def test_a_history_file_holds_what_was_recorded_live(store: Store, live: float) -> None:
    """It has the whole second, and wrote it down a little earlier than the hook."""
    store.add([Record("make", live, exit=0)])
    assert store.add([Record("make", 100.0)], imported=True).runs == 0
    assert sums(store)["make"] == (1, 1, 0)


@pytest.mark.parametrize("live", [100.0, 100.7, 101.1])
def test_a_live_record_takes_the_place_of_its_imported_twin(store: Store, live: float) -> None:
    store.add([Record("make", 100.0)], imported=True)
    store.add([Record("make", live, exit=3, cwd="/a")])
    assert sums(store)["make"] == (1, 0, 1)
    check_sums(store)


def test_runs_seconds_apart_are_no_twins(store: Store) -> None:
    store.add([Record("make", 100.0)], imported=True)
    store.add([Record("make", 103.5, exit=0)])
    assert store.add([Record("make", 98.0)], imported=True).runs == 1
    assert sums(store)["make"][0] == 3


def test_a_record_that_is_read_again_is_one_run(store: Store) -> None:
    record = Record("make", 100.25, exit=0, session="a.1.1")
    assert store.add([record, record]).runs == 1
    assert store.add([Record("make", 100.25, exit=0, session="b.1.1")]).runs == 1
    check_sums(store)


def test_records_and_progress_are_kept_together_or_not_at_all(store: Store) -> None:
    class Torn(Exception):
        pass

    def records() -> Iterator[Record]:
        yield Record("one", 1.0)
        raise Torn

    progress = Progress("a.1.1", b"head", 100)
    with pytest.raises(Torn):
        store.add(records(), [progress])
    assert store.progress() == {}
    assert sums(store) == {}
    store.add([Record("one", 1.0)], [progress])
    assert store.progress() == {"a.1.1": progress}
    store.drop_progress(["a.1.1"])
    assert store.progress() == {}


def test_a_commit_that_fails_leaves_no_transaction_open(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullDisk:
        def __init__(self, db: sqlite3.Connection) -> None:
            self._db = db

        def __getattr__(self, name: str) -> object:
            return getattr(self._db, name)

        def execute(self, query: str, *arguments: Any) -> object:
            if query == "COMMIT":
                raise sqlite3.OperationalError("database or disk is full")
            return self._db.execute(query, *arguments)

    real = store.db
    monkeypatch.setattr(store, "db", FullDisk(real))
    with pytest.raises(sqlite3.OperationalError, match="full"):
        store.add([Record("one", 1.0)])
    monkeypatch.setattr(store, "db", real)
    assert sums(store) == {}
    assert store.add([Record("one", 1.0)]).runs == 1


def test_forgotten_commands_stay_forgotten(store: Store) -> None:
    (id,) = store.add([Record("rm secret", 1.0), Record("rm secret", 50.0)]).new
    store.add([Record("ls", 2.0, session="s"), Record("rm secret", 3.0, session="s")])
    assert store.forget([id, 999]) == 1
    assert "rm secret" not in sums(store)
    old = [Record("rm secret", 1.0), Record("rm secret", nth=1)]
    assert store.add(old, imported=True).runs == 0
    assert store.add([Record("rm secret", 100.0)]).runs == 1, "run again, recorded again"
    assert store.add(old, imported=True).runs == 0, "the old runs stay forgotten"
    check_sums(store)


def test_the_generation_changes_with_every_removal(store: Store) -> None:
    ids = store.add([Record("a"), Record("b")]).new
    lookup = Lookup(store.db)
    seen = {lookup.generation()}
    for id in ids:
        store.forget([id])
        seen.add(lookup.generation())
    assert len(seen) == 3


def test_ids_are_never_used_again(store: Store) -> None:
    (id,) = store.add([Record("a")]).new
    store.forget([id])
    assert store.add([Record("b")]).new[0] > id


def test_a_reader_of_an_older_state_keeps_the_checkpoint_from_being_whole(store: Store) -> None:
    store.add([Record("a")])
    assert store.checkpoint()
    reader = sqlite3.connect(store.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM commands").fetchall()
    store.add([Record("b")])
    assert not store.checkpoint()
    reader.close()
    assert store.checkpoint()


def test_a_store_that_was_taken_away_is_noticed(store: Store) -> None:
    assert store.is_in_place()
    store.path.rename(store.path.with_name("elsewhere"))
    assert not store.is_in_place()
    store.path.touch()
    assert not store.is_in_place()


def test_notes(store: Store) -> None:
    lookup = Lookup(store.db)
    store.set_note("recovery", "a line")
    assert lookup.note("recovery") == "a line"
    store.set_note("recovery", "")
    assert lookup.note("recovery") is None


def test_the_repository_of_a_directory(tmp_path: Path) -> None:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    inside = tmp_path / "repo" / "a" / "b"
    inside.mkdir(parents=True)
    assert repository(str(inside)) == str(tmp_path / "repo")
    assert repository("/nonexistent") in (None, "/")
    assert repository("/x" * 3000) is None
