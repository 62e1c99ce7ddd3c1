"""All that matches: what is about to be forgotten together."""

import pytest

from backend.engine.engine import Engine
from backend.engine.search.everything import Unclear
from backend.engine.search.find import Request
from backend.query.place import Place
from backend.wire.record import Record

COMMANDS = ["git status", "git push", "make git", "ls"]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    engine.record([Record(text, exit=at % 2, session="s") for at, text in enumerate(COMMANDS)])
    while engine.embed_waiting():
        pass
    return engine


def matching(engine: Engine, text: str, **how: object) -> list[str]:
    by_id = {row.id: row.command for row in engine.search("").rows}
    ids = engine.matches(Request(text, place=Place(None, "s"), **how))  # type: ignore[arg-type]
    return [by_id[id] for id in ids]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("git", ["git status", "git push", "make git"]),
        ("git exit:fail", ["git push"]),
        ("exit:fail", ["git push", "ls"]),
        ("exit:fail -push", ["ls"]),
        ("in:session exit:0", ["git status", "make git"]),
        ("git -push", ["git status", "make git"]),
        ("", []),
        ("order:newest", []),
        ("zzzqqq", []),
        ("how do I push this to the server", []),
        ("how do I push this to the server exit:fail", []),
    ],
)
def test_what_holds_it_or_passes(filled: Engine, text: str, expected: list[str]) -> None:
    assert matching(filled, text) == expected


def test_filters_beside_it_and_hidden_commands(filled: Engine) -> None:
    assert matching(filled, "git", narrow="exit:fail") == ["git push"]
    assert matching(filled, "", narrow="exit:fail") == ["git push", "ls"]
    assert matching(filled, "git", hidden=frozenset({1, 2})) == ["make git"]
    assert matching(filled, "", hidden=frozenset({1})) == [], "what is hidden is no filter"


def test_they_are_what_a_search_shows_as_matches(filled: Engine) -> None:
    for text in ("git", "s", "git exit:0", "mak"):
        found = filled.search(text)
        shown = [row.command for row in found.rows[: found.matches]]
        assert sorted(matching(filled, text)) == sorted(shown)


@pytest.mark.parametrize("text", ["git exit:banana", "in:nowhere", "host:nowhere"])
def test_a_filter_that_makes_no_sense_matches_nothing(filled: Engine, text: str) -> None:
    with pytest.raises(Unclear, match=text.split()[-1]):
        matching(filled, text)
    with pytest.raises(Unclear):
        matching(filled, "git", narrow=text)
