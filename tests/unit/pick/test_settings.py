"""What the plugin and the environment say."""

from typing import Any

from shell_plugin.pick.settings import Settings


def settings_of(**environment: str) -> Settings:
    made: Any = {key.encode(): value.encode() for key, value in environment.items()}
    return Settings(made)


def test_an_empty_environment() -> None:
    found = settings_of()
    assert (found.query, found.data_dir, found.cwd, found.home) == ("", "", "", "")
    assert found.again == "^R"
    assert found.header is None
    assert found.look.color
    assert not found.look.utf8


def test_what_the_plugin_passes() -> None:
    found = settings_of(
        DEJA_PICK_QUERY="git", DEJA_PICK_PROMPT="\x01\x1b[1m\x02$ ", DEJA_PICK_KEY="^T",
        HOME="/home/ann/", NO_COLOR="1", LANG="C", LC_ALL="en_GB.UTF-8",
    )  # fmt: skip
    assert found.header is not None
    assert (found.header.prompt, found.header.text) == ("\x1b[1m$ ", "git")
    assert (found.again, found.home) == ("^T", "/home/ann")
    assert not found.look.color
    assert found.look.utf8
