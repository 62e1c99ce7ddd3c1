"""The catalogue: columns, text index and vectors speak of the same commands."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import BagOfLetters

from backend.catalogue import Catalogue
from backend.lookup import Lookup
from backend.records import Record
from backend.store import Store
from backend.vectors import Vectors

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
    return Catalogue(Lookup(store.db), store.path.with_name("text.index"))


def texts(cat: Catalogue) -> list[str]:
    return [cat.text.text(row) for row in range(len(cat))]


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
    catalogue(store).save_text(least=1)
    assert store.path.with_name("text.index").stat().st_mode & 0o777 == 0o600
    store.add([Record("later")])
    assert texts(catalogue(store)) == [*(f"command {number}" for number in range(50)), "later"]


def test_a_text_index_of_before_a_removal_is_not_used(store: Store) -> None:
    ids = store.add([Record("keep"), Record("forget me"), Record("also")]).new
    catalogue(store).save_text(least=1)
    store.forget([ids[1]])
    assert texts(catalogue(store)) == ["keep", "also"]


@pytest.mark.parametrize("damage", ["garbage", "cut", "empty", "bytes"])
def test_a_damaged_text_index_is_made_anew(store: Store, damage: str) -> None:
    store.add([Record(f"command {number}") for number in range(500)])
    catalogue(store).save_text(least=1)
    file = store.path.with_name("text.index")
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
    cat.save_text(least=1)
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
