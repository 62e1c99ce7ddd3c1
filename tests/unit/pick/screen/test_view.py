"""The picture: any state has its lines, and nothing in them steers the terminal."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.drawn import any_text, printable

from backend.wire.row import Row
from shell_plugin.pick.answers.answer import Answer
from shell_plugin.pick.keymap import Keymap
from shell_plugin.pick.screen import about, rows, view
from shell_plugin.pick.screen.line import Line
from shell_plugin.pick.screen.look import Look
from shell_plugin.pick.screen.state import Header, State


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-5, "now"), (59, "now"), (60, "1m"), (7200, "2h"), (3 * 86400, "3d"), (90 * 86400, "3mo")],
)
def test_age(seconds: float, shown: str) -> None:
    assert rows.age(seconds) == shown
    assert rows.age(1e12) == "99y"


@pytest.mark.parametrize("upward", [False, True])
def test_where_each_row_stands_is_known(upward: bool) -> None:
    """Beside the hint, the rule, and the lines of the whole command, none of which is a row."""
    found = [Row("git a" + "a" * 90, match="1"), Row("git b", match="1"), Row("hg b")]
    look, header = Look(color=False, utf8=True), Header("$ ", "git")
    state = State(Line("git"), look, Keymap(), header, upward=upward)
    state.answer = Answer("git", found, "hybrid", hint="a hint", matches=2)
    lines, _ = view.draw(state, 80, 16)
    stand = {
        at: re.sub("\x1b\\[[0-9;]*m", "", lines[line])
        for line, at in enumerate(state.places)
        if at is not None
    }
    assert len(stand) == 3
    assert all(row.command[:20] in stand[at] for at, row in enumerate(found))


@settings(max_examples=200)
@given(
    st.lists(st.tuples(any_text, any_text, st.integers(-1, 300)), max_size=20),
    any_text,
    st.integers(1, 120),
    st.integers(1, 20),
    st.booleans(),
    st.booleans(),
    st.lists(st.sampled_from([*rows.COLUMNS]), unique=True),
)
def test_any_picture_has_its_lines_and_no_escapes(
    found: list[tuple[str, str, int]],
    query: str,
    columns: int,
    height: int,
    utf8: bool,
    upward: bool,
    shown: list[str],
) -> None:
    look = Look(color=True, utf8=utf8)
    state = State(
        *(Line(query), look, Keymap()), home="/home/ann", columns=tuple(shown), upward=upward
    )
    found_rows = [
        Row(text, runs=3, last_run=1.0, exit=code, cwd=cwd, why=cwd, duration=code * 7.3, host=cwd)
        for text, cwd, code in found
    ]
    state.answer = Answer(query, found_rows, "hybrid", hint=query)
    state.selected = max(0, len(found_rows) - 1)
    lines, (row, column) = view.draw(state, columns, height)
    assert len(lines) == height
    assert 0 <= row < height
    assert 0 <= column <= max(columns, 4)
    for line in lines:
        for part in line.split("\x1b[")[1:]:
            assert part.lstrip("0123456789;")[:1] in ("m", "G")
        assert printable(line.replace("\x1b[", ""))


def test_home_is_a_tilde() -> None:
    assert rows.directory(Row("x", cwd="/home/ann/src"), "/home/ann") == "~/src"
    assert rows.directory(Row("x", cwd="/home/anna"), "/home/ann") == "/home/anna"
    assert rows.directory(Row("x"), "/home/ann") == ""


def test_upwards_the_best_row_stands_on_the_query() -> None:
    state = State(Line(""), Look(color=False, utf8=True), Keymap(), upward=True)
    state.answer = Answer("", [Row("first"), Row("second")], "text")
    lines, (row, _) = view.draw(state, 60, 8)
    assert row == 5
    assert ["first" in lines[row - 1], "second" in lines[row - 2], lines[0]] == [True, True, ""]


EVERY = ("age", "duration", "exit", "directory", "host", "count")


@pytest.mark.parametrize(
    ("width", "kept"),
    [
        (27, ()),
        (28, ("age", "exit")),
        (59, ("age", "duration", "exit", "count")),
        (70, ("age", "duration", "exit", "directory", "count")),
        (120, EVERY),
    ],
)
def test_columns_give_way(width: int, kept: tuple[str, ...]) -> None:
    assert rows.kept(EVERY, width) == kept


def test_the_default_columns_stand_on_a_terminal_of_sixty() -> None:
    assert rows.kept(("directory", "exit", "age"), 60) == ("directory", "exit", "age")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.01, ""),
        (0.06, "0.1s"),
        (9.94, "9.9s"),
        (9.96, "10s"),
        (59, "59s"),
        (59.7, "1m"),
        (1e9, "999d"),
    ],
)
def test_how_long_it_took(seconds: float, shown: str) -> None:
    assert rows.brief(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.004, "<.1 s"), (0.06, ".1 s"), (1.24, "1.2 s"), (185, "3 min 5 s")]
)
def test_how_long_it_took_in_a_line(seconds: float, shown: str) -> None:
    assert about.took(seconds) == shown
