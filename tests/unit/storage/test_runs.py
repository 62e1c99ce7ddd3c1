"""Single runs: read with their neighbours, and removed with all that hung on them."""

import random
from pathlib import Path

import pytest

from backend.storage import runs
from backend.storage.lookup import Lookup
from backend.storage.runs import Neighbour
from backend.storage.store import Store
from backend.wire.record import Record

START = 1_700_000_000.0


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "history.db")
    made.add(
        [
            Record("make", START, 1.0, 0, "/a", "s1", "h", "zsh"),
            Record("ls", START + 1, 0.1, 0, "/a", "s2", "h", "bash"),
            Record("make test", START + 2, 9.0, 1, "/a", "s1", "h", "zsh"),
            Record("make", START + 3.25, 3.0, 2, "/b", "s1", "h", "zsh"),
            Record("make", None),
        ]
    )
    return made


def ids(store: Store) -> dict[str, int]:
    return {text: id for id, text in Lookup(store.db).texts()}


def sums(store: Store, command: str) -> tuple[object, ...]:
    (found,) = Lookup(store.db).commands([ids(store)[command]])
    return (
        found.runs,
        found.ok_runs,
        found.failed_runs,
        found.last_run,
        found.last_exit,
        (found.last_cwd),
    )


def run_ids(store: Store, command: str) -> list[int]:
    return [run.id for run in runs.of_command(store.db, ids(store)[command], 9, 0)]


def links(store: Store) -> list[tuple[str, str | None]]:
    return store.db.execute(
        "SELECT c.text, p.text FROM runs r JOIN commands c ON c.id = r.command_id"
        " LEFT JOIN commands p ON p.id = r.previous_id ORDER BY r.id"
    ).fetchall()


def test_runs_are_read_newest_first_with_their_neighbours(store: Store) -> None:
    by_text = ids(store)
    last, first, unknown = runs.of_command(store.db, by_text["make"], 9, 0)
    assert (last.start, last.duration, last.exit, last.cwd) == (START + 3.25, 3.0, 2, "/b")
    assert (last.host, last.session, last.shell) == ("h", "s1", "zsh")
    test = Neighbour(by_text["make test"], "make test")
    assert (last.before, last.after) == (test, None)
    assert (first.start, first.before, first.after) == (START, None, test)
    assert (unknown.start, unknown.duration, unknown.before, unknown.after) == (None,) * 4
    assert runs.of_command(store.db, by_text["make"], 1, 1) == [first]
    assert runs.of_command(store.db, 99, 9, 0) == []


def test_the_median_is_of_known_durations(store: Store) -> None:
    assert runs.median(store.db, ids(store)["make"]) == 2.0
    store.add([Record("make", START + 9, 100.0), Record("id")])
    assert runs.median(store.db, ids(store)["make"]) == 3.0
    assert runs.median(store.db, ids(store)["id"]) is None


def test_a_run_that_is_removed_leaves_sums_as_they_are_without_it(store: Store) -> None:
    last, *_ = run_ids(store, "make")
    assert store.forget_runs([last, 10**9]) == ([ids(store)["make"]], 1)
    assert sums(store, "make") == (2, 1, 0, START, 0, "/a")
    assert len(run_ids(store, "make")) == 2


def test_what_ran_next_follows_what_ran_before(store: Store) -> None:
    assert links(store)[3] == ("make", "make test")
    store.add([Record("pwd", START + 5, session="s1")])
    store.forget_runs(run_ids(store, "make")[:1])
    assert links(store)[-1] == ("pwd", "make test")


def test_the_links_of_what_ran_next_end_with_a_command_that_goes(store: Store) -> None:
    assert store.forget_runs(run_ids(store, "make test")) == ([3], 1)
    assert "make test" not in ids(store)
    assert ("make", None) in links(store)
    assert store.db.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("late", [0.0, 0.05])
def test_an_import_does_not_bring_it_back(store: Store, late: float) -> None:
    store.add([Record("git push", START + 60 + late, 1.0, 0), Record("git push", START + 99)])
    store.forget_runs(run_ids(store, "git push")[1:])
    # The file's whole second may be the one before, where the hook's clock had just begun another.
    for second in {int(START + 60), int(START + 60 + late - 0.2)}:
        added = store.add([Record("git push", float(second))], imported=True)
        assert added.runs == 0, second
    assert store.add([Record("git push", START + 63)], imported=True).runs == 1
    assert store.add([Record("git push", START + 60)]).runs == 1, "run anew"


def test_nor_a_command_that_went_with_its_last_run(store: Store) -> None:
    store.forget_runs(run_ids(store, "ls"))
    assert store.add([Record("ls", START + 1)], imported=True).runs == 0


def test_sums_after_any_removals_are_those_of_the_runs_that_are_left(tmp_path: Path) -> None:
    draw = random.Random(5)
    for number in range(20):
        store = Store(tmp_path / f"{number}.db")
        exits, places = draw.choices((0, 1, None), k=6), draw.choices(("/x", "/y", None), k=6)
        made = [Record("a", START + at, None, exits[at], places[at]) for at in range(6)]
        store.add(made)
        gone = set(draw.sample(range(6), 3))
        chosen = [id for at, id in enumerate(reversed(run_ids(store, "a"))) if at in gone]
        store.forget_runs(chosen)
        fresh = Store(tmp_path / f"{number}-fresh.db")
        fresh.add([record for at, record in enumerate(made) if at not in gone])
        assert sums(store, "a") == sums(fresh, "a")
