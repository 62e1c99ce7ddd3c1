"""bash's history: a real bash writes and reads it, before and after an edit."""

import io
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.written import (
    COMMANDS,
    EDITED,
    GONE,
    KEPT,
    SAFE,
    can_hold,
    edit_in_place,
    encode_bash,
    file_of,
    read_bash,
    write_bash,
)

from backend.histfiles.bash import BASH, MAX_LINES
from backend.histfiles.edit import masked, without
from backend.histfiles.formats import detect
from backend.histfiles.reader import HistoryFile
from backend.histfiles.textfile import NotEditable
from backend.wire.record import Record

as_bytes = st.binary().filter(lambda text: text.strip() and b"\0" not in text)


def read(path: Path) -> list[Record]:
    return list(HistoryFile(path, "bash"))


def commands(records: list[Record]) -> list[bytes]:
    return [record.command.encode("utf-8", "surrogateescape") for record in records]


# Reading


def test_a_real_bash_history_with_timestamps(tmp_path: Path) -> None:
    path = write_bash(tmp_path, COMMANDS)
    records = read(path)
    assert commands(records) == COMMANDS
    assert all(record.start for record in records)
    assert detect(path) == "bash"


def test_a_real_bash_history_without_timestamps(tmp_path: Path) -> None:
    """Multi-line commands cannot be told apart there: each line is one."""
    single = [command for command in COMMANDS if b"\n" not in command]
    records = read(write_bash(tmp_path, single, timestamps=False))
    assert commands(records) == single
    assert all(record.start is None for record in records)


def test_untimed_lines_come_before_timestamps(tmp_path: Path) -> None:
    content = b"ls\n# note\n#12\n#1700000000\nfor x in 1\ndo y\ndone\n#1700000009\nw"
    assert read(file_of(tmp_path, content)) == [
        Record("ls", shell="bash", nth=1),
        Record("# note", shell="bash", nth=1),
        Record("#12", shell="bash", nth=1),
        Record("for x in 1\ndo y\ndone", 1700000000.0, shell="bash"),
        Record("w", 1700000009.0, shell="bash"),
    ]


@pytest.mark.parametrize("count", [MAX_LINES - 1, MAX_LINES])
def test_lines_behind_one_timestamp_are_one_command(count: int) -> None:
    content = b"#1700000000\n" + b"ls\n" * count + b"#1700000001\nlast\n"
    first, last = BASH.entries(io.BytesIO(content))
    assert first.command == b"\n".join([b"ls"] * count)
    assert (first.begin, first.body, first.end) == (0, 12, 12 + 3 * count)
    assert (last.command, last.start, last.end) == (b"last", 1700000001.0, len(content))


@pytest.mark.parametrize("count", [MAX_LINES + 1, 400])
def test_lines_that_a_shell_without_timestamps_appended(count: int) -> None:
    lines = [b"command %d" % n for n in range(count)]
    content = b"#1700000000\n" + b"\n".join(lines) + b"\n#1700000001\nlast\n"
    entries = list(BASH.entries(io.BytesIO(content)))
    assert [entry.command for entry in entries] == [*lines, b"last"]
    assert [entry.start for entry in entries] == [1700000000.0, *[None] * (count - 1), 1700000001.0]
    assert [content[entry.body : entry.end].rstrip() for entry in entries] == [*lines, b"last"]


@given(st.lists(st.tuples(as_bytes, st.integers(10**8, 10**10))))
def test_entries_come_back(written: list[tuple[bytes, int]]) -> None:
    written = [entry for entry in written if can_hold("bash", entry[0])]
    content = b"".join(encode_bash(command, start) for command, start in written)
    found = BASH.entries(io.BytesIO(content))
    assert [(entry.command, entry.start) for entry in found] == written


# Editing


@pytest.mark.slow
def test_a_real_bash_reads_the_edited_file(tmp_path: Path) -> None:
    gone = {command.decode() for command in GONE}
    remove = partial(without, format="bash", unwanted=gone.__contains__)
    assert read_bash(write_bash(tmp_path, EDITED)) == EDITED
    edit_in_place(tmp_path / "history", remove, entries=3)
    assert read_bash(tmp_path / "history") == KEPT
    edit_in_place(write_bash(tmp_path, EDITED), partial(masked, format="bash"), entries=3)
    assert read_bash(tmp_path / "history") == SAFE


def test_an_edit_that_would_join_other_entries_is_refused() -> None:
    """What follows a removed timestamp would be taken for lines of the entry before it."""
    long = b"#1700000001\n" + b"".join(b"command %d\n" % n for n in range(MAX_LINES + 1))
    data = b"#1700000000\nfor x in 1\ndo y\ndone\n" + long
    with pytest.raises(NotEditable):
        without(data, "bash", lambda command: command == "command 0")
    assert without(data, "bash", lambda command: command.startswith("for")).data == long
