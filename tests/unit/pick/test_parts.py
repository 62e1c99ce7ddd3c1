"""The picker's pure parts: widths, keys, the line, words, the picture, the disk."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.wire import protocol
from shell_plugin.pick import answer, offline, view, width, words
from shell_plugin.pick.daemon import Daemon, Unusable
from shell_plugin.pick.keys import Decoder
from shell_plugin.pick.line import Line

any_text = st.text(st.characters(codec=None), max_size=60)


def printable(text: str) -> bool:
    """Whether a terminal shows `text` and does nothing else."""
    return all(" " <= c <= "~" or (ord(c) > 0x9F and not 0xD800 <= ord(c) < 0xE000) for c in text)


@given(any_text, st.booleans())
def test_what_is_drawn_is_harmless(text: str, utf8: bool) -> None:
    drawn = "".join(shown for shown, _ in width.pieces(text, utf8))
    assert printable(drawn)
    assert utf8 or drawn.isascii()
    assert not set(drawn) & set("\u202e\u2066\u200e\u061c\u2028\ufeff")


@given(any_text, st.integers(0, 30))
def test_clipping_keeps_within_its_room(text: str, room: int) -> None:
    assert width.columns(width.clip(text, room)) <= room
    assert width.columns(width.clip_left(text, room)) <= room


@pytest.mark.parametrize(
    ("text", "cells"),
    [("abc", 3), ("日本", 4), ("e\u0301", 1), ("👩", 2), ("\n", 1), ("\x1b", 2), ("\udce9", 4)],
)
def test_widths(text: str, cells: int) -> None:
    assert width.columns(text) == cells


def test_clipping_cuts_at_the_right_end() -> None:
    assert width.clip("abcdef", 4) == "abc…"
    assert width.clip_left("/a/long/path", 6) == "…/path"
    assert width.clip("日本語", 4) == "日…"
    assert width.clip("abcdef", 4, utf8=False) == "abc~"


def keys_of(data: bytes) -> list[str]:
    decoder = Decoder()
    return [key for at in range(len(data)) if (key := decoder.feed(data[at : at + 1]))]


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (b"a\xc3\xa9", ["text:a", "text:é"]),
        (b"\x1b[A\x1bOB\x1b[5~", ["up", "down", "page-up"]),
        (b"\r\n\t", ["enter", "enter", "tab"]),
        (b"\x1b\r\x18\r\x18a", ["alt-enter", "alt-enter", "text:a"]),
        (b"\x1bb\x1b\x7f\x1bD", ["alt-b", "alt-backspace", "alt-d"]),
        (b"\x1b[200~a\rb\x1b[Ac\x1b[201~d", ["text:a\nb\x1b[Ac", "text:d"]),
        (b"\x1b[1;9Z\x1b[99;99;99~x", ["text:x"]),
        (b"\x03\x07", ["cancel", "cancel"]),
        (b"\x1b\x1b", ["cancel"]),
        (b"\xe9a\xe9\r\xff", ["text:a", "enter", "text:\udcff"]),
    ],
)
def test_keys(data: bytes, keys: list[str]) -> None:
    assert keys_of(data) == keys


@given(st.binary(max_size=200))
def test_any_bytes_are_keys_or_nothing(data: bytes) -> None:
    for key in keys_of(data):
        assert key.startswith("text:") or key.isascii()


def test_a_lone_escape_waits() -> None:
    decoder = Decoder()
    assert decoder.feed(b"\x1b") == ""
    assert decoder.escape_open
    assert decoder.escape() == "cancel"
    assert decoder.feed(b"a") == "text:a"


def test_editing_a_line() -> None:
    line = Line("git commit -m 'a b'")
    line.kill_word_left()
    assert line.text == "git commit -m 'a "
    line.home()
    line.word_right()
    line.insert("hub")
    assert line.text == "github commit -m 'a "
    line.word_left()
    line.kill_word_right()
    assert (line.text, line.killed) == (" commit -m 'a ", "github")
    line.end()
    line.yank()
    line.erase_left()
    assert line.text == " commit -m 'a githu"
    line.left()
    line.erase_right()
    line.kill_subword_left()
    assert line.text == " commit -m 'a "


@given(any_text, st.lists(st.sampled_from([n for n in dir(Line) if n[0] != "_"]), max_size=30))
def test_the_cursor_stays_in_the_line(text: str, steps: list[str]) -> None:
    line = Line(text)
    for step in steps:
        method = getattr(line, step)
        if step == "insert":
            method("xy")
        elif callable(method):
            method()
        assert 0 <= line.cursor <= len(line.text)


@pytest.mark.parametrize(
    ("query", "command", "fits"),
    [
        ("tar xz", "TAR -xzf a", True),
        ("tar zip", "tar -xzf a", False),
        ('"tar -x"', "tar -xzf", True),
        ('"tar x"', "tar -xzf", False),
        ("tar -xzf", "tar xvf", True),
        ("tar -gz", "tar a.gz", False),
        ("exit:0 tar", "tar a", True),
        ("", "anything", True),
    ],
)
def test_words(query: str, command: str, fits: bool) -> None:
    assert words.Words(query).match(command.lower()) is fits


@given(any_text, st.lists(any_text, max_size=3))
def test_spans_lie_in_the_command(command: str, wanted: list[str]) -> None:
    for start, end in words.spans(command, wanted):
        assert 0 <= start < end <= len(command)


def test_spans_of_a_mistyped_word_light_up_its_beginning() -> None:
    assert words.spans("docker ps", ["dockre"]) == [(0, 4)]
    assert words.spans("docker ps", ["xyz"]) == []


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-5, "now"), (59, "now"), (60, "1m"), (7200, "2h"), (3 * 86400, "3d"), (90 * 86400, "3mo")],
)
def test_age(seconds: float, shown: str) -> None:
    assert view.age(seconds) == shown
    assert view.age(1e12) == "99y"


@settings(max_examples=200)
@given(
    st.lists(st.tuples(any_text, any_text, st.integers(-1, 300)), max_size=20),
    any_text,
    st.integers(1, 120),
    st.integers(1, 20),
    st.booleans(),
)
def test_any_picture_has_its_lines_and_no_escapes(
    found: list[tuple[str, str, int]], query: str, columns: int, height: int, utf8: bool
) -> None:
    look = view.Look(color=True, utf8=utf8)
    state = view.State(Line(query), look, None, "/home/ann", "^R")
    rows = [answer.Row(text, 3, 1.0, code, cwd, cwd) for text, cwd, code in found]
    state.answer = answer.Answer(query, rows, "hybrid", note=query)
    state.selected = max(0, len(rows) - 1)
    lines, (row, column) = view.draw(state, columns, height)
    assert len(lines) == height
    assert 0 <= row < height
    assert 0 <= column <= max(columns, 4)
    for line in lines:
        for part in line.split("\x1b[")[1:]:
            assert part.lstrip("0123456789;")[:1] in ("m", "G")
        assert printable(line.replace("\x1b[", ""))


def test_home_is_a_tilde() -> None:
    assert view.place("/home/ann/src", "/home/ann") == "~/src"
    assert view.place("/home/anna", "/home/ann") == "/home/anna"


@given(st.binary(max_size=300))
def test_any_spool_can_be_read(data: bytes) -> None:
    part = data.replace(b"\xff", b"\0deja1\0start=1\0cmd=x\0\0")
    assert all(isinstance(found, answer.Row) for found in _rows_of(part))


def _rows_of(data: bytes) -> list[answer.Row]:
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"deja-test-spool-{os.getpid()}"
    path.write_bytes(data)
    try:
        return offline._records(str(path))
    finally:
        path.unlink()


def searched(disk: offline.Disk, query: str) -> answer.Answer:
    disk.ask(query)
    found = disk.work()
    while disk.working:
        found = disk.work()
    return found


def record(start: float, command: str) -> bytes:
    fields: list[tuple[str, str | int | float]] = [
        ("start", f"{start:.6f}"),
        ("exit", 0),
        ("cwd", "/w"),
        ("cmd", command),
    ]
    return b"\0deja1\0" + protocol.encode(fields)


def test_the_disk_finds_the_newest_and_most_used_first(tmp_path: Path) -> None:
    from backend.storage.store import Store
    from backend.wire.record import Record

    now = time.time()
    store = Store(tmp_path / "history.db")
    store.add([Record("git push", now - 5.5 * 86400 - at, 1, 0, "/a") for at in range(40)])
    store.add([Record("git pull", now - 4 * 86400, 1, 0, "/a"), Record("ls", now, 1, 0, "/a")])
    store.close()
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "h.1.1").write_bytes(record(now, "git new") + record(now, "torn")[:-9])
    disk = offline.Disk(str(tmp_path))
    assert [row.command for row in searched(disk, "GIT").rows] == [
        "git new",
        "git push",
        "git pull",
    ]
    assert [row.command for row in searched(disk, "ls").rows] == ["ls"]
    assert searched(disk, "exit:0 ls").note == "filters need the daemon"


def test_the_disk_shows_the_nearest_when_no_command_holds_all(tmp_path: Path) -> None:
    (tmp_path / "spool").mkdir()
    told = ("docker ps -a", "docker logs web", "git log", "anna", "grep -n docker logs.txt")
    lines = [record(100.0 - at, command) for at, command in enumerate(told)]
    (tmp_path / "spool" / "h.1.1").write_bytes(b"".join(lines))
    disk = offline.Disk(str(tmp_path))

    def found(query: str) -> list[str]:
        return [row.command for row in searched(disk, query).rows]

    assert found("docker logs zebra") == ["docker logs web", "grep -n docker logs.txt"]
    assert searched(disk, "docker logs zebra").note == "no command holds all of it; the nearest:"
    assert found("docker logs -grep zebra") == ["docker logs web"]
    assert found('docker "logs web" zebra') == ["docker logs web"]
    assert found('docker logs "no such text"') == []
    assert found("docker logs") == ["docker logs web", "grep -n docker logs.txt"]
    assert searched(disk, "docker logs").note == ""
    assert found("list an archive") == []
    assert found("zebra") == []


def test_a_damaged_store_leaves_the_spool(tmp_path: Path) -> None:
    (tmp_path / "history.db").write_bytes(b"not a database" * 100)
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "h.1.1").write_bytes(record(1.0, "echo spooled"))
    assert [row.command for row in searched(offline.Disk(str(tmp_path)), "").rows] == [
        "echo spooled"
    ]


def test_nothing_on_disk_is_nothing_found(tmp_path: Path) -> None:
    assert searched(offline.Disk(str(tmp_path / "none")), "x").rows == []


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"garbage", b"v=1\0pid=1\0\0", b"v=2\0socket=/x\0\0", b"v=1\0socket=/x\0\0"],
)
def test_a_rendezvous_that_leads_nowhere(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "daemon").write_bytes(content)
    with pytest.raises(Unusable):
        Daemon(str(tmp_path))


def test_a_reply_with_odd_numbers() -> None:
    row = answer.row({"command": "x", "exit": "nan", "runs": "1e999", "last_run": "inf"})
    assert (row.exit, row.runs, row.last_run) == (None, None, None)
