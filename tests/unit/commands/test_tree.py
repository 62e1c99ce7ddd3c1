"""The tree of commands: what the overview says of each, and its help with examples that hold."""

import inspect
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from support.paths import ROOT

from backend.commands.tree import COMMANDS, main
from backend.histfiles.formats import FORMATS

WIDTH = 80


def walk(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every command that is no group, and of every group below the first."""
    if path:
        yield path
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            yield from walk(resolve(*path, name), (*path, name))


def resolve(*path: str) -> click.Command:
    command: click.Command = main
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    return command


def shown(*arguments: str) -> str:
    return CliRunner().invoke(main, [*arguments, "--help"], terminal_width=WIDTH).output


EVERY = list(walk(main))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_overview_says_what_the_help_begins_with(name: str) -> None:
    summary = COMMANDS[name][1]
    assert (resolve(name).help or "").partition("\n")[0] == summary


def test_the_overview_cuts_nothing_and_begins_with_search() -> None:
    lines = shown().splitlines()
    rows = [" ".join(line.split()) for line in lines]
    assert [row for row in rows if row.split(" ")[0] in COMMANDS] == [
        f"{name} {summary}" for name, (_, summary) in COMMANDS.items()
    ]
    assert next(iter(COMMANDS)) == "search"
    assert max(map(len, lines)) < WIDTH
    assert "..." not in "".join(rows[3:])


def test_the_overview_loads_no_command() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from backend.commands import tree\n"
        "tree.run(['--help']); print(*(name for name in sys.modules if name.startswith('backend')))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    loaded = done.stdout.splitlines()[-1].split()
    assert loaded == ["backend", "backend.commands", "backend.commands.tree"]


@pytest.mark.parametrize(
    "name", [name for name in COMMANDS if isinstance(resolve(name), click.Group)]
)
def test_a_group_tells_whole_what_its_commands_do(name: str) -> None:
    text = " ".join(shown(name).split())
    for path in EVERY:
        if len(path) == 2 and path[0] == name:
            assert f"{path[1]} {(resolve(*path).help or '').partition(chr(10))[0]}" in text


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_help_fits_and_has_an_example(path: tuple[str, ...]) -> None:
    text = shown(*path)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert list(examples(path))


def test_import_names_its_formats() -> None:
    told = set(shown("import").replace(",", " ").replace(";", " ").split())
    assert told >= set(FORMATS)


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_example_is_understood(
    path: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in examples(path):
        assert tuple(words[: len(path)]) == path
        for word in words:
            if "." in word and "/" not in word:  # a file, which may have to be there
                (tmp_path / word).touch()
        command, rest = resolve(*path), words[len(path) :]
        command.make_context(" ".join(path), rest).close()


def examples(path: tuple[str, ...]) -> Iterator[list[str]]:
    """The arguments of `deja` in the examples of a command's help."""
    _, _, text = inspect.cleandoc(resolve(*path).help or "").partition("\nExamples:\n")
    for line in text.splitlines():
        if line.startswith("  "):
            yield arguments(line)


def arguments(line: str) -> list[str]:
    """What a shell gives to `deja`: pipes and redirections end it."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|<>;&")
    lexer.whitespace_split = True
    lexer.commenters = ""
    words = list(lexer)
    words = words[words.index("deja") + 1 :]
    ends = [at for at, word in enumerate(words) if set(word) <= set("|<>;&")]
    return words[: ends[0]] if ends else words
