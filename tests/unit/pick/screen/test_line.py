"""Editing the query."""

from hypothesis import given
from hypothesis import strategies as st
from support.drawn import any_text

from shell_plugin.pick.keymap import EDIT, TABLE
from shell_plugin.pick.screen.line import Line


def test_editing_a_line() -> None:
    line = Line("git commit -m 'a b'")
    line.kill_word_left()
    assert line.text == "git commit -m 'a "
    line.home()
    line.word_right()
    line.insert("hub")
    assert line.text == "github commit -m 'a "
    line.word_left()
    line.kill_word_right()
    assert (line.text, line.killed) == (" commit -m 'a ", "github")
    line.end()
    line.yank()
    line.erase_left()
    assert line.text == " commit -m 'a githu"
    line.left()
    line.erase_right()
    line.kill_subword_left()
    assert line.text == " commit -m 'a "


EDITS = [action for action, group, _, _ in TABLE if group == EDIT]


@given(any_text, st.lists(st.sampled_from([*EDITS, "text"]), max_size=30))
def test_the_cursor_stays_in_the_line(text: str, steps: list[str]) -> None:
    line = Line(text)
    for step in steps:
        if step == "text":
            line.insert("xy")
        else:
            assert line.edit(step)
        assert 0 <= line.cursor <= len(line.text)


def test_what_is_no_editing_is_left_alone() -> None:
    line = Line("x")
    assert not line.edit("forget")
    assert line.text == "x"
