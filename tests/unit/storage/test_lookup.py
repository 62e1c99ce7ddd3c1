"""Questions to the store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.storage.lookup import Lookup
from backend.storage.store import Store
from backend.wire.record import Record


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "history.db")
    yield made
    made.close()


def test_counts_and_texts_in_order_of_id(store: Store) -> None:
    store.add([Record("b", 1.0), Record("a", 2.0), Record("b", 3.0)])
    lookup = Lookup(store.db)
    assert (lookup.last_id(), lookup.last_run_id()) == (2, 3)
    assert [text for _, text in lookup.texts()] == ["b", "a"]
    (_, first), *_ = [(text, id) for id, text in lookup.texts()]
    assert [text for _, text in lookup.texts(after=first)] == ["a"]
    assert lookup.texts_of([first, 999]) == {first: "b"}


def test_commands_in_the_order_asked_for(store: Store) -> None:
    first, second = store.add([Record("a", 1.5, exit=0, cwd="/x"), Record("b")]).new
    found = Lookup(store.db).commands([second, 999, first])
    assert [command.text for command in found] == ["b", "a"]
    assert (found[1].last_run, found[1].last_exit, found[1].last_cwd) == (1.5, 0, "/x")
    assert (found[0].last_run, found[0].last_exit, found[0].last_cwd) == (None, None, None)


def test_sums_have_zero_for_unknown(store: Store) -> None:
    (id,) = store.add([Record("a")]).new
    assert list(Lookup(store.db).sums()) == [(id, 1, 0, 0, 0, 0)]
    assert list(Lookup(store.db).sums([])) == []


def test_directories_and_repositories(store: Store, tmp_path: Path) -> None:
    (tmp_path / "r" / ".git").mkdir(parents=True)
    (tmp_path / "r" / "sub").mkdir()
    inside, outside = str(tmp_path / "r" / "sub"), "/nowhere/else"
    ids = store.add([Record("a", cwd=inside), Record("b", cwd=outside)]).new
    lookup = Lookup(store.db)
    assert lookup.repository(inside) == str(tmp_path / "r")
    assert lookup.repository(outside) is None
    assert lookup.ran_in_dirs(ids, lookup.dir_ids(outside)) == [ids[1]]
    assert lookup.ran_in_dirs(ids, lookup.dir_ids_of_repo(str(tmp_path / "r"))) == [ids[0]]
    assert lookup.dir_ids("/never") == []


def test_what_follows_the_last_command_of_a_session(store: Store) -> None:
    order = ["add", "commit", "push", "add", "commit", "add", "log"]
    store.add([Record(text, float(at), session="old") for at, text in enumerate(order)])
    store.add([Record("add", 99.0, session="now")])
    lookup = Lookup(store.db)
    texts = dict(lookup.texts())
    assert {texts[id]: n for id, n in lookup.followers("now").items()} == {"commit": 2, "log": 1}
    assert lookup.followers("none") == {}
    assert [texts[id] for id in lookup.ran_in_session("now")] == ["add"]


def test_what_was_forgotten_follows_nothing(store: Store) -> None:
    ids = store.add([Record("a", 1.0, session="s"), Record("b", 2.0, session="s")]).new
    store.forget([ids[0]])
    store.add([Record("a", 9.0, session="t")])
    assert Lookup(store.db).followers("t") == {}
