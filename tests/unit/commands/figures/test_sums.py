"""The figures of `deja stats`: what is counted, and what is not."""

import time
from datetime import date, datetime

import pytest

from backend.commands.figures.aliases import aliases
from backend.commands.figures.sums import Sums, sums
from backend.engine.engine import Engine
from backend.redaction.mask import MARK
from backend.wire.record import Record

NOON = datetime(2026, 3, 2, 12, 30).timestamp()
DAY = 86400.0


def run(engine: Engine, command: str, at: float = NOON, exit: int = 0, took: float = 1.0) -> None:
    engine.record([Record(command, at, took, exit, "/w", "s")])


def figures(engine: Engine, since: float | None = None) -> Sums:
    return sums(engine._history.store.db, since)


def test_an_empty_history(engine: Engine) -> None:
    found = figures(engine)
    assert (found.commands, found.runs, found.days, sum(found.hours)) == (0, 0, {}, 0)
    assert not (found.used or found.aliases or found.failing or found.places or found.waiting)


def test_days_and_hours_are_local(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Kolkata")  # half an hour off all others
    time.tzset()
    try:
        run(engine, "late", datetime(2026, 3, 2, 23, 45).timestamp())
        run(engine, "early", datetime(2026, 3, 3, 0, 15).timestamp())
        found = figures(engine)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found.days == {date(2026, 3, 2): 1, date(2026, 3, 3): 1}
    assert (found.hours[23], found.hours[0]) == (1, 1)


def test_what_is_used_fails_and_is_waited_for(engine: Engine) -> None:
    for number in range(4):
        run(engine, "make test", NOON + number, exit=int(number > 0), took=60)
        run(engine, "grep x y", NOON + 10 + number, exit=1)
        run(engine, "npm start", NOON + 20 + number, exit=130, took=10)
        run(engine, "vim a.c", NOON + 30 + number, took=3600)
    found = figures(engine)
    assert (found.commands, found.runs) == (4, 16)
    assert found.used[0].name == "make test"
    assert [(count.name, count.runs, count.failed) for count in found.failing] == [
        ("make test", 4, 3)
    ], "what grep answers is no failure, nor is Ctrl-C; what never failed is not there"
    assert [(count.name, count.seconds) for count in found.waiting] == [
        ("make", 240.0),
        ("npm", 40.0),
        ("grep", 4.0),
    ], "one works in an editor"
    assert found.waited == 284.0
    assert [(place.name, place.runs, place.failed) for place in found.places] == [("/w", 16, 7)]


def test_since(engine: Engine) -> None:
    run(engine, "old", NOON - 9 * DAY)
    run(engine, "new", NOON)
    found = figures(engine, NOON - DAY)
    assert (found.commands, found.runs, list(found.days)) == (1, 1, [date(2026, 3, 2)])
    assert [count.name for count in found.used] == ["new"]


def test_aliases_save_keys_and_take_no_name_that_is_there() -> None:
    commands = [
        ("docker compose up -d", 30),
        ("docker compose up --detach", 20),
        ("git status --short", 10),
        ("ls", 900),
        ("too seldom, and long", 2),
        (f"login --password {MARK}", 90),
        ("for i in 1 2\ndo echo $i\ndone", 90),
    ]
    found = aliases(commands, taken={"dcud", "git"})
    assert [(alias.name, alias.keys) for alias in found[:1]] == [(found[0].name, found[0].keys)]
    assert [alias.command for alias in found] == [text for text, _ in commands[:3]]
    names = [alias.name for alias in found]
    assert len(set(names)) == 3 and "dcud" not in names and names[2] == "gss"
    assert found[0].keys == 30 * (len("docker compose up -d") - len(names[0]))
