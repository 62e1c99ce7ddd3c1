"""What the plugin and the environment say."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell_plugin.pick.settings import Settings


def settings_of(**environment: str) -> Settings:
    made: Any = {key.encode(): value.encode() for key, value in environment.items()}
    return Settings(made)


def test_an_empty_environment() -> None:
    found = settings_of()
    assert (found.query, found.data_dir, found.cwd, found.home) == ("", "", "", "")
    assert found.keymap.shown("again") == "Ctrl-R"
    assert found.header is None
    assert found.look.color
    assert not found.look.utf8


def test_a_key_that_the_list_needs_is_not_taken_from_it() -> None:
    found = settings_of(DEJA_PICK_KEY="^[OA")
    assert found.keymap.action("up") == "up"
    assert found.keymap.shown("again") == ""


def test_what_the_plugin_passes() -> None:
    found = settings_of(
        DEJA_PICK_QUERY="git", DEJA_PICK_PROMPT="\x01\x1b[1m\x02$ ", DEJA_PICK_KEY="^T",
        HOME="/home/ann/", NO_COLOR="1", LANG="C", LC_ALL="en_GB.UTF-8",
    )  # fmt: skip
    assert found.header is not None
    assert (found.header.prompt, found.header.text) == ("\x1b[1m$ ", "git")
    assert (found.keymap.shown("again"), found.home) == ("Ctrl-T", "/home/ann")
    assert not found.look.color
    assert found.look.utf8


@given(st.integers(1, 500), st.booleans())
def test_the_area_fits_the_terminal(rows: int, on_own_line: bool) -> None:
    found = settings_of(**({"DEJA_PICK_PROMPT": "$ "} if on_own_line else {}))
    assert found.on_own_line == on_own_line
    assert 1 <= found.height(rows) <= max(1, rows - (not on_own_line))


@given(st.integers(1, 500))
def test_a_popup_is_the_picker_s_alone(rows: int) -> None:
    found = Settings({}, in_popup=True)
    assert found.on_own_line
    assert found.height(rows) == rows


@pytest.mark.parametrize(("rows", "height"), [(5, 4), (14, 8), (24, 12), (60, 30)])
def test_half_of_the_terminal_is_borrowed(rows: int, height: int) -> None:
    assert settings_of().height(rows) == height


def test_keys_of_the_users_own_win_over_what_enter_is_set_to(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[picker]\nenter = "run"\n[picker.keys]\nput = "f5"\norder = "ctrl-r"\n')
    keymap = settings_of(DEJA_PICK_CONFIG=str(file)).keymap
    assert (keymap.keys("put"), keymap.keys("run")) == (("f5",), ("enter", "alt-enter"))
    assert (keymap.action("ctrl-r"), keymap.shown("again")) == ("order", "")


@pytest.mark.parametrize(
    ("setting", "rows", "height"),
    [("20", 60, 20), ("20", 10, 9), ('"10%"', 100, 10), ('"full"', 24, 23), ('"50%"', 24, 12)],
)
def test_the_height_that_is_set(setting: str, rows: int, height: int, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[picker]\nheight = {setting}\n")
    assert settings_of(DEJA_PICK_CONFIG=str(file)).height(rows) == height


def test_what_is_alike_is_folded_unless_that_is_set_or_a_line_was_fetched(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    assert settings_of().fold
    assert not settings_of(DEJA_PICK_LINE="ls").fold
    config.write_text("[picker]\nfold = false\n")
    assert not settings_of(DEJA_PICK_CONFIG=str(config)).fold
