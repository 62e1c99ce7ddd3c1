"""The keys of vi in the picker."""

from hypothesis import given
from hypothesis import strategies as st

from shell_plugin.pick.keymap import TABLE
from shell_plugin.pick.vi import NORMAL, TYPING, Vi


def pressed(vi: Vi, *keys: str) -> list[tuple[str, ...] | None]:
    return [vi.press(key) for key in keys]


def normal() -> Vi:
    vi = Vi()
    vi.press("escape")
    return vi


def test_every_key_is_an_action_of_the_table() -> None:
    known = {action for action, *_ in TABLE}
    rows = (*NORMAL, *TYPING)
    assert {action for _, actions, _ in rows for action in actions} <= known
    keys = [key for keys, _, _ in rows for key in keys]
    assert len(keys) == len(set(keys))


def test_typing_is_left_to_everybody() -> None:
    vi = Vi()
    assert pressed(vi, "text:j", "text:dd", "ctrl-d", "enter") == [None] * 4
    assert not vi.normal


def test_escape_ends_typing_and_then_the_picker() -> None:
    vi = Vi()
    assert vi.press("escape") == ()
    assert vi.normal
    assert vi.press("escape") == ("leave",)


def test_letters_are_commands() -> None:
    vi = normal()
    assert pressed(vi, "text:j", "text:k", "text:G", "ctrl-d") == [
        ("down",), ("up",), ("last",), ("half-down",)
    ]  # fmt: skip
    assert pressed(vi, "text:g", "text:g", "text:d", "text:d") == [(), ("first",), (), ("forget",)]
    # A letter that follows the wrong one is nothing, and is not kept.
    assert pressed(vi, "text:d", "text:j", "text:d", "text:z", "text:y") == [
        (), (), (), (), ("copy",)
    ]  # fmt: skip
    assert vi.normal


def test_keys_that_are_no_letters_do_what_they_always_do() -> None:
    vi = normal()
    assert pressed(vi, "enter", "up", "alt-e", "ctrl-c", "f1") == [None] * 5
    assert vi.normal


def test_back_to_typing() -> None:
    for key, actions in (
        ("i", ()),
        ("a", ()),
        ("I", ("home",)),
        ("A", ("end",)),
        ("/", ("kill-to-start", "kill-to-end")),
    ):
        vi = normal()
        assert vi.press(f"text:{key}") == actions
        assert vi.press("text:j") is None


def test_what_is_pasted_is_text() -> None:
    vi = normal()
    assert vi.press("text:git push") is None
    assert vi.press("text:j") is None


@given(st.lists(st.one_of(st.characters().map("text:{}".format), st.just("escape"))))
def test_no_letter_is_typed_in_normal_mode(keys: list[str]) -> None:
    vi = Vi()
    for key in keys:
        before = vi.normal
        assert (vi.press(key) is None) == (not before and key != "escape")
