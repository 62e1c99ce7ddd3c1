"""Which format a file is in: by its content and, where that is silent, by its name."""

import sqlite3
from pathlib import Path

import pytest
from support.written import file_of

from backend.histfiles.formats import HistoryFileError, detect
from backend.histfiles.runs.databases import MAGIC


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        (".zsh_history", b"ls\npwd\n", "zsh"),
        (".histfile", b"ls\npwd\n", "zsh"),
        (".bash_history", b"ls\npwd\n", "bash"),
        ("commands.txt", b"ls\npwd\n", "lines"),
        ("commands.txt", b"", "lines"),
        ("commands.txt", b"echo \x83\xa3\n", "zsh"),
        ("commands.txt", "echo Ã у \n".encode(), "lines"),
        (".bash_history", b": 1700000000:0;ls\n", "zsh"),
        ("h", b"- cmd: ls\n  when: 1700000000\n", "fish"),
        ("h", b"ls\n" * 40_000 + b"#1700000000\nls\n", "bash"),
        ("h", b"ls\n" * 40_000 + b": 1700000000:0;ls\n", "zsh"),
    ],
)
def test_text_files(tmp_path: Path, name: str, content: bytes, format: str) -> None:
    assert detect(file_of(tmp_path, content, name)) == format


def test_an_unknown_database_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE notes (text)")
    db.close()
    with pytest.raises(HistoryFileError, match="--format lines"):
        detect(path)


def test_a_damaged_database_is_an_unknown_one(tmp_path: Path) -> None:
    with pytest.raises(HistoryFileError, match="no tool"):
        detect(file_of(tmp_path, MAGIC + b"\xff" * 5000))


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(HistoryFileError, match="none: No such file"):
        detect(tmp_path / "none")


def test_a_table_is_no_history_of_lines(tmp_path: Path) -> None:
    header = b"command,start,duration,exit,cwd,session,host,shell,pinned,note\n"
    with pytest.raises(HistoryFileError, match="--format jsonl"):
        detect(file_of(tmp_path, header + b"make,1.0,,0,,,,,,\n", "history.csv"))
