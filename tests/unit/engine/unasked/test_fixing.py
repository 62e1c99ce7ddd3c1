"""What fixed it, from the store: after a failure, on an empty line, and when asked for by name."""

import time

from backend.engine.engine import Engine
from backend.query.place import Place
from backend.redaction.mask import MARK
from backend.wire.record import Record

MAY = time.mktime((2024, 5, 3, 12, 0, 0, 0, 0, -1))


def run(engine: Engine, session: str, *lines: str, at: float = MAY, cwd: str = "/w") -> None:
    """Each line is an exit status and a command."""
    split = [line.split(" ", 1) for line in lines]
    engine.record(
        [
            Record(text, at + 20 * number, 1.0, int(exit), cwd, session)
            for number, (exit, text) in enumerate(split)
        ]
    )


def fixed(engine: Engine, session: str | None = "now", cwd: str | None = None) -> list[str]:
    return [row.command for row in engine.fix(place=Place(cwd, session)).rows]


def trouble(engine: Engine, session: str = "then", at: float = MAY) -> None:
    run(engine, session, "1 docker ps", "0 sudo systemctl start docker", "0 docker ps", at=at)


def test_what_fixed_it_comes_first_on_an_empty_line(engine: Engine) -> None:
    trouble(engine)
    trouble(engine, "later", at=MAY + 86400)
    run(engine, "now", *["0 make", "0 ./a.out"] * 9, "1 docker ps", at=MAY + 9e6)
    place = Place("/w", "now")
    for rows in (engine.search("", place=place).rows, engine.next("", place=place).rows):
        assert rows[0].command == "sudo systemctl start docker"
        assert (rows[0].why or "").startswith("fixed this 4 May 2024, twice")
        assert "sudo systemctl start docker" not in [row.command for row in rows[1:]]
    run(engine, "now", "0 ls", at=MAY + 9e6 + 500)
    assert engine.search("", place=place).rows[0].command != "sudo systemctl start docker"
    assert fixed(engine) == ["sudo systemctl start docker"], "asked for by name, a failure ago"


def test_another_session_and_none(engine: Engine) -> None:
    trouble(engine)
    run(engine, "now", "1 docker ps", at=MAY + 9e6)
    assert fixed(engine, "other") == []
    assert fixed(engine, None, "/w") == ["sudo systemctl start docker"]
    assert fixed(engine, None, None) == []


def test_after_a_pause_it_was_something_else(engine: Engine) -> None:
    run(engine, "then", "1 docker ps")
    run(engine, "then", "0 sudo systemctl start docker", "0 docker ps", at=MAY + 8000)
    run(engine, "now", "1 docker ps", at=MAY + 9e6)
    assert fixed(engine) == []


def test_a_filter_and_a_masked_value_hold_it_back(engine: Engine) -> None:
    trouble(engine)
    run(engine, "now", "1 docker ps", at=MAY + 9e6)
    rows = engine.search("", narrow="in:session", place=Place("/w", "now")).rows
    assert "sudo" not in rows[0].command
    masked = f"0 docker login -p {MARK}"
    run(engine, "b", "1 docker pull x", masked, "0 docker pull x")
    run(engine, "now", "1 docker pull x", at=MAY + 9e6 + 900)
    assert fixed(engine) == []


def test_nothing_is_offered_after_success_or_in_an_empty_history(engine: Engine) -> None:
    assert fixed(engine) == []
    trouble(engine)
    run(engine, "now", "0 docker ps", at=MAY + 9e6)
    assert fixed(engine) == []
