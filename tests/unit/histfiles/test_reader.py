"""Reading a file of any format: what is counted, what is numbered, what is an error."""

import tracemalloc
from pathlib import Path

import pytest
from support.written import file_of

from backend.histfiles.formats import FORMATS, TEXT, HistoryFileError
from backend.histfiles.reader import HistoryFile
from backend.wire.record import Record


def read(path: Path, format: str) -> list[Record]:
    return list(HistoryFile(path, format))


@pytest.mark.parametrize(
    ("format", "content"),
    [
        ("zsh", b"one\n\x83\x20two\n: 1700000000:0;th\0ree\nfour\n"),
        ("bash", b"one\ntwo\0\n\0\nfour\n"),
        ("lines", b"one\ntwo\0\n\0\nfour\n"),
        ("fish", b"- cmd: one\n- cmd: t\0wo\n- cmd: \0\n- cmd: four\n"),
    ],
)
def test_nul_is_counted_and_stops_nothing(tmp_path: Path, format: str, content: bytes) -> None:
    history = HistoryFile(file_of(tmp_path, content), format)
    assert [record.command for record in history] == ["one", "four"]
    assert history.unreadable == 2


@pytest.mark.slow
@pytest.mark.parametrize("format", sorted(TEXT))
def test_an_endless_line_is_counted_and_not_kept(tmp_path: Path, format: str) -> None:
    mark = b"- cmd: " if format == "fish" else b""
    path = file_of(tmp_path, mark + b"one\n" + b"x" * 40_000_000 + b"\n" + mark + b"two\n")
    tracemalloc.start()
    history = HistoryFile(path, format)
    assert [record.command for record in history] == ["one", "two"]
    assert history.unreadable == 1
    assert tracemalloc.get_traced_memory()[1] < 8_000_000
    tracemalloc.stop()


@pytest.mark.slow
def test_a_large_file_streams(tmp_path: Path) -> None:
    path = tmp_path / "history"
    with path.open("wb") as file:
        for n in range(200_000):
            file.write(b": %d:0;git commit -m 'message number %d'\n" % (1_600_000_000 + n, n))
    tracemalloc.start()
    assert sum(1 for _ in HistoryFile(path, "zsh")) == 200_000
    assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()


def test_a_time_that_cannot_be_is_unknown(tmp_path: Path) -> None:
    path = file_of(tmp_path, b": 999999999999:999999999999;ls\n: 1700000000:2;ls\n")
    assert read(path, "zsh") == [
        Record("ls", shell="zsh", nth=1),
        Record("ls", 1700000000.0, 2.0, shell="zsh"),
    ]


def test_untimed_runs_of_a_command_are_numbered(tmp_path: Path) -> None:
    """So that of all imports, the largest number of them stands."""
    first = read(file_of(tmp_path, b"ls\nls\npwd\nls\n"), "lines")
    assert [(record.command, record.nth) for record in first] == [
        ("ls", 1),
        ("ls", 2),
        ("pwd", 1),
        ("ls", 3),
    ]
    trimmed_and_grown = read(file_of(tmp_path, b"ls\npwd\nls\ngit log\n"), "lines")
    assert [(record.command, record.nth) for record in trimmed_and_grown] == [
        ("ls", 1),
        ("pwd", 1),
        ("ls", 2),
        ("git log", 1),
    ]


def test_timed_runs_are_told_by_their_times(tmp_path: Path) -> None:
    path = file_of(tmp_path, b": 1700000000:0;ls\n: 1700000009:0;ls\nls\n")
    assert [record.nth for record in read(path, "zsh")] == [None, None, 1]


@pytest.mark.parametrize("format", FORMATS)
def test_a_missing_file_is_an_error(tmp_path: Path, format: str) -> None:
    with pytest.raises(HistoryFileError, match="none"):
        read(tmp_path / "none", format)


def test_an_unknown_format_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(HistoryFileError, match="lines"):
        HistoryFile(tmp_path / "x", "csv")
