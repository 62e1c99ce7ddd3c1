"""Filters to SQL: one and the same run must be as asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.query.filters import Filters
from backend.query.place import NOWHERE, Place
from backend.storage.filtered import matching
from backend.storage.lookup import Lookup
from backend.storage.store import Store
from backend.wire.record import Record


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "proj" / ".git").mkdir(parents=True)
    (tmp_path / "proj" / "src").mkdir()
    proj = str(tmp_path / "proj")
    made = Store(tmp_path / "history.db")
    made.add(
        [
            Record("make", 100.0, 5.0, 2, proj, "s1", "laptop"),
            Record("make", 900.0, 70.0, 0, "/srv", "s2", "server"),
            Record("ls", 200.0, 0.1, 0, f"{proj}/src", "s1", "laptop"),
            Record("cat x", 300.0, 0.1, 130, f"{proj}-other", "s2", "laptop"),
            Record("id"),
        ]
    )
    yield made
    made.close()


def found(store: Store, place: Place = NOWHERE, **filters: object) -> list[str]:
    ids = matching(store.db, Filters(**filters), place)  # type: ignore[arg-type]
    texts = dict(Lookup(store.db).texts())
    return sorted(texts[id] for id in ids)


CASES = [
    ({"exit": 130}, ["cat x"]),
    ({"failed": True}, ["cat x", "make"]),
    ({"failed": False}, ["ls", "make"]),
    ({"failed": True, "host": "server"}, []),
    ({"host": "LAPTOP"}, ["cat x", "ls", "make"]),
    ({"session": "s2"}, ["cat x", "make"]),
    ({"since": 200.0}, ["cat x", "ls", "make"]),
    ({"before": 200.0}, ["make"]),
    ({"since": 150.0, "before": 250.0}, ["ls"]),
    ({"took_over": 60.0}, ["make"]),
    ({"took_under": 1.0}, ["cat x", "ls"]),
    ({"cwd": "/srv"}, ["make"]),
    ({"cwd": "/"}, ["cat x", "ls", "make"]),
    ({"repo": "proj"}, ["ls", "make"]),
    ({"repo": "nothing"}, []),
]


@pytest.mark.parametrize(("filters", "expected"), CASES)
def test_filters(store: Store, filters: dict[str, object], expected: list[str]) -> None:
    assert found(store, **filters) == expected


def test_a_directory_and_what_is_below_it_but_not_beside_it(store: Store, tmp_path: Path) -> None:
    assert found(store, cwd=str(tmp_path / "proj")) == ["ls", "make"]
    assert found(store, cwd=f"{tmp_path}/proj/") == ["ls", "make"]
    assert found(store, cwd=str(tmp_path / "proj" / "src")) == ["ls"]


def test_here_and_this_session_are_the_places_of_the_request(store: Store, tmp_path: Path) -> None:
    place = Place(str(tmp_path / "proj"), "s1")
    assert found(store, place, here=True) == ["ls", "make"]
    assert found(store, place, session=".") == ["ls", "make"]
    assert found(store, place, repo=".") == ["ls", "make"]
    assert found(store, NOWHERE, here=True) == []
    assert found(store, NOWHERE, repo=".") == []
    assert found(store, NOWHERE, session=".") == []


def test_a_repository_by_path(store: Store, tmp_path: Path) -> None:
    assert found(store, repo=str(tmp_path / "proj")) == ["ls", "make"]


def test_values_are_data(store: Store) -> None:
    for value in ("'", '" OR 1=1 --', "%", "_", "\udcff"):
        assert found(store, session=value) == []
        assert found(store, repo=value) == []
