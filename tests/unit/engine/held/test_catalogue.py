"""The catalogue: columns, text index and vectors speak of the same commands."""

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.embedding import BagOfLetters

from backend.engine.held.catalogue import Catalogue
from backend.meaning.vectors import Vectors
from backend.storage.lookup import Lookup
from backend.storage.store import MICRO, Store
from backend.wire.record import Record

LETTERS = BagOfLetters()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "history.db")
    yield made
    made.close()


@pytest.fixture
def vectors(tmp_path: Path) -> Iterator[Vectors]:
    made = Vectors(tmp_path / "vectors", "letters", LETTERS.dimension)
    yield made
    made.close()


def catalogue(store: Store) -> Catalogue:
    folder = store.path.parent
    return Catalogue(Lookup(store.db), folder / "text.index", folder / "columns")


def texts(cat: Catalogue) -> list[str]:
    return [cat.text.text(row) for row in range(len(cat))]


def columns(cat: Catalogue) -> list[tuple[object, ...]]:
    names = ("id", "runs", "ok_runs", "failed_runs", "last_run", "dir_id")
    return list(zip(*(cat.columns[name].tolist() for name in names), strict=True))


def in_store(store: Store) -> list[tuple[object, ...]]:
    return [(*row[:4], row[4] / MICRO, row[5]) for row in Lookup(store.db).sums()]


def test_rows_follow_what_is_added(store: Store) -> None:
    store.add([Record("one", 1.0)])
    cat = catalogue(store)
    added = store.add([Record("two", 2.0), Record("one", 3.0, exit=1)])
    cat.add(added.new)
    cat.update(added.again)
    assert texts(cat) == ["one", "two"]
    assert cat.columns["failed_runs"].tolist() == [1, 0]
    assert cat.newest(1, None).tolist() == [0]
    assert cat.newest(9, np.array([False, True])).tolist() == [1]
    assert np.argmax(cat.prior()) == 0


def test_a_saved_text_index_is_brought_up_to_date(store: Store) -> None:
    store.add([Record(f"command {number}") for number in range(50)])
    catalogue(store).save(least=1)
    assert store.path.with_name("text.index").stat().st_mode & 0o777 == 0o600
    store.add([Record("later")])
    assert texts(catalogue(store)) == [*(f"command {number}" for number in range(50)), "later"]


# Few commands and seconds, so that imports meet what hooks recorded and take one another's place.
RUNS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.integers(0, 4),
        st.sampled_from([None, 0, 1]),
        st.sampled_from([None, "/one", "/two"]),
        st.booleans(),
    ),
    max_size=12,
)


@given(before=RUNS, after=RUNS)
def test_saved_columns_are_brought_up_to_date(before: Any, after: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "history.db")
        try:
            add(store, before)
            catalogue(store).save(least=0)
            add(store, after)
            assert catalogue(store)._load_columns() is not None, "and not all read anew"
            assert columns(catalogue(store)) == in_store(store)
        finally:
            store.close()


def add(store: Store, runs: Any) -> None:
    for command, second, exit, cwd, imported in runs:
        store.add([Record(command, 1e9 + second, exit=exit, cwd=cwd)], imported=imported)


def test_a_run_that_took_the_number_of_the_last_one_is_seen(store: Store) -> None:
    store.add([Record("a", 5.0)], imported=True)
    catalogue(store).save(least=0)
    last = Lookup(store.db).last_run_id()
    store.add([Record("a", 5.0, exit=1, cwd="/one")])
    assert Lookup(store.db).last_run_id() == last
    assert columns(catalogue(store)) == in_store(store)


def test_columns_of_a_later_state_of_the_store_are_not_used(store: Store) -> None:
    store.add([Record("one", 1.0)])
    with sqlite3.connect(store.path.with_name("backup")) as copy:
        store.db.backup(copy)
    copy.close()
    store.add([Record("one", 2.0), Record("one", 3.0)])
    catalogue(store).save(least=0)
    older = Store(store.path.with_name("backup"))
    assert columns(catalogue(older)) == in_store(older)
    older.close()


def test_a_text_index_of_before_a_removal_is_not_used(store: Store) -> None:
    ids = store.add([Record("keep"), Record("forget me"), Record("also")]).new
    catalogue(store).save(least=1)
    store.forget([ids[1]])
    assert texts(catalogue(store)) == ["keep", "also"]


@pytest.mark.parametrize("name", ["text.index", "columns"])
@pytest.mark.parametrize("damage", ["garbage", "cut", "empty", "bytes"])
def test_a_damaged_file_is_made_anew(store: Store, name: str, damage: str) -> None:
    store.add([Record(f"command {number}") for number in range(500)])
    catalogue(store).save(least=1)
    file = store.path.with_name(name)
    data = file.read_bytes()
    middle = len(data) // 2
    file.write_bytes(
        {
            "garbage": b"\xff" * 1000,
            "cut": data[:middle],
            "empty": b"",
            "bytes": data[:middle] + b"\xff" * 64 + data[middle + 64 :],
        }[damage]
    )
    cat = catalogue(store)
    assert texts(cat) == [f"command {number}" for number in range(500)]
    assert columns(cat) == in_store(store)
    cat.save(least=1)
    assert file.read_bytes() == data, "and takes the place of the damaged one"


def test_vectors_belong_to_their_commands(store: Store, vectors: Vectors) -> None:
    store.add([Record("ls"), Record("tar xzf a"), Record("docker ps")])
    cat = catalogue(store)
    cat.attach(vectors)
    waiting = cat.waiting(2)
    assert [text for _, text in waiting] == ["docker ps", "tar xzf a"], "the newest first"
    cat.add_vectors([id for id, _ in waiting], LETTERS.embed([text for _, text in waiting]))
    assert cat.embedded() == 2
    rows, cosines = cat.near(LETTERS.embed_query("tar xzf a"), 5, None)
    assert rows[0] == 1
    assert cosines[0] == pytest.approx(1.0, abs=1e-3)
    found = cat.cosines(LETTERS.embed_query("ls"), np.array([0, 1], np.int32))
    assert np.isnan(found[0])
    assert not np.isnan(found[1])
    again = catalogue(store)
    again.attach(vectors)
    assert again.embedded() == 2
    assert [text for _, text in again.waiting(9)] == ["ls"]


def test_vectors_made_of_what_was_forgotten_meanwhile_are_not_kept(
    store: Store, vectors: Vectors
) -> None:
    ids = store.add([Record("keep"), Record("forget me")]).new
    cat = catalogue(store)
    cat.attach(vectors)
    made = LETTERS.embed(["keep", "forget me"])
    store.forget([ids[1]])
    cat = catalogue(store)
    cat.attach(vectors)
    cat.add_vectors(ids, made)
    assert vectors.ids.tolist() == [ids[0]]
    assert cat.near(made[0], 5, None)[0].tolist() == [0]


def test_vectors_of_commands_that_are_gone_are_not_found(store: Store, vectors: Vectors) -> None:
    (id,) = store.add([Record("here")]).new
    vectors.add([id + 5, id], LETTERS.embed(["gone", "here"]))
    cat = catalogue(store)
    cat.attach(vectors)
    assert cat.near(LETTERS.embed_query("gone"), 5, None)[0].tolist() == [0]
    allowed = np.array([False])
    assert cat.near(LETTERS.embed_query("here"), 5, allowed)[0].tolist() == []
