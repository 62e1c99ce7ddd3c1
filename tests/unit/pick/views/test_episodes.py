"""Episodes in the picker: what the keys of the list and of one do, and any picture of them."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawn import any_text, printable

from backend.redaction.mask import MARK
from backend.wire.episode import Episode, Run, to_fields
from shell_plugin.pick.keymap import Keymap
from shell_plugin.pick.narrowing import Narrowing
from shell_plugin.pick.screen.line import Line
from shell_plugin.pick.screen.look import Look
from shell_plugin.pick.screen.state import State
from shell_plugin.pick.screen.width import columns
from shell_plugin.pick.views.episodes.listing import NONSENSE, Listing
from shell_plugin.pick.views.episodes.one import One, on_line
from shell_plugin.pick.views.episodes.told import details, offset
from shell_plugin.pick.views.view import View

NOW = 1_767_450_039.0

RUNS = (
    Run("ls", NOW, 0.1, 0, "/home/ann"),
    Run("make disk", NOW + 60, 2.0, 1, "/home/ann/src", telling=True),
    Run(f"login -p {MARK}", NOW + 3700, 2.0, 0, "/home/ann/src"),
)


def state(query: str = "", utf8: bool = True) -> State:
    made = State(Line(query), Look(color=False, utf8=utf8), Keymap(), home="/home/ann")
    made.now = NOW + 40 * 86400
    return made


def an_episode(*runs: Run, id: int = 7) -> Episode:
    return Episode(id, runs, 0.5, NOW, NOW + 3720, cwd="/home/ann/src")


def listing(episodes: Sequence[Episode], query: str = "", mode: str = "hybrid") -> Listing:
    """One that has its reply."""
    view = Listing(state(query))
    view.request = None
    fields = [field for each in episodes for field in to_fields(each)]
    view.take([("ok", "1"), ("mode", mode), *fields])
    return view


def press(view: View, *keys: str) -> View:
    for key in keys:
        view.press(key)
    return view


def picture(view: View, width: int = 80, height: int = 12) -> list[str]:
    lines, _ = view.draw(state(), width, height)
    return [re.sub("\x1b\\[[0-9;]*[mG]", "", line).rstrip() for line in lines]


def test_it_asks_for_what_the_list_shows() -> None:
    made = state("moving the disk")
    made.hidden = (3, 4)
    made.narrowing = Narrowing()
    made.narrowing.cycle("outcome")
    assert Listing(made).request == (
        "episodes",
        (
            *(("query", "moving the disk"), ("narrow", made.narrowing.filters), ("limit", 20)),
            *(("hidden", 3), ("hidden", 4)),
        ),
    )
    assert made.narrowing.filters


def test_what_is_told_of_one() -> None:
    lines = picture(listing([an_episode(*RUNS)], "disk"))
    assert lines[0] == "   episodes · disk"
    assert lines[1] == "▌   make disk"
    assert (
        re.fullmatch(
            r"▌   \d+ \w+ \d\d:\d\d · 1 h 2 min · ~/src · 3 commands · ended well", lines[2]
        )
        or "2026" in lines[2]
    )
    assert lines[-1].startswith("   1 of 1 · Enter open  Esc back")


@pytest.mark.parametrize(
    ("room", "lacks"), [(60, "nothing"), (50, "/home"), (44, "~/src"), (34, "commands")]
)
def test_where_there_is_little_room_the_place_goes_first(room: int, lacks: str) -> None:
    told = details(an_episode(*RUNS), state(), room)
    assert "1 h 2 min" in told and "ended well" in told
    assert lacks not in told


def test_how_it_ended_and_how_much_it_was() -> None:
    assert "1 command · ended in a failure" in details(an_episode(RUNS[1]), state(), 80)
    assert details(an_episode(Run("ls")), state(), 80).endswith("1 command")
    assert "at some time" in details(Episode(1, [Run("ls")], started=1e300), state(), 80)


def test_a_list_is_walked_and_one_opened_and_copied() -> None:
    view = listing([an_episode(*RUNS), an_episode(Run("b"), id=9), an_episode(Run("c"), id=10)])
    assert press(view, "down", "alt-c").copied == "b"
    assert press(view, "alt->", "down", "alt-c").copied == "c"
    assert press(view, "alt-<", "up", "alt-c").copied == "\n".join(run.command for run in RUNS)
    assert isinstance(press(view, "enter").opens, One)
    assert press(view, "f1").passed == "help"
    assert press(view, "escape").closed


@pytest.mark.parametrize(
    ("query", "mode", "told"),
    [
        ("disk", "text", "by words alone"),
        ("disk", "hybrid", "episodes · disk"),
        ("", "text", "the latest episodes"),
    ],
)
def test_what_is_said_of_the_list(query: str, mode: str, told: str) -> None:
    assert told in picture(listing([an_episode(*RUNS)], query, mode))[0]


def test_where_there_is_none() -> None:
    assert "looking for episodes" in picture(Listing(state("x")))[-1]
    assert "no episode matches" in picture(listing([], "x"))[-1]
    assert "no episodes yet" in picture(listing([]))[-1]
    assert press(listing([]), "enter", "alt-c", "down").opens is None
    view = Listing(state("x"))
    view.refused("the daemon does not answer")
    assert "the daemon does not answer" in picture(view)[-1]


def test_one_without_commands_is_none() -> None:
    assert "no episode matches" in picture(listing([an_episode()], "x"))[-1]


@pytest.mark.parametrize("field", [("episode", "x"), ("episode", "1")])
def test_an_answer_that_makes_no_sense(field: tuple[str, str]) -> None:
    view = Listing(state())
    view.take([("ok", "1"), field])
    assert NONSENSE in picture(view)[-1]


# One of them


def test_what_is_marked_is_put_in_the_order_of_the_episode() -> None:
    view = One(an_episode(*RUNS), state())
    press(view, "down", "tab", "up", "tab", "down", "down", "tab", "tab")
    assert press(view, "alt-c").copied == "ls\nmake disk"
    assert press(view, "enter").result == ("put", "ls\nmake disk")


def test_the_selected_one_is_put_a_masked_one_never_run() -> None:
    view = One(an_episode(*RUNS), state())
    assert press(view, "alt-enter").result == ("run", "ls")
    assert press(view, "alt->", "alt-enter").result == ("put@9", f"login -p {MARK}")
    assert press(view, "escape").closed


def test_offsets_exits_and_directories() -> None:
    lines = picture(One(an_episode(*RUNS), state()))
    assert lines[1:6] == [
        "    ~",
        "▌   +0:00        ls",
        "    ~/src",
        "    +0:01   ✗1   make disk",
        f"    +1:01        login -p {MARK}",
    ]
    assert [offset(None), offset(-1.0), offset(float("nan")), offset(1e300)] == [""] * 4


def test_all_of_it_as_a_script() -> None:
    made = state()
    made.hidden = (3,)
    view = One(an_episode(*RUNS), made)
    asked = press(view, "alt-s").request
    assert asked == ("episode", (("id", 7), ("script", 1), ("hidden", 3)))
    view.take([("ok", "1"), ("script", "ls\n")])
    assert view.result == ("put", "bash /dev/fd/3 3<<'END'\nls\nEND")
    view.result = None
    view.take([("ok", "1"), ("script", f"# {MARK}\n")])
    assert view.result[0].startswith("put@")  # type: ignore[index]
    view.take([("ok", "1")])
    assert NONSENSE in picture(view)[-1]


def test_no_line_of_a_script_ends_it() -> None:
    assert on_line("END\nEND_\n").splitlines()[-1] == "END__"
    assert on_line("cd 'a\\b'\n", "fish") == "bash (echo 'cd \\'a\\\\b\\'' | psub)"


# Any picture

A_RUN = st.builds(
    Run,
    any_text,
    st.none() | st.floats(),
    st.none() | st.floats(),
    st.none() | st.integers(),
    st.none() | any_text,
    st.booleans(),
)
AN_EPISODE = st.builds(
    Episode,
    st.integers(1, 9),
    st.lists(A_RUN, min_size=1, max_size=6),
    st.just(0.0),
    st.none() | st.floats(),
    st.none() | st.floats(),
    cwd=st.none() | any_text,
)


@given(
    episodes=st.lists(AN_EPISODE, max_size=4),
    keys=st.lists(st.sampled_from(["down", "up", "alt->", "tab", "page-down"]), max_size=5),
    width=st.integers(5, 90),
    height=st.integers(0, 12),
    utf8=st.booleans(),
)
def test_any_fits(
    episodes: list[Episode], keys: list[str], width: int, height: int, utf8: bool
) -> None:
    shown = state("a query", utf8)
    view = Listing(shown)
    view._episodes, view._answered = episodes, True
    for each in [view, *(One(episode, shown) for episode in episodes)]:
        for key in ["", *(key for key in keys if key != "tab" or each is not view)]:
            each.press(key)
            lines, (row, column) = each.draw(shown, width, height)
            assert len(lines) == height
            assert (0 <= row < max(1, height), column) == (True, 0)
            for line in lines:
                bare = re.sub("\x1b\\[[0-9;]*m", "", line)
                assert printable(bare) and (utf8 is False or columns(bare) <= max(width, 12))
                assert utf8 or bare.isascii()
