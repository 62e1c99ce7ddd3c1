"""What filters let through is read once, and again when anything was written."""

import pytest
from support.engine import append, found

from backend.config import Config
from backend.engine.engine import Engine
from backend.engine.held import passing
from backend.query.place import Place
from backend.storage.filtered import matching
from backend.wire.record import Record

START = 1_700_000_000.0


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the store was asked."""
    asked: list[object] = []

    def counted(*arguments: object) -> list[int]:
        asked.append(arguments[1:])
        return matching(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(passing, "matching", counted)
    return asked


def test_the_same_filters_are_read_once(engine: Engine, asked: list[object]) -> None:
    engine.record([Record("make", START, exit=0), Record("ls", START, exit=1)])
    for text in ("exit:0", "m exit:0", "ma exit:0", "ma exit:0"):
        assert found(engine, text) == ["make"]
    assert len(asked) == 1
    assert found(engine, "exit:fail") == ["ls"] and found(engine, "exit:0") == ["make"]
    assert found(engine, "exit:0", cwd="/a") == ["make"], "from elsewhere"
    assert len(asked) == 4


def test_what_is_written_is_seen(engine: Engine, settings: Config, asked: list[object]) -> None:
    engine.record([Record("make", START, exit=1, session="s")])
    assert found(engine, "exit:0") == []
    append(settings, "make", exit="0")
    assert found(engine, "exit:0") == ["make"]
    id = engine.search("make").rows[0].id
    assert id is not None
    assert found(engine, "is:pinned") == []
    engine.pin(id, True)
    assert found(engine, "is:pinned") == ["make"]
    engine.pin(id, False)
    assert found(engine, "is:pinned") == []
    engine.forget([id])
    assert found(engine, "exit:0") == []
    engine.record([Record("id", START, session="s")])
    assert engine.search("in:session", place=Place(None, "s")).rows[0].command == "id"
