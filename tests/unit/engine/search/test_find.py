"""One search: what was typed, what nearly was, what is meant, page by page."""

import pytest

from backend.engine.engine import Engine
from backend.query.place import Place
from backend.wire import protocol
from backend.wire.record import Record

START = 1_700_000_000.0


def fill(engine: Engine, *commands: str) -> None:
    engine.record([Record(text, START + 60 * at) for at, text in enumerate(commands)])
    while engine.embed_waiting():
        pass


def found(engine: Engine, text: str, **how: object) -> list[str]:
    return [row.command for row in engine.search(text, **how).rows]  # type: ignore[arg-type]


def test_letters_typed_are_letters_matched(engine: Engine) -> None:
    fill(engine, "git branch --show-current", "brew reinstall git", "digit", "ruff check")
    result = engine.search("git")
    assert [row.match for row in result.rows] == ["start", "word", "inside"]
    assert (result.found, result.matches, result.total) == (3, 3, 4)
    assert result.mode == protocol.HYBRID, "the model is there, and was not needed"
    assert found(engine, "git b")[:2] == ["git branch --show-current", "brew reinstall git"]


@pytest.mark.parametrize("text", ["", "run", "number run"])
def test_pages_walk_to_the_end_and_repeat_nothing(engine: Engine, text: str) -> None:
    fill(engine, *(f"run number {number}" for number in range(120)))
    walked: list[str] = []
    while rows := found(engine, text, limit=50, offset=len(walked)):
        walked += rows
    assert len(walked) == len(set(walked)) == engine.search(text).found == 120


def test_an_empty_line_is_likely_first_then_by_time(engine: Engine) -> None:
    fill(engine, *(f"run number {number}" for number in range(40)))
    rest = [int(text.split()[-1]) for text in found(engine, "")[10:]]
    assert rest == sorted(rest, reverse=True)


def test_short_commands_save_no_keys_on_an_empty_line(engine: Engine) -> None:
    fill(engine, *["ls", "make test"] * 8, "ls", "make test", "ls")
    assert found(engine, "")[0] == "make test"
    assert found(engine, "l") == ["ls"]


def test_a_line_typed_with_an_error_finds_the_command_and_not_its_pieces(engine: Engine) -> None:
    fill(engine, "docker compose up -d web", "ssh host 'docker compose -f x.yml up -d we'")
    result = engine.search("docker compose up -d we")
    assert result.rows[0].command == "docker compose up -d web"
    result = engine.search("docker compse up -d web")
    assert (result.rows[0].command, result.rows[0].match) == ("docker compose up -d web", "nearly")


def test_what_resembles_stands_below_and_only_where_words_were_asked(engine: Engine) -> None:
    fill(engine, "docker ps", "podman ps", "docker images list")
    assert set(found(engine, "docker")) == {"docker ps", "docker images list"}
    assert found(engine, "exit:fail docker") == []
    result = engine.search("docker images list")
    assert result.rows[0].command == "docker images list"


def test_what_applies_and_what_is_a_mistake(engine: Engine) -> None:
    fill(engine, "docker ps", "docker compose up")
    result = engine.search("docker -compose since:9y exit:banana host:nowhere")
    assert result.applied == ("-compose", "since:9y", "host:nowhere")
    assert [mistake.split(":")[0] for mistake in result.mistakes] == ["exit", "host"]
    assert result.note == result.mistakes[0]


def test_filters_narrow_what_was_typed(engine: Engine) -> None:
    engine.record(
        [Record("make a", START, exit=0, cwd="/a"), Record("make b", START, exit=1, cwd="/b")]
    )
    assert found(engine, "make exit:fail") == ["make b"]
    assert found(engine, "make in:here", place=Place(cwd="/a")) == ["make a"]
    assert found(engine, "exit:fail") == ["make b"]
