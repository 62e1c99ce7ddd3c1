"""The end of the picker: what is to be forgotten comes before the shell's result."""

from pathlib import Path

from shell_plugin.pick.answers.inquiry import NO_ANSWER
from shell_plugin.pick.closing import Closing
from shell_plugin.pick.keymap import Keymap
from shell_plugin.pick.screen.line import Line
from shell_plugin.pick.screen.look import Look
from shell_plugin.pick.screen.state import State


def made(tmp_path: Path) -> tuple[Closing, State]:
    """Where there is no daemon."""
    return Closing(str(tmp_path)), State(Line(""), Look(False, True), Keymap())


def test_it_ends_at_once_where_nothing_is_to_be_forgotten(tmp_path: Path) -> None:
    closing, state = made(tmp_path)
    closing.end("put", "ls", state)
    assert closing.result == ("put", "ls")
    closing, state = made(tmp_path)
    closing.add(((7,), (), False), state)
    closing.undo(state)
    assert (state.hidden, state.told) == ((), "taken back")
    closing.end("cancel", "", state)
    assert closing.result == ("cancel", "")


def test_a_failure_is_told_and_the_next_end_is_one(tmp_path: Path) -> None:
    closing, state = made(tmp_path)
    closing.add(((7,), (), False), state)
    assert state.hidden == (7,)
    closing.end("put", "ls", state)
    assert closing.is_busy
    closing.advance(state)
    assert (closing.result, closing.is_busy, state.told) == (None, False, NO_ANSWER)
    closing.end("cancel", "", state)
    assert closing.result == ("cancel", "")


def test_what_is_named_after_a_failure_is_tried(tmp_path: Path) -> None:
    closing, state = made(tmp_path)
    closing.add(((7,), (), False), state)
    closing.end("put", "ls", state)
    closing.advance(state)
    closing.add(((), (3,), False), state)
    closing.end("put", "ls", state)
    assert closing.result is None
    assert closing.is_busy


def test_more_than_a_search_can_leave_out_is_refused(tmp_path: Path) -> None:
    closing, state = made(tmp_path)
    for start in (0, 20_000, 40_000):
        closing.add((tuple(range(start, start + 20_000)), (), False), state)
    assert len(state.hidden) == 40_000
    assert state.told.startswith("too much at once")
