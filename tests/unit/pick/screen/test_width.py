"""How text is shown: harmless, and as wide as it was said to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawn import any_text, printable

from shell_plugin.pick.screen import width


@given(any_text, st.booleans())
def test_what_is_drawn_is_harmless(text: str, utf8: bool) -> None:
    drawn = "".join(shown for shown, _ in width.pieces(text, utf8))
    assert printable(drawn)
    assert utf8 or drawn.isascii()
    assert not set(drawn) & set("\u202e\u2066\u200e\u061c\u2028\ufeff")


@given(any_text, st.integers(0, 30))
def test_clipping_keeps_within_its_room(text: str, room: int) -> None:
    assert width.columns(width.clip(text, room)) <= room
    assert width.columns(width.clip_left(text, room)) <= room


@pytest.mark.parametrize(
    ("text", "cells"),
    [("abc", 3), ("日本", 4), ("e\u0301", 1), ("👩", 2), ("\n", 1), ("\x1b", 2), ("\udce9", 4)],
)
def test_widths(text: str, cells: int) -> None:
    assert width.columns(text) == cells


def test_clipping_cuts_at_the_right_end() -> None:
    assert width.clip("abcdef", 4) == "abc…"
    assert width.clip_left("/a/long/path", 6) == "…/path"
    assert width.clip("日本語", 4) == "日…"
    assert width.clip("abcdef", 4, utf8=False) == "abc~"
