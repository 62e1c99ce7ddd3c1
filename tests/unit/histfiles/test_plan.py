"""Edits planned over all history files of this machine, then carried out: each file by itself."""

import sqlite3
from pathlib import Path

import pytest
from support.written import file_of

from backend.histfiles import plan as planning
from backend.histfiles.edit import Edited, without
from backend.histfiles.plan import carry_out, plan
from backend.histfiles.sources import Source
from backend.histfiles.textfile import NotEditable


def without_ls(data: bytes, format: str) -> Edited:
    return without(data, format, "ls".__eq__)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Source]:
    """The history files that there are: none, until a test adds some."""
    sources: list[Source] = []
    monkeypatch.setattr(planning, "sources_here", lambda: sources)
    return sources


@pytest.mark.slow
def test_only_files_that_change_are_planned(tmp_path: Path, found: list[Source]) -> None:
    lines = file_of(tmp_path, b"ls\npwd\nls\n", "one")
    zsh = file_of(tmp_path, b": 1700000000:0;ls\n", "two")
    other = file_of(tmp_path, b"pwd\n", "three")
    found += [Source(lines, "lines"), Source(zsh, "zsh"), Source(other, "lines")]
    edits, problems = plan(without_ls)
    assert problems == {}
    assert [(edit.source, edit.edited) for edit in edits] == [
        (found[0], Edited(b"pwd\n", 2)),
        (found[1], Edited(b"", 1)),
    ]
    assert lines.read_bytes() == b"ls\npwd\nls\n"
    assert carry_out(edits) == {}
    assert [path.read_bytes() for path in (lines, zsh, other)] == [b"pwd\n", b"", b"pwd\n"]


def test_databases_are_left_alone(tmp_path: Path, found: list[Source]) -> None:
    path = tmp_path / "history.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE commands (cmd, when_run)")
        db.execute("INSERT INTO commands VALUES ('ls', 1700000000)")
    db.close()
    found.append(Source(path, "mcfly"))
    assert plan(without_ls) == ([], {})


def test_what_cannot_be_read_or_edited_is_told_and_the_rest_is_planned(
    tmp_path: Path, found: list[Source]
) -> None:
    missing = tmp_path / "missing"
    refused = file_of(tmp_path, b"no\n", "refused")
    path = file_of(tmp_path, b"ls\n")
    found += [Source(missing, "zsh"), Source(refused, "lines"), Source(path, "lines")]

    def change(data: bytes, format: str) -> Edited:
        if data == b"no\n":
            raise NotEditable("entry 1 would read otherwise")
        return without_ls(data, format)

    edits, problems = plan(change)
    assert [edit.source.path for edit in edits] == [path]
    assert problems == {
        missing: f"cannot read {missing}: No such file or directory",
        refused: f"{refused} is left as it is: entry 1 would read otherwise",
    }


@pytest.mark.slow
def test_a_file_that_cannot_be_rewritten_stops_no_other(
    tmp_path: Path, found: list[Source]
) -> None:
    one, two = file_of(tmp_path, b"ls\n", "one"), file_of(tmp_path, b"ls\n", "two")
    found += [Source(one, "lines"), Source(two, "lines")]
    edits, _ = plan(without_ls)
    one.write_bytes(b"typed meanwhile\n")
    assert carry_out(edits) == {one: f"{one} changed meanwhile; run the command again"}
    assert (one.read_bytes(), two.read_bytes()) == (b"typed meanwhile\n", b"")
