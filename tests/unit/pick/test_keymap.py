"""The keys: what each does, how people call it, how the shells write it."""

import pytest

from shell_plugin.pick.keymap import TABLE, Keymap, from_shell, spelt


def test_no_key_has_two_meanings() -> None:
    keys = [key for _, _, keys, _ in TABLE for key in keys]
    assert len(keys) == len(set(keys))


def test_what_the_user_has_chosen_wins() -> None:
    keymap = Keymap({"inspect": ("ctrl-s",), "scope": ("alt-s",)})
    assert keymap.action("ctrl-s") == "inspect"
    assert keymap.action("alt-s") == "scope"
    assert keymap.action("ctrl-o") == keymap.action("f2") == ""
    assert keymap.shown("inspect") == "Ctrl-S"


def test_a_key_that_was_taken_away_is_not_shown() -> None:
    keymap = Keymap({"again": ("ctrl-o",)})
    assert keymap.action("ctrl-o") == "again"
    assert keymap.shown("inspect") == ""


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("ctrl-r", "Ctrl-R"),
        ("alt-enter", "Alt-Enter"),
        ("page-up", "PgUp"),
        ("f1", "F1"),
        ("escape", "Esc"),
        ("ctrl-x ctrl-e", "Ctrl-X Ctrl-E"),
        ("alt-<", "Alt-<"),
        ("ctrl-/", "Ctrl-/"),
    ],
)
def test_keys_as_people_call_them(key: str, shown: str) -> None:
    assert spelt(key) == shown


@pytest.mark.parametrize(
    ("notation", "key"),
    [
        ("^R", "ctrl-r"),
        ("^r", "ctrl-r"),
        ("\\C-t", "ctrl-t"),
        ("\\er", "alt-r"),
        ("^[r", "alt-r"),
        ("\\M-r", "alt-r"),
        ("^@", "ctrl-space"),
        ("^[OA", "up"),
        ("\\e[A", "up"),
        ("^X^R", "ctrl-x ctrl-r"),
        ("x", "text:x"),
        ("", ""),
        ("^[", ""),
        ("é", "text:é"),
    ],
)
def test_keys_as_the_shells_write_them(notation: str, key: str) -> None:
    assert from_shell(notation) == key
