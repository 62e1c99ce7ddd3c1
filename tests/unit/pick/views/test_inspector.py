"""The inspector: what its keys do, and any picture of it."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.drawn import any_text, printable

from backend.redaction.mask import MARK
from shell_plugin.pick.keymap import Keymap
from shell_plugin.pick.pending import Step
from shell_plugin.pick.screen.line import Line
from shell_plugin.pick.screen.look import Look
from shell_plugin.pick.screen.state import State
from shell_plugin.pick.views.inspected import when
from shell_plugin.pick.views.inspector import Inspector
from shell_plugin.pick.views.view import View

Fields = list[tuple[str, str]]


def run(id: int, **more: str) -> Fields:
    return [("run", str(id)), *more.items()]


def page(*runs: Fields, total: int = 0) -> Fields:
    head = [("ok", "1"), ("text", "make"), ("total", str(total or len(runs)))]
    return [*head, ("ok", "1"), ("failed", "1"), *(field for fields in runs for field in fields)]


def inspector(*runs: Fields, total: int = 0) -> Inspector:
    """One that has its first page."""
    made = Inspector(9, "make", Keymap(), Look(color=False, utf8=True))
    assert made.request == ("runs", (("command_id", 9), ("limit", 100), ("offset", 0)))
    made.request = None
    made.take(page(*runs, total=total))
    return made


def press(view: Inspector, *keys: str) -> Inspector:
    for key in keys:
        view.press(key)
    return view


def picture(view: Inspector, width: int = 80, height: int = 12) -> list[str]:
    state = State(Line(""), Look(color=False, utf8=True), Keymap())
    state.now = time.time()
    lines, _ = view.draw(state, width, height)
    return [re.sub("\x1b\\[[0-9;]*[mG]", "", line).rstrip() for line in lines]


THREE = (
    run(3, before="cd src", before_id="31", after="make test", after_id="32", cwd="/", exit="0"),
    run(2, after="git push", after_id="21", cwd="relative"),
    run(1, cwd=f"/x/{MARK}"),
)


def test_enter_takes_what_is_selected() -> None:
    assert press(inspector(*THREE), "enter").result == ("put", "make")
    assert press(inspector(*THREE), "left", "enter").result == ("put", "cd src")
    assert press(inspector(*THREE), "down", "right", "alt-enter").result == ("run", "git push")
    masked = inspector(run(1, before=f"x {MARK}"))
    assert press(masked, "left", "alt-enter").result == ("put@2", f"x {MARK}")


def test_where_nothing_ran_nothing_is_taken() -> None:
    view = press(inspector(*THREE), "alt->", "left", "enter")
    assert view.result is None
    assert view.told == "nothing ran before it there"
    assert press(view, "right", "right", "tab").told == "nothing ran after it there"
    assert view.marks == []


def test_what_is_marked_is_put_in_the_order_of_marking() -> None:
    view = press(inspector(*THREE), "right", "tab", "left", "left", "tab", "right", "tab")
    assert [row[1:3] for row in picture(view) if row[1:2] == "+"] == ["+3", "+2", "+1"]
    assert press(view, "down", "enter").result == ("put", "make test\ncd src\nmake")
    # What is marked twice is not any more.
    view = press(inspector(*THREE), "tab", "left", "tab", "right", "tab", "down")
    view.press("alt-c")
    assert view.copied == "cd src"


def test_a_neighbour_has_runs_of_its_own_and_marks_go_along() -> None:
    view = press(inspector(*THREE), "tab", "ctrl-o")
    assert view.opens is None
    assert view.told.startswith("these are its runs")
    press(view, "left", "ctrl-o")
    assert isinstance(view.opens, Inspector)
    assert view.opens.request == ("runs", (("command_id", 31), ("limit", 100), ("offset", 0)))
    view.opens.take(page(run(31)))
    view.opens.press("tab")
    assert press(view, "enter").result == ("put", "make\nmake")


def test_cd_goes_where_it_ran(tmp_path: Path) -> None:
    odd = tmp_path / "it's -n\n$(x) é"
    odd.mkdir()
    quoted = str(odd).replace("'", "'\\''")
    assert press(inspector(run(1, cwd=str(odd))), "alt-g").result == ("run", f"cd -- '{quoted}'")
    for row, told in ((1, "not known"), (2, "secret that was not kept")):
        view = press(inspector(*THREE), *["down"] * row, "alt-g")
        assert view.result is None
        assert told in view.told
    gone = press(inspector(run(1, cwd=str(tmp_path / "gone"))), "alt-g")
    assert gone.result is None
    assert "not here" in gone.told


def test_the_next_runs_are_asked_for_before_they_are_needed() -> None:
    many = [run(id) for id in range(300, 0, -1)]
    view = inspector(*many[:100], total=300)
    press(view, *["down"] * 74)
    assert view.request is None
    view.press("down")
    assert view.request == ("runs", (("command_id", 9), ("limit", 100), ("offset", 100)))
    view.request = None
    press(view, "down", "down")
    assert view.request is None
    view.take(page(*many[100:200], total=300))
    view.press("alt->")
    assert view.request == ("runs", (("command_id", 9), ("limit", 1000), ("offset", 200)))
    view.request = None
    view.take(page(*many[200:], total=300))
    assert view.run is not None
    assert view.run.id == 1
    assert view.request is None
    assert "300 of 300" in "\n".join(picture(view))


def test_a_run_is_forgotten_and_so_is_a_neighbour() -> None:
    def step(question: View | None, answer: str) -> Step | None:
        assert question is not None
        question.press(answer)
        return question.forgotten

    assert step(press(inspector(*THREE), "alt-x").opens, "text:y") == ((), (3,), False)
    assert step(press(inspector(*THREE), "alt-x").opens, "text:c") == ((9,), (), False)
    assert step(press(inspector(*THREE), "left", "alt-x").opens, "text:f") == ((31,), (), True)


def test_the_question_names_a_run_as_the_list_does() -> None:
    question = press(inspector(run(3, start=str(time.time()))), "alt-x").opens
    state = State(Line(""), Look(color=False, utf8=True), Keymap())
    assert question is not None
    assert "forget the run of today " in "".join(question.draw(state, 80, 2)[0])


def test_what_is_to_be_forgotten_is_not_shown() -> None:
    view = inspector(*THREE)
    state = State(Line(""), Look(color=False, utf8=True), Keymap())
    press(view, "alt->")
    state.hidden_runs = (1, 2)
    view.draw(state, 80, 12)
    assert [one.id for one in view.shown] == [3]
    assert view.selected == 0
    state.hidden = (9,)
    assert "no runs are left" in "\n".join(view.draw(state, 80, 12)[0])
    assert press(view, "enter").result == ("put", "make")


def test_no_daemon_is_one_line() -> None:
    view = Inspector(9, "make", Keymap(), Look(color=False, utf8=True))
    view.request = None
    view.refused("the daemon does not answer")
    lines = picture(view)
    assert sum("does not answer" in line for line in lines) == 1
    assert press(view, "down").request is None


@pytest.mark.parametrize(
    ("back", "shown"),
    [(0, "today "), (86400, "yesterday "), (86400 * 30, "2026-")],
)
def test_times(back: float, shown: str) -> None:
    now = time.mktime((2026, 5, 3, 14, 2, 0, 0, 0, -1))
    told = when(now - back, now)
    assert told.startswith(shown)
    assert re.fullmatch(r".* \d\d:02", told)
    assert when(None, now) == when(1e300, now) == "at some time"


@settings(max_examples=200)
@given(
    st.lists(st.fixed_dictionaries(dict.fromkeys(("before", "after", "cwd", "host"), any_text))),
    any_text,
    st.lists(st.sampled_from(["up", "down", "alt->", "left", "right", "tab", "page-down"])),
    st.integers(1, 120),
    st.integers(1, 24),
    st.booleans(),
)
def test_any_picture_has_its_lines_and_no_escapes(
    found: list[dict[str, str]],
    text: str,
    keys: list[str],
    columns: int,
    height: int,
    utf8: bool,
) -> None:
    look = Look(color=True, utf8=utf8)
    state = State(Line(""), look, Keymap(), home="/home/ann")
    view = Inspector(9, text, Keymap(), look)
    runs = [run(at, start="1e9", duration="2", exit="1", **more) for at, more in enumerate(found)]
    view.take([*page(*runs), ("note", text)] if runs else page())
    press(view, *keys)
    lines, (row, _) = view.draw(state, columns, height)
    assert len(lines) == height
    assert 0 <= row < height
    for line in lines:
        for part in line.split("\x1b[")[1:]:
            assert part.lstrip("0123456789;")[:1] in ("m", "G")
        assert printable(line.replace("\x1b[", ""))
        assert utf8 or line.isascii()
