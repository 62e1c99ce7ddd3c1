"""A note is typed at the foot of the list."""

from hypothesis import given
from hypothesis import strategies as st
from support.drawn import any_text, printable

from shell_plugin.pick.keymap import Keymap
from shell_plugin.pick.screen.line import Line
from shell_plugin.pick.screen.look import Look
from shell_plugin.pick.screen.state import State
from shell_plugin.pick.views.note import Note


def typed(view: Note, *keys: str) -> Note:
    for key in keys:
        view.press(key)
    return view


def test_it_is_edited_and_kept() -> None:
    view = typed(Note(7, "old", Keymap()), "text: note", "alt-b", "text:new\n", "enter")
    assert view.request == ("note", (("id", 7), ("text", "old new note")))
    assert not view.closed
    view.take([("ok", "1"), ("note", "old new note")])
    assert (view.closed, view.changed, view.told) == (True, True, "the note is kept")


def test_an_empty_one_removes_it() -> None:
    view = typed(Note(7, "old", Keymap()), "ctrl-u", "enter")
    assert view.request == ("note", (("id", 7), ("text", "")))
    view.take([("ok", "1"), ("note", "")])
    assert view.told == "there is no note on it now"


def test_leaving_changes_nothing() -> None:
    view = typed(Note(7, "old", Keymap()), "text:x", "escape")
    assert view.closed
    assert view.request is None


def test_what_was_refused_is_not_lost() -> None:
    view = typed(Note(7, "", Keymap()), "text:long", "enter")
    view.request = None
    view.refused("a note has at most 4 bytes; shorten it")
    state = State(Line(""), Look(color=False, utf8=True), Keymap())
    lines, _ = view.draw(state, 80, 2)
    assert "long" in lines[0]
    assert "shorten it" in lines[1]
    typed(view, "backspace", "enter")
    assert view.request == ("note", (("id", 7), ("text", "lon")))


@given(any_text, st.integers(1, 100), st.integers(1, 2), st.booleans())
def test_any_note_can_be_drawn(text: str, width: int, height: int, utf8: bool) -> None:
    state = State(Line(""), Look(color=True, utf8=utf8), Keymap())
    lines, (row, column) = Note(7, text, Keymap()).draw(state, width, height)
    assert len(lines) == height
    assert row == 0
    assert column <= max(width, 4)
    for line in lines:
        assert printable(line.replace("\x1b[", ""))
