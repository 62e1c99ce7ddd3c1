"""Keys as people and the shells write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell_plugin.pick.configuration.keynames import key_name
from shell_plugin.pick.keymap import TABLE, spelt


@pytest.mark.parametrize("key", [key for _, _, keys, _ in TABLE for key in keys])
def test_every_key_of_the_table_is_known_as_it_is_named_and_shown(key: str) -> None:
    assert key_name(key) == key_name(spelt(key)) == key


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Ctrl-T", "ctrl-t"),
        ("^T", "ctrl-t"),
        ("\\C-t", "ctrl-t"),
        ("ctrl-space", "ctrl-space"),
        ("ctrl-x ctrl-t", "ctrl-x ctrl-t"),
        ("ctrl-x  Ctrl-T", "ctrl-x ctrl-t"),
        ("alt-T", "alt-t"),
        ("\\et", "alt-t"),
        ("Alt-;", "alt-;"),
        ("PgUp", "page-up"),
        ("F12", "f12"),
        # What a terminal sends for these is another key.
        ("ctrl-m", "enter"),
        ("ctrl-i", "tab"),
        ("ctrl-x", ""),
        ("ctrl-[", ""),
        ("x", ""),
        ("f13", ""),
        ("shift-f1", ""),
        ("", ""),
    ],
)
def test_keys_as_people_write_them(written: str, key: str) -> None:
    assert key_name(written) == key


@given(st.text())
def test_a_letter_is_never_a_key(written: str) -> None:
    assert not key_name(written).startswith("text:")
