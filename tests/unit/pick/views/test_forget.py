"""The question before something is forgotten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawn import any_text, printable

from backend.wire.row import Row
from shell_plugin.pick.answers.answer import Answer
from shell_plugin.pick.keymap import Keymap
from shell_plugin.pick.narrowing import Narrowing
from shell_plugin.pick.screen.line import Line
from shell_plugin.pick.screen.look import Look
from shell_plugin.pick.screen.state import State
from shell_plugin.pick.views.forget import NONE_MATCHES, Forget, of_row


def question(
    query: str = "", narrow: str = "", utf8: bool = True, text: str = "ls", runs: int = 6
) -> Forget:
    state = State(Line(query), Look(False, utf8), Keymap(), narrowing=Narrowing(narrow))
    state.hidden = (3,)
    rows = [Row(text, runs=runs, id=7)]
    state.answer = Answer(query, rows, "text", narrow=narrow, hidden=(3,), matches=348)
    made = of_row(state)
    assert made is not None
    return made


def shown(view: Forget, width: int = 80, utf8: bool = True) -> str:
    look = Look(color=False, utf8=utf8)
    return "\n".join(view.draw(State(Line(""), look, Keymap()), width, 2)[0])


@pytest.mark.parametrize(
    ("key", "step"),
    [("text:y", ((7,), (), False)), ("text:f", ((7,), (), True)), ("text:Y", ((7,), (), False))],
)
def test_yes(key: str, step: object) -> None:
    view = question()
    assert "forget ls (ran 6×)?" in shown(view)
    view.press(key)
    assert view.forgotten == step
    assert view.closed


def test_what_ran_once_is_told_so() -> None:
    assert "forget ls (ran once)?" in shown(question(runs=1))


@pytest.mark.parametrize("key", ["text:n", "escape", "enter", "text: ", "ctrl-c", "alt-y"])
def test_everything_else_is_no(key: str) -> None:
    view = question()
    view.press(key)
    assert view.forgotten is None
    assert view.closed


def test_all_that_matches_is_asked_for_and_asked_about_again() -> None:
    view = question("git", "exit:0")
    # Of how many the list has rows is not how many match: a row may stand for several.
    assert "a all that match" in shown(view)
    view.press("text:a")
    fields = (("query", "git"), ("narrow", "exit:0"), ("hidden", 3))
    assert view.request == ("matches", fields)
    # Until it is known what matches, there is nothing to say yes to.
    view.press("text:y")
    assert view.forgotten is None
    assert not view.closed
    view.take([("ok", "1"), ("found", "2"), ("id", "5"), ("id", "6")])
    assert "forget all 2 commands that match?" in shown(view)
    view.press("text:f")
    assert view.forgotten == ((5, 6), (), True)


@pytest.mark.parametrize("narrow", ["", "order:newest"])
def test_the_whole_history_does_not_match(narrow: str) -> None:
    view = question(" ", narrow)
    assert "that match" not in shown(view)
    view.press("text:a")
    assert view.request is None


def test_nothing_that_matches_and_a_refusal_are_told() -> None:
    for reply, told in (([("ok", "1"), ("found", "0")], NONE_MATCHES), (None, "20,001 match")):
        view = question("how do I")
        view.press("text:a")
        if reply is None:
            view.refused("20,001 match")
        else:
            view.take(reply)
        assert (view.told, view.closed, view.forgotten) == (told, True, None)


@given(any_text, st.integers(1, 100), st.booleans())
def test_any_command_can_be_asked_about(text: str, width: int, utf8: bool) -> None:
    told = shown(question("x", utf8=utf8, text=text), width, utf8)
    for line in told.replace("\x1b[", "").split("\n"):
        assert printable(line)
        assert utf8 or line.isascii()
    if width > 40:
        assert "y yes" in told
        assert "n no" in told
