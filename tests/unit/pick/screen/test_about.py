"""What is said of the selected row: why it is there, before how it went."""

import click

from backend.ranking.reasons import of_fix
from backend.wire.row import Row
from shell_plugin.pick.answers.answer import Answer
from shell_plugin.pick.keymap import Keymap
from shell_plugin.pick.screen.about import about
from shell_plugin.pick.screen.line import Line
from shell_plugin.pick.screen.look import Look
from shell_plugin.pick.screen.state import State


def said(why: str) -> str:
    state = State(Line(""), Look(color=False, utf8=True), Keymap(), home="/home/ann")
    state.answer = Answer("", [Row("npm install", runs=3, exit=0, why=why)], "text")
    return click.unstyle(about(state, 80))


def test_what_fixed_a_failure_says_so_first() -> None:
    fixed = of_fix(2, 1_777_809_600.0, 1_777_900_000.0)
    assert fixed == "fixed this 3 May, twice"
    assert said(f"{fixed} · this directory · often next").startswith(
        "fixed this 3 May, twice · ran 3×, worked last time · often next"
    )


def test_another_year_is_named() -> None:
    assert of_fix(1, 1_700_000_000.0, 1_777_900_000.0) == "fixed this 14 Nov 2023"
    assert of_fix(5, None, 1_777_900_000.0) == "fixed this, 5 times"
