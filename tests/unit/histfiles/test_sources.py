"""The history files of a machine: where shells and tools keep them, each once."""

import sqlite3
from pathlib import Path

import pytest
from support.written import file_of

from backend.histfiles.sources import Source, sources, sources_here


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "a home"
    path.mkdir()
    return path


def make_database(path: Path, table: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(table)
    connection.close()


def test_each_history_is_found_once(tmp_path: Path, home: Path) -> None:
    dots = home / "dots"
    fish = tmp_path / "data/fish"
    fish.mkdir(parents=True)
    dots.mkdir(parents=True)
    file_of(home, b"ls\n", ".bash_history")
    (home / ".histfile").symlink_to(".bash_history")
    file_of(home, b"", ".zsh_history")
    file_of(home, b'export HISTFILE="$HOME/else/where" # mine\n', ".bashrc")
    (home / "else").mkdir()
    file_of(home / "else", b"#1700000000\nls\n", "where")
    file_of(dots, b": 1700000000:0;ls\n", "kept")
    file_of(dots, b"HISTFILE=${ZDOTDIR:-~}/kept\nHISTFILE=$(mktemp)\n", ".zshrc")
    file_of(fish, b"- cmd: ls\n", "fish_history")
    make_database(home / "atuin.db", "CREATE TABLE history (command, timestamp)")
    environ = {
        "ZDOTDIR": str(dots),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "ATUIN_DB_PATH": str(home / "atuin.db"),
    }
    assert set(sources(environ, home)) == {
        Source(home / "else/where", "bash"),
        Source(dots / "kept", "zsh"),
        Source(home / ".histfile", "zsh"),
        Source(fish / "fish_history", "fish"),
        Source(home / "atuin.db", "atuin"),
    }


@pytest.mark.parametrize("value", [b"~/mine", b"$HOME/mine", b"${HOME}/mine", b"'~/mine'"])
def test_a_start_up_file_says_where(home: Path, value: bytes) -> None:
    file_of(home, b"HISTFILE=" + value + b"\n", ".zshrc")
    file_of(home, b"ls\n", "mine")
    assert sources({}, home) == [Source(home / "mine", "lines")]


def test_what_cannot_be_a_history_is_passed_over(home: Path) -> None:
    file_of(home, b"HISTFILE=relative\nHISTFILE=/a\0b\n", ".bashrc")
    (home / ".zsh_history").mkdir()
    make_database(home / "notes.db", "CREATE TABLE notes (text)")
    file_of(home, b"ls\n", ".bash_history")
    environ = {"ATUIN_DB_PATH": str(home / "notes.db"), "HISTFILE": str(home / "missing")}
    assert sources(environ, home) == [Source(home / ".bash_history", "bash")]


def test_an_empty_home(home: Path) -> None:
    assert sources({}, home) == []


def test_the_files_of_this_machine(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual, mine = file_of(home, b"ls\n", ".bash_history"), file_of(home, b"ls\n", "mine")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("HISTFILE", str(mine))
    assert sources_here() == [Source(mine, "lines"), Source(usual, "bash")]
