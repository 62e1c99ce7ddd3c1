"""The drawing of `deja stats`: what fits, where, whatever there is to draw."""

from datetime import date, timedelta

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.commands.figures.aliases import Alias
from backend.commands.figures.drawing import draw
from backend.commands.figures.sums import Count, Sums
from shell_plugin.pick.screen.width import columns

TODAY = date(2026, 3, 4)  # a Wednesday


def made(days: dict[date, int], text: str = "make -j4 all the things") -> Sums:
    count = Count(text, 9, 3, 75.0)
    hours = tuple(range(24))
    told = [count] * 3, [Alias("mj", text, 9, 150)], [count], [count], 1e5, [count]
    return Sums(2, 9, days, hours, *told)


def drawn(sums: Sums, width: int = 80) -> list[str]:
    return [click.unstyle(line) for line in draw(sums, width, TODAY)]


def test_a_year_stands_in_weeks_and_days() -> None:
    days = {TODAY - timedelta(days=back): back for back in range(1, 371)}
    lines = drawn(made(days))
    monday, sunday = lines[2], lines[8]
    assert (monday[:4], sunday[:4]) == ("Mon ", "Sun ")
    assert len(monday) == 4 + 53 and len(sunday) == 4 + 52, "what is yet to come is blank"
    assert "Mar" in lines[1] and "Dec" in lines[1]
    assert monday[4] == "█" and monday[-1] == "░", "the most of it was a year ago"


def test_a_young_history_has_few_weeks() -> None:
    lines = drawn(made({TODAY - timedelta(days=8): 3}))
    assert [line.rstrip() for line in lines[2:9]] == [
        *("Mon ··", "    ░·", "Wed ··", "    ·", "Fri ·", "    ·", "Sun ·"),
    ]


def test_two_blocks_stand_side_by_side_where_there_is_room() -> None:
    sums = made({TODAY: 1})
    assert any("Hours" in line and "Waited" in line for line in drawn(sums, 140))
    assert not any("Hours" in line and "Waited" in line for line in drawn(sums, 80))


def test_nothing_is_drawn_of_nothing() -> None:
    empty = Sums(0, 0, {}, (0,) * 24, [], [], [], [], 0.0, [])
    assert drawn(empty) == drawn(empty, 140) == []


@pytest.mark.parametrize("text", ["\x1b[31mred\n" * 9, "日本語" * 60, "\udcff" * 200])
def test_no_line_is_wider_than_the_terminal_nor_moves_it(text: str) -> None:
    for width in (40, 80, 140, 200):
        for line in draw(made({TODAY: 4}, text), width, TODAY):
            assert columns(click.unstyle(line)) <= width
            assert "\x1b" not in click.unstyle(line) and "\n" not in line


@given(st.dictionaries(st.integers(0, 900), st.integers(1, 10**6)), st.integers(40, 200))
def test_any_days_are_drawn(backs: dict[int, int], width: int) -> None:
    days = {TODAY - timedelta(days=back): runs for back, runs in backs.items()}
    assert all(columns(line) <= width for line in drawn(made(days), width))
