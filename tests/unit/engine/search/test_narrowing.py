"""What a search may show: filters in its line and beside it, hidden commands, another order."""

import pytest

from backend.engine.engine import Engine
from backend.query.place import Place
from backend.wire.record import Record
from backend.wire.row import Row

START = 1_700_000_000.0


@pytest.fixture
def filled(engine: Engine) -> Engine:
    engine.record(
        [
            Record("git status", START, exit=0, session="s1", cwd="/w"),
            Record("git push", START + 60, exit=1, session="s1", cwd="/w"),
            Record("git push", START + 90, exit=0, session="s2", cwd="/"),
            Record("make git", START + 120, exit=0, session="s2", cwd="/w"),
            *(Record("git status", START + second, exit=0, session="s3") for second in (1, 2)),
        ]
    )
    while engine.embed_waiting():
        pass
    return engine


def found(engine: Engine, text: str, **how: object) -> list[str]:
    return [row.command for row in engine.search(text, **how).rows]  # type: ignore[arg-type]


def row(engine: Engine, text: str, place: Place) -> Row:
    return next(row for row in engine.search(text, place=place).rows if row.command == text)


def test_filters_beside_a_line_hold_in_addition(filled: Engine) -> None:
    here = Place("/w", "s1")
    assert sorted(found(filled, "", narrow="in:session", place=here)) == ["git push", "git status"]
    assert found(filled, "exit:0", narrow="in:session", place=here) == ["git status"]
    assert found(filled, "exit:0", narrow="exit:fail") == []
    result = filled.search("git exit:0", narrow="in:session order:newest", place=here)
    assert (result.applied, result.mistakes, result.matches) == (("exit:0",), (), 1)


def test_only_what_begins_with_what_is_typed(filled: Engine) -> None:
    assert set(found(filled, "git", narrow="match:start")) == {"git push", "git status"}
    assert found(filled, "git", narrow="match:start order:newest") == ["git push", "git status"]
    assert found(filled, "match:start git s") == ["git status"]
    assert found(filled, "push", narrow="match:start") == []
    assert len(found(filled, "", narrow="match:start")) == 3
    here = Place("/w", "s1")
    assert found(filled, "git p", narrow="match:start in:session", place=here) == ["git push"]
    (mistake,) = filled.search("git", narrow="match:end").mistakes
    assert mistake == "match:end: use match:start"


def test_mistakes_beside_a_line_are_told(filled: Engine) -> None:
    result = filled.search("git", narrow="git exit:banana host:nowhere")
    assert [mistake.split(": ")[0] for mistake in result.mistakes] == [
        *("git", "exit:banana", "host:nowhere"),
    ]
    assert result.note == result.mistakes[0]


@pytest.mark.parametrize("text", ["", "git", "how do I push it to the server"])
def test_what_is_hidden_is_neither_shown_nor_counted(filled: Engine, text: str) -> None:
    before = filled.search(text)
    gone = next(row.id for row in before.rows if row.command == "git push")
    assert gone is not None
    after = filled.search(text, hidden=[gone, 10**9])
    assert "git push" not in [row.command for row in after.rows]
    assert after.found == before.found - 1 == len(after.rows)
    assert after.matches == max(before.matches - 1, 0)


def test_what_is_ruled_out_is_left_out_where_nothing_else_is_typed(filled: Engine) -> None:
    assert sorted(found(filled, "exit:0 -push")) == ["git status", "make git"]
    assert found(filled, "-git") == []


@pytest.mark.parametrize("text", ["", "git", "how do I push it to the server"])
def test_another_order(filled: Engine, text: str) -> None:
    newest = ["make git", "git push", "git status"]
    assert found(filled, f"{text} order:newest") == newest
    assert found(filled, text, narrow="order:newest") == newest
    assert found(filled, text, narrow="order:used") == ["git status", "git push", "make git"]
    assert found(filled, f"{text} order:newest", narrow="order:used") == newest, "what is typed"


def test_pages_in_another_order_repeat_nothing(engine: Engine) -> None:
    engine.record([Record(f"run number {at}", START + at) for at in range(120)])
    for text in ("", "run", "number run"):
        walked: list[str] = []
        while rows := found(engine, text, narrow="order:newest", offset=len(walked)):
            walked += rows
        assert walked == [f"run number {at}" for at in range(119, -1, -1)], text


def test_rows_say_how_it_went_and_where_it_ran(filled: Engine) -> None:
    push = row(filled, "git push", Place("/w", "s2"))
    assert (push.ok_runs, push.failed_runs, push.here) == (1, 1, "directory")
    assert push.id and push.pinned is None and push.note is None
    assert row(filled, "git push", Place("/x", "s2")).here == "session"
    assert row(filled, "git push", Place("/x", "s9")).here is None
