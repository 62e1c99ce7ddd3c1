"""The need model in step with the store: after a start, an import of older commands, a forget."""

import pytest

from backend.config import Config
from backend.engine.engine import Engine
from backend.engine.held import needs
from backend.query.place import Place
from backend.wire.record import Record

DAY = 86400.0
NOW = 1_700_000_000.0


def first(engine: Engine, text: str = "", **place: str) -> str:
    return engine.search(text, place=Place(**place)).rows[0].command


def habit(times: int, *commands: str, start: float = NOW, **same: str) -> list[Record]:
    """The commands one after another, so many times over."""
    texts = list(commands) * times
    return [Record(text, start + 60 * at, **same) for at, text in enumerate(texts)]  # type: ignore[arg-type]


def test_what_follows_comes_first_on_an_empty_line(engine: Engine) -> None:
    engine.record(habit(5, "vim a.c", "make", "./a.out"))
    engine.record([Record("vim a.c", NOW + 3600)])
    assert first(engine) == "make"


def test_a_literal_query_is_ordered_by_need(engine: Engine) -> None:
    engine.record(habit(6, "git status", "git push", "ls"))
    engine.record([Record("git stash pop", NOW + 3600), Record("git status", NOW + 3660)])
    assert first(engine, "git") == "git push"


def test_a_directory_counts(engine: Engine) -> None:
    engine.record(habit(4, "make test", cwd="/src/a", session="s"))
    engine.record(habit(9, "npm test", start=NOW + DAY, cwd="/src/b", session="t"))
    assert first(engine, "test", cwd="/src/b", session="t") == "npm test"
    assert first(engine, "test", cwd="/src/a", session="s") == "make test"


def test_after_a_start_the_newest_first_then_what_is_learnt(
    engine: Engine, settings: Config
) -> None:
    engine.record(habit(5, "vim a.c", "make", "./a.out"))
    engine.record([Record("vim a.c", NOW + 3600)])
    engine.close()
    again = Engine(settings)
    assert first(again) == "vim a.c"
    again.learn_needs()
    assert first(again) == "make"
    again.close()


def test_an_import_of_older_commands_is_put_in_its_place(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.record(habit(3, "new one", "new two", start=NOW))
    engine.record(habit(3, "old one", "old two", start=NOW - 300 * DAY), imported=True)
    monkeypatch.setattr(needs, "QUIET_S", 0.0)
    engine.learn_needs()
    rows = [row.command for row in engine.search("").rows]
    assert set(rows[:2]) == {"new one", "new two"}


def test_a_forgotten_command_is_not_needed(engine: Engine) -> None:
    engine.record(habit(5, "keep", "forget me"))
    ((id, _),) = [pair for pair in engine._history.lookup.texts() if pair[1] == "forget me"]
    engine.forget([id])
    engine.learn_needs()
    assert [row.command for row in engine.search("").rows] == ["keep"]
