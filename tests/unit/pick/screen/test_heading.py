"""The line above the rows: what it tells, in any terminal, of whatever there is."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawn import any_text, printable

from backend.wire.row import Row
from shell_plugin.pick.answers.answer import Answer
from shell_plugin.pick.keymap import Keymap
from shell_plugin.pick.screen.heading import Heading, heading, when
from shell_plugin.pick.screen.line import Line
from shell_plugin.pick.screen.look import Look
from shell_plugin.pick.screen.state import State
from shell_plugin.pick.screen.view import draw
from shell_plugin.pick.screen.width import columns

NOW = time.mktime((2026, 5, 20, 14, 2, 0, 0, 0, -1))
DAY = 86400.0


def state(utf8: bool = True, keys: tuple[str, ...] = ("alt-m",)) -> State:
    made = State(Line(""), Look(color=False, utf8=utf8), Keymap({"episodes": keys}))
    made.now = NOW
    return made


def bare(line: str) -> str:
    return re.sub("\x1b\\[[0-9;]*[mG]", "", line).rstrip()


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (NOW - 60, "today 14:01"),
        (NOW - DAY, "yesterday 14:02"),
        (NOW - 17 * DAY, "3 May 14:02"),
        (NOW - 365 * DAY, "20 May 2025 14:02"),
        (None, "at some time"),
        (float("nan"), "at some time"),
        (1e300, "at some time"),
    ],
)
def test_when(start: float | None, told: str) -> None:
    assert when(start, NOW) == told


def test_what_it_tells() -> None:
    told = Heading(NOW - 17 * DAY, ("mkfs /dev/vdb", "rsync -a pg /mnt"))
    line = " ≡ 3 May 14:02: mkfs /dev/vdb · rsync -a pg /mnt"
    assert bare(heading(told, state(), 80)) == f"{line} · Alt-M opens"
    assert bare(heading(told, state(keys=()), 80)) == line
    assert bare(heading(told, state(), 40)) == " ≡ 3 May 14:02: mkfs /de… · Alt-M opens"


@pytest.mark.parametrize("upward", [False, True])
def test_it_stands_beside_the_query_where_there_is_room(upward: bool) -> None:
    made = state()
    made.upward = upward
    rows = [Row("make"), Row("make test")]
    made.answer = Answer("", rows, "hybrid", heading=Heading(NOW, ("mkfs",)))
    lines = [bare(line) for line in draw(made, 60, 10)[0]]
    at = next(place for place, line in enumerate(lines) if line.startswith(" ❯"))
    assert lines[at - 1 if upward else at + 1].startswith(" ≡ today 14:02: mkfs")
    # A click on it is one on no row.
    assert [made.places.index(row) for row in (0, 1)] == (
        [at - 2, at - 3] if upward else [at + 2, at + 3]
    )
    assert not any("≡" in bare(line) for line in draw(made, 60, 5)[0])
    assert made.answer.joined(Answer("", [Row("x")], "hybrid", first=2)).heading is not None


@given(
    started=st.none() | st.floats(),
    title=st.lists(any_text, min_size=1, max_size=3),
    width=st.integers(8, 90),
    utf8=st.booleans(),
)
def test_any_fits(started: float | None, title: list[str], width: int, utf8: bool) -> None:
    line = bare(heading(Heading(started, tuple(title)), state(utf8), width))
    assert printable(line) and columns(line) <= width
    assert utf8 or line.isascii()
