"""Blanks: what is offered, what is typed, and that the picture fits."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.drawn import any_text, printable

from shell_plugin.pick.keymap import Keymap
from shell_plugin.pick.result import MARK
from shell_plugin.pick.screen.line import Line
from shell_plugin.pick.screen.look import Look
from shell_plugin.pick.screen.state import State
from shell_plugin.pick.screen.width import columns
from shell_plugin.pick.views.blanks import Blanks
from shell_plugin.pick.views.filling import Filling, read

COPY = "scp a.txt web1:"
LIKES = [["b.txt", "web2:"], ["c.txt", "web1:"], ["d.txt", "web2:"], ["b.txt", ""]]
REPLY = [
    *(("blank", "4 9"), ("blank", "10 15"), ("command", "scp b.txt web2:"), ("runs", "3")),
    *(("value", "b.txt"), ("value", "web2:"), ("command", "torn"), ("value", "x")),
]


@pytest.fixture
def filling() -> Filling:
    return Filling(COPY, [(4, 9), (10, 15)], LIKES)


def test_what_went_together_is_offered_first(filling: Filling) -> None:
    assert filling.offered == ["c.txt", "b.txt", "d.txt"]
    filling.fill("d.txt")
    filling.go(1)
    assert filling.offered == ["web2:"]
    filling.fill("web2:")
    assert filling.command == "scp d.txt web2:"
    filling.go(1)
    assert filling.offered == ["b.txt", "c.txt", "a.txt"], "its own value can be had again"


def test_what_is_typed_replaces_then_filters(filling: Filling) -> None:
    filling.type("B")
    assert filling.command == "scp B web1:" and filling.offered == ["b.txt"]
    filling.type("x")
    assert filling.offered == []
    filling.edit("erase-left")
    filling.edit("home")
    filling.type("sub/")
    assert filling.command == "scp sub/B web1:"


def test_a_masked_value_is_empty_to_type_and_stays_if_left() -> None:
    command = f"curl -u ann:{MARK} x"
    at = command.index(MARK)
    filling = Filling(command, [(at, at + len(MARK))], [[""]])
    assert filling.command == command and filling.offered == []
    filling.type("secret")
    assert filling.command == "curl -u ann:secret x"


def test_what_makes_no_sense_is_left_out() -> None:
    assert read(COPY, REPLY).offered == ["b.txt"]
    for spans in ("9 4", "4 99", "x y", "", "4 9 1"):
        assert not read(COPY, [("blank", spans)]).blanks
    assert not read(COPY, [("blank", "4 9"), ("blank", "8 12")]).blanks


def drawn(view: Blanks, width: int, height: int, utf8: bool = True) -> list[str]:
    state = State(Line(""), Look(color=False, utf8=utf8), Keymap())
    lines, (row, column) = view.draw(state, width, height)
    assert len(lines) == height and 0 <= row < height and 0 <= column < max(width, 5)
    return [re.sub("\x1b\\[[0-9;]*m", "", line) for line in lines]


def opened(command: str, reply: list[tuple[str, str]], utf8: bool = True) -> Blanks:
    view = Blanks(7, command, Keymap(), Look(color=False, utf8=utf8))
    assert view.request == ("likes", (("command_id", 7),))
    view.take(reply)
    return view


def test_enter_never_runs_and_the_last_one_puts() -> None:
    view = opened(COPY, REPLY)
    for key in ("down", "enter", "alt-enter", "text:z"):
        view.press(key)
        assert view.result is None
    view.press("enter")
    assert view.result == ("put", "scp b.txt z")


def test_without_blanks_the_command_is_put() -> None:
    assert opened("ls", []).result == ("put", "ls")


def test_a_refusal_is_said_until_a_key() -> None:
    view = Blanks(7, COPY, Keymap(), Look(color=False, utf8=True))
    view.press("text:x")
    assert not view.closed
    view.refused("the daemon does not answer")
    assert "does not answer" in drawn(view, 60, 5)[0]
    view.press("text:x")
    assert view.closed


@example(command="0", value="\x80", keys=["down"], width=4, height=4, utf8=True)
@given(
    command=any_text.filter(bool),
    value=any_text,
    keys=st.lists(st.sampled_from(["down", "up", "tab", "shift-tab", "text:é", "backspace"])),
    width=st.integers(4, 90),
    height=st.integers(1, 12),
    utf8=st.booleans(),
)
def test_any_command_fits(
    command: str, value: str, keys: list[str], width: int, height: int, utf8: bool
) -> None:
    blank = ("blank", f"0 {len(command)}")
    view = opened(command, [blank, ("command", "x"), ("value", value)], utf8)
    for key in keys:
        view.press(key)
        for line in drawn(view, width, height, utf8):
            assert printable(line) and columns(line) <= max(width, 5)
