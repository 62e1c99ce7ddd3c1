"""Text and bytes, and what may reach a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.query import words
from backend.system.text import blanked, to_bytes, to_text, valid, visible

any_text = st.text(st.characters(codec=None))


@given(st.binary())
def test_bytes_come_back_and_can_be_made_valid(data: bytes) -> None:
    text = to_text(data)
    assert to_bytes(text) == data
    assert valid(text) == data.decode("utf-8", "replace")


def test_the_index_has_an_encoding_of_its_own() -> None:
    """Not to be joined: the one gives back what was typed, the other takes any string."""
    assert to_bytes("\udcff") == b"\xff"
    assert words.encode("\udcff") == b"\xed\xb3\xbf"
    with pytest.raises(UnicodeEncodeError):
        to_bytes("\ud800")
    assert words.decode(words.encode("\ud800")) == "\ud800"


@given(any_text)
def test_what_is_visible_steers_no_terminal(text: str) -> None:
    assert visible(text).isprintable()
    assert blanked(text).isprintable()
    assert len(blanked(text)) == len(text)


def test_control_characters_are_shown_kept_or_blanked() -> None:
    assert visible("a\tb\x1b[31m\n") == "a\\tb\\x1b[31m\\n"
    assert visible("a\tb\x1b\n", kept="\n\t") == "a\tb\\x1b\n"
    assert blanked("a\tb\x1b[31m\n") == "a b [31m "
