"""Filters to SQL: one and the same run must be as asked."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.query.filters import Filters
from backend.query.place import NOWHERE, Place
from backend.storage import kept
from backend.storage.filtered import matching, unknown
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
            Record("git add .", shell="zsh", author="claude"),
            Record("git add .", shell="zsh"),
            Record("git stash", shell="zsh", author="codex"),
        ]
    )
    yield made
    made.close()


def found(store: Store, filters: Filters, place: Place = NOWHERE) -> list[str]:
    ids = matching(store.db, place, filters)
    texts = dict(Lookup(store.db).texts())
    return sorted(texts[id] for id in ids)


CASES = [
    (Filters(exit=130), ["cat x"]),
    (Filters(failed=True), ["cat x", "make"]),
    (Filters(failed=False), ["ls", "make"]),
    (Filters(failed=True, host="server"), []),
    (Filters(host="LAPTOP"), ["cat x", "ls", "make"]),
    (Filters(session="s2"), ["cat x", "make"]),
    (Filters(since=200.0), ["cat x", "ls", "make"]),
    (Filters(before=200.0), ["make"]),
    (Filters(since=150.0, before=250.0), ["ls"]),
    (Filters(took_over=60.0), ["make"]),
    (Filters(took_under=1.0), ["cat x", "ls"]),
    (Filters(cwd="/srv"), ["make"]),
    (Filters(cwd="/"), ["cat x", "ls", "make"]),
    (Filters(repo="proj"), ["ls", "make"]),
    (Filters(repo="nothing"), []),
    (Filters(author="me"), ["cat x", "git add .", "id", "ls", "make"]),
    (Filters(author="agent"), ["git add .", "git stash"]),
    (Filters(author="Codex"), ["git stash"]),
    (Filters(author="codex", failed=True), []),
]


@pytest.mark.parametrize(("filters", "expected"), CASES)
def test_filters(store: Store, filters: Filters, expected: list[str]) -> None:
    assert found(store, filters) == expected


def test_an_author_that_no_run_has_is_told(store: Store) -> None:
    told = unknown(store.db, Filters(author="gemini"))
    assert told and told.startswith("author:gemini: no agent of that name") and "codex" in told
    assert not any(unknown(store.db, Filters(author=each)) for each in ("me", "agent", "claude"))


def test_a_directory_and_what_is_below_it_but_not_beside_it(store: Store, tmp_path: Path) -> None:
    assert found(store, Filters(cwd=str(tmp_path / "proj"))) == ["ls", "make"]
    assert found(store, Filters(cwd=f"{tmp_path}/proj/")) == ["ls", "make"]
    assert found(store, Filters(cwd=str(tmp_path / "proj" / "src"))) == ["ls"]


def test_here_and_this_session_are_the_places_of_the_request(store: Store, tmp_path: Path) -> None:
    place = Place(str(tmp_path / "proj"), "s1")
    assert found(store, Filters(here=True), place) == ["ls", "make"]
    assert found(store, Filters(session="."), place) == ["ls", "make"]
    assert found(store, Filters(repo="."), place) == ["ls", "make"]
    assert found(store, Filters(here=True), NOWHERE) == []
    assert found(store, Filters(repo="."), NOWHERE) == []
    assert found(store, Filters(session="."), NOWHERE) == []


def test_this_host_is_that_of_the_session_or_this_machine(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "server")
    here = Filters(host=".")
    assert found(store, here, Place(None, "s1")) == ["cat x", "ls", "make"]
    assert found(store, here, Place(None, "of nothing yet")) == ["make"]
    assert found(store, here) == ["make"]


def test_what_is_pinned_and_noted(store: Store) -> None:
    ids = {text: id for id, text in Lookup(store.db).texts()}
    kept.pin(store.db, ids["ls"], True)
    kept.note(store.db, ids["make"], "builds")
    assert found(store, Filters(pinned=True)) == ["ls"]
    assert found(store, Filters(noted=True)) == ["make"]
    assert found(store, Filters(pinned=True, session="s2")) == []


def test_filters_beside_filters_hold_of_the_same_run(store: Store) -> None:
    def both(one: Filters, other: Filters) -> int:
        return len(matching(store.db, NOWHERE, one, other))

    assert both(Filters(session="s1"), Filters(failed=False)) == 1
    assert both(Filters(failed=True), Filters(failed=False)) == 0


def test_a_repository_by_path(store: Store, tmp_path: Path) -> None:
    assert found(store, Filters(repo=str(tmp_path / "proj"))) == ["ls", "make"]


def test_values_are_data(store: Store) -> None:
    for value in ("'", '" OR 1=1 --', "%", "_", "\udcff"):
        assert found(store, Filters(session=value)) == []
        assert found(store, Filters(repo=value)) == []
