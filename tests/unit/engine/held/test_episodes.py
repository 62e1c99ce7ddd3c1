"""Where an episode begins and ends, and how it is kept in step with the store."""

import numpy as np
import pytest
from support.engine import append

from backend.config import Config
from backend.engine.engine import Engine
from backend.engine.held import episodes
from backend.engine.held.episodes import LONG, LONGEST
from backend.wire.record import Record

NOW = 1_700_000_000.0


def run(command: str, at: float, session: str | None = "s", **fields: object) -> Record:
    return Record(command, NOW + at, session=session, **fields)  # type: ignore[arg-type]


def held(engine: Engine) -> list[list[str]]:
    """The commands of each episode."""
    table, lookup = engine._history.episodes.table(), engine._history.lookup
    return [[run.text for run in lookup.runs(table.runs_of(at))] for at in range(len(table))]


def test_a_pause_ends_it_and_a_long_command_is_none(engine: Engine) -> None:
    engine.record([run("one", 0), run("two", 60, duration=7200.0), run("three", 7300)])
    engine.record([run("four", 7300 + 1801)])
    assert held(engine) == [["one", "two", "three"], ["four"]]


def test_sessions_are_told_apart(engine: Engine) -> None:
    engine.record([run("a1", 0, "a"), run("b1", 1, "b"), run("a2", 2, "a"), run("b2", 3, "b")])
    assert held(engine) == [["a1", "a2"], ["b1", "b2"]]


def test_without_sessions_time_tells(engine: Engine) -> None:
    engine.record([run(f"z{at}", 60 * at, None, shell="zsh") for at in range(3)], imported=True)
    engine.record([run("b", 30, None, shell="bash"), run("z9", 9000, None, shell="zsh")], True)
    engine.record([run("older", -90_000, None, shell="zsh"), Record("when", nth=1)], imported=True)
    assert held(engine) == [["z0", "z1", "z2"], ["b"], ["z9"], ["older"]]


@pytest.mark.parametrize(
    ("before", "after", "cut"),
    [
        ("/src/a", "/src/b", True),
        ("/src/a", "/src/ab", True),
        ("/src/a", "/src/a/inner", False),
        ("/src/a", "/src", False),
        ("/src/a", None, False),
        ("/", "/src", False),
    ],
)
def test_going_elsewhere_ends_a_long_one(
    engine: Engine, before: str, after: str | None, cut: bool
) -> None:
    engine.record([run("first", 0, cwd=before)])
    engine.record([run("second", 1, cwd=after)])
    assert len(held(engine)) == 1, "not a short one"
    engine.record([run(f"in {at}", 2 + at, cwd=before) for at in range(LONG - 2)])
    engine.record([run("last", 100, cwd=after)])
    assert len(held(engine)) == 1 + cut


def test_none_grows_for_ever(engine: Engine) -> None:
    engine.record([run(f"make {at}", at) for at in range(LONGEST + 1)])
    assert [len(each) for each in held(engine)] == [LONGEST, 1]


def test_many_open_sessions_do_not_grow_memory(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(episodes, "MOST_OPEN", 2)
    engine.record([run(name, at, name) for at, name in enumerate("abca")])
    assert held(engine) == [["a"], ["b"], ["c"], ["a"]]
    assert len(engine._history.episodes._open) == 2


def test_what_is_just_recorded_extends_the_last(engine: Engine, settings: Config) -> None:
    append(settings, "one", "two")
    engine.drain()
    assert held(engine) == [["one", "two"]]
    append(settings, "three")
    engine.drain()
    assert held(engine) == [["one", "two", "three"]]


def test_after_a_start_they_are_the_same(
    engine: Engine, settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(episodes, "LOT", 3)
    engine.record([run(f"make {at}", 700 * at, "ab"[at % 2]) for at in range(20)])
    before = held(engine)
    engine.close()
    again = Engine(settings)
    assert not again._history.episodes.are_read
    again.learn_needs()
    assert again._history.episodes.are_read
    assert held(again) == before
    again.close()


def test_they_are_made_anew_without_what_was_forgotten(engine: Engine) -> None:
    engine.record([run("one", 0), run("two", 1), run("three", 2)])
    (id,) = engine._history.catalogue.columns["id"][1:2].tolist()
    engine.forget([id])
    engine.learn_needs()
    assert held(engine) == [["one", "three"]]


def test_what_is_in_all_tells_nothing(engine: Engine) -> None:
    for session in "abcd":
        engine.record([run("ls", 0, session), run(f"make {session}", 1, session)])
        engine.record([run("ls", 2, session)])
    table = engine._history.episodes.table()
    worths = engine._history.episodes.worths().tolist()
    assert worths[0] == min(worths) < worths[1] == worths[2]
    assert len(table.rows) == 8, "each command of each once"


def test_which_hold_these_commands(engine: Engine, settings: Config) -> None:
    engine.record([run("a", 0, "s"), run("b", 1, "s"), run("a", 2, "t"), run("c", 3, "t")])
    found = engine._history.episodes.of_rows(np.array([2, 0], np.int32))
    assert found is not None
    assert sorted(zip(found.at.tolist(), found.groups.tolist(), strict=True)) == [
        *((0, 1), (1, 0), (1, 1)),
    ]
    engine.close()
    again = Engine(settings)
    assert again._history.episodes.of_rows(np.array([0], np.int32)) is None
    again.close()
