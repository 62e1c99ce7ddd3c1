"""The help tells what is so: every key, every filter."""

import re

import pytest

from backend.query import filters
from shell_plugin.pick.keymap import TABLE, Keymap, spelt
from shell_plugin.pick.screen.line import Line
from shell_plugin.pick.screen.look import Look
from shell_plugin.pick.screen.state import State
from shell_plugin.pick.views.episodes.told import OWN_KEYS as OF_EPISODE
from shell_plugin.pick.views.help import FILTERS, Help
from shell_plugin.pick.views.inspected import OWN_KEYS


def shown(keymap: Keymap, width: int = 110, height: int = 200) -> list[str]:
    state = State(Line(""), Look(color=False, utf8=True), keymap)
    lines, _ = Help(keymap).draw(state, width, height)
    return [re.sub("\x1b\\[[0-9;]*[mG]", " ", line).rstrip() for line in lines]


def test_every_key_is_told_as_it_is_set() -> None:
    text = "\n".join(shown(Keymap({"inspect": ("alt-z",)})))
    for action, _, keys, told in TABLE:
        if keys and action not in ("nth", "inspect"):
            assert spelt(keys[0]) in text
            assert told in text
    assert "Alt-Z" in text
    assert "Ctrl-O" not in text
    assert "Alt-1…9" in text
    for key, _, told in (*OWN_KEYS, *OF_EPISODE):
        assert spelt(key) in text
        assert told in text


def test_what_folding_draws_is_explained() -> None:
    text = "\n".join(shown(Keymap()))
    assert "+4" in text
    assert "└" in text


def test_every_filter_that_is_told_is_one() -> None:
    told = {word.partition(":")[0] for words, _ in FILTERS for word in words.split() if ":" in word}
    assert told == {key for key in told if filters.is_key(key)}


@pytest.mark.parametrize("width", [20, 40, 80, 120])
@pytest.mark.parametrize("height", [1, 5, 12])
def test_it_fits_and_scrolls(width: int, height: int) -> None:
    keymap = Keymap()
    state = State(Line(""), Look(color=False, utf8=True), keymap)
    view = Help(keymap)
    lines, (row, _) = view.draw(state, width, height)
    assert len(lines) == height
    assert 0 <= row < height
    view.press("page-down")
    assert view.draw(state, width, height)[0][0] != lines[0] or height == 1
    assert not view.closed
    view.press("text:x")
    assert view.closed
