"""Lines of JSON: what a run needs, what is passed over, and what is wrong with a line."""

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.written import file_of

from backend.histfiles.formats import detect
from backend.histfiles.reader import MOST_NAMED, HistoryFile
from backend.histfiles.runs import jsonl
from backend.system.text import to_text
from backend.wire.record import Record

FULL = {
    "command": "make",
    "start": 1700000000.25,
    "duration": 0,
    "exit": 2,
    "cwd": "/src",
    "session": "s",
    "host": "box",
    "shell": "zsh",
}


def test_a_line_tells_a_run(tmp_path: Path) -> None:
    content = "\n".join(
        [
            json.dumps(FULL | {"pinned": True, "note": "builds\nit", "colour": "green"}),
            json.dumps({"command": "ls\n-la \udcff", "exit": None}),
            "",
            '{"command": "ls"}\r',
            '{"command": "ls"}',
        ]
    )
    history = HistoryFile(file_of(tmp_path, content.encode()), "jsonl")
    assert list(history) == [
        Record("make", 1700000000.25, 0.0, 2, "/src", "s", "box", "zsh"),
        Record("ls\n-la \udcff", nth=1),
        Record("ls", nth=1),
        Record("ls", nth=2),
    ]
    assert (history.pinned, history.notes) == ({"make"}, {"make": "builds\nit"})
    assert (history.unreadable, history.refused) == (0, [])


BAD = {
    "ls -la": "it is not JSON",
    '{"command": "ls"': "it is not JSON",
    "[" * 100_000: "it is not JSON",
    '"ls"': "it is no JSON object",
    "{}": "it has no command",
    '{"command": " "}': "it has no command",
    '{"command": 7}': "command is no text",
    r'{"command": "a\u0000b"}': "command holds a NUL",
    r'{"command": "\ud800"}': "command holds half a character",
    '{"command": "ls", "start": "now"}': "start is no number of seconds",
    f'{{"command": "ls", "start": {"9" * 400}}}': "start is no number of seconds",
    '{"command": "ls", "duration": true}': "duration is no number of seconds",
    '{"command": "ls", "exit": "0"}': "exit is no exit status",
    '{"command": "ls", "exit": 99999999999}': "exit is no exit status",
    '{"command": "ls", "cwd": ["/"]}': "cwd is no text",
    '{"command": "ls", "pinned": 7}': "pinned is neither true nor false",
}


@pytest.mark.parametrize(("line", "why"), BAD.items(), ids=BAD.values())
def test_a_bad_line_is_named_and_costs_nothing_else(tmp_path: Path, line: str, why: str) -> None:
    content = f'{{"command": "one"}}\n{line}\n{{"command": "two"}}\n'
    history = HistoryFile(file_of(tmp_path, content.encode()), "jsonl")
    assert [record.command for record in history] == ["one", "two"]
    assert (history.unreadable, history.refused) == (1, [f"line 2: {why}"])


def test_of_many_bad_lines_some_are_named(tmp_path: Path) -> None:
    history = HistoryFile(file_of(tmp_path, b"{}\n" * 100), "jsonl")
    assert list(history) == []
    assert (history.unreadable, len(history.refused)) == (100, MOST_NAMED)


@given(st.binary() | st.text().map(json.dumps).map(str.encode))
def test_no_line_is_too_odd(line: bytes) -> None:
    try:
        jsonl.parse(line)
    except jsonl.NotARun as error:
        assert "\n" not in str(error)


def test_a_time_that_cannot_be_is_unknown(tmp_path: Path) -> None:
    content = '{"command": "ls", "start": NaN, "duration": -1}\n{"command": "ls", "start": 1e99}'
    history = HistoryFile(file_of(tmp_path, content.encode()), "jsonl")
    assert list(history) == [Record("ls", nth=1), Record("ls", nth=2)]


def test_the_format_is_known_by_its_lines(tmp_path: Path) -> None:
    assert detect(file_of(tmp_path, json.dumps(FULL).encode() + b"\n", ".zsh_history")) == "jsonl"
    assert detect(file_of(tmp_path, b'{"a": 1}\n{ echo; }\n', ".bash_history")) == "bash"
    line = b'{"command": "' + b"x" * 70_000 + b'"}\n'
    assert detect(file_of(tmp_path, line * 3 + b'{"command": "ls"}\n', "a file")) == "jsonl"


def test_bytes_that_are_no_text_are_kept(tmp_path: Path) -> None:
    history = HistoryFile(file_of(tmp_path, b'{"command": "echo \xff"}'), "jsonl")
    assert [record.command for record in history] == [to_text(b"echo \xff")]


@pytest.mark.slow
def test_a_million_lines_stream(tmp_path: Path) -> None:
    path = tmp_path / "export"
    with path.open("w") as file:
        for n in range(1_000_000):
            file.write(json.dumps(FULL | {"command": f"make {n}", "start": 1.7e9 + n}) + "\n")
    tracemalloc.start()
    assert sum(1 for _ in HistoryFile(path, "jsonl")) == 1_000_000
    assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()
