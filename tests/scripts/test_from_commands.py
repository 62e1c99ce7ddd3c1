"""What is written from the tree of commands: completion of three shells, and the man page."""

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from support.paths import ROOT

from backend.query import filters
from scripts import from_commands
from scripts.completion.spec import FILTERS, WORDS, tree, walk

COMMANDS = list(walk(tree()))
PAGE = ROOT / "shell_plugin" / "man" / "man1" / "deja.1"
SHELLS = {"zsh": "_deja", "bash": "deja.bash", "fish": "deja.fish"}


@pytest.mark.parametrize("path", from_commands.files(), ids=lambda path: path.name)
def test_it_is_as_the_tree_has_it(path: Path) -> None:
    """python scripts/from_commands.py makes it so."""
    assert path.read_text("utf-8") == from_commands.files()[path]


def test_the_filters_are_those_there_are() -> None:
    assert [key for key in FILTERS if not filters.is_key(key)] == []
    assert set(FILTERS) == set(filters._READERS)
    for key, value in FILTERS.items():
        for word in value.words if value.kind == WORDS else ():
            filters.apply(filters.Filters(), key, word, time.time())


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_can_read_it(shell: str) -> None:
    program = shutil.which(shell)
    if not program:
        pytest.skip(f"there is no {shell}")
    script = ROOT / "shell_plugin" / "completion" / SHELLS[shell]
    assert subprocess.run([program, "-n", str(script)], capture_output=True).stderr == b""


@pytest.mark.parametrize("shell", SHELLS)
def test_every_command_and_option_is_in_it(shell: str) -> None:
    text = (ROOT / "shell_plugin" / "completion" / SHELLS[shell]).read_text("utf-8")
    for command in COMMANDS:
        for option in command.options:
            long = option.names[-1]
            assert (f"-l {long[2:]} " if shell == "fish" else long) in text
        for below in command.commands:
            assert below.path[-1] in text


def test_the_page_is_good_roff() -> None:
    if not shutil.which("man"):
        pytest.skip("there is no man")
    shown = subprocess.run(
        ["man", "--warnings", "-P", "cat", "-l", str(PAGE)], capture_output=True, text=True
    )
    assert shown.stderr == ""
    words = " ".join(shown.stdout.replace("‐\n", "").split())
    for command in COMMANDS:
        assert command.name in words
        assert not command.path or command.summary.split()[0] in words
