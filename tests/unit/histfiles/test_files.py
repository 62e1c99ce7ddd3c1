"""History files as real shells and other tools write them, and as damage leaves them."""

import io
import os
import random
import sqlite3
import subprocess
import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.written import write_zsh

from backend.histfiles import formats
from backend.histfiles.files import FORMATS, Entry, HistoryFile, HistoryFileError, detect
from backend.histfiles.formats import PARSERS, metafy, unmetafy
from backend.histfiles.sources import Source, sources

COMMANDS = [
    b"ls -la",
    b": true",
    b": 1700000000:0;looks like a header",
    b"echo ends in a backslash\\",
    b"echo backslash and space\\ ",
    b"echo backslash and spaces\\   ",
    b"echo two \\\\",
    b"for f in *\ndo echo $f\ndone",
    b"echo continued \\\n  here",
    b"echo odd\\\\\nnext",
    "echo Ünïcödé 日本 🎉".encode(),
    b"printf '" + bytes(range(1, 10)) + bytes(range(0x80, 0x100)) + b"'",
    b"cat <<E\nbody\\\n\n  indented\nE",
    b"print trailing newline\n",
    b" leading space",
    b"trailing space ",
    b"#not a timestamp",
    b"#1700000000 and more",
]

WRITE_BASH = """
HISTSIZE=10000 HISTFILESIZE=10000 HISTCONTROL=
[ "$3" ] && HISTTIMEFORMAT='%F %T '
shopt -s cmdhist lithist
while IFS= read -r -d '' command; do history -s -- "$command"; done < "$2"
history -w "$1"
"""

as_bytes = st.binary().filter(lambda text: text.strip() and b"\0" not in text)


def read(path: Path, format: str) -> list[Entry]:
    return list(HistoryFile(path, format))


def commands_of(entries: Iterable[Entry]) -> list[bytes]:
    return [entry.command.encode("utf-8", "surrogateescape") for entry in entries]


def write_bash(folder: Path, commands: list[bytes], *, timestamps: bool) -> Path:
    (folder / "script").write_text(WRITE_BASH)
    (folder / "commands").write_bytes(b"".join(command + b"\0" for command in commands))
    environ = {"HOME": str(folder), "PATH": os.environ["PATH"], "LC_ALL": "C"}
    arguments = [str(folder / "history"), str(folder / "commands"), "yes" if timestamps else ""]
    subprocess.run(
        ["bash", "--norc", str(folder / "script"), *arguments], env=environ, check=True, timeout=60
    )
    return folder / "history"


def file_of(folder: Path, content: bytes, name: str = "history") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


# zsh


@pytest.mark.parametrize("option", ["extendedhistory", "noextendedhistory"])
def test_a_real_zsh_history_reads_back_exactly(tmp_path: Path, option: str) -> None:
    path = write_zsh(tmp_path, COMMANDS, option)
    history = HistoryFile(path, "zsh")
    entries = list(history)
    assert commands_of(entries) == COMMANDS
    assert history.unreadable == 0
    assert all((entry.start is not None) == (option == "extendedhistory") for entry in entries)
    assert detect(path) == "zsh"


@pytest.mark.parametrize("option", ["extendedhistory", "noextendedhistory"])
def test_random_bytes_through_a_real_zsh(tmp_path: Path, option: str) -> None:
    """Bytes that matter to the format, over-represented: zsh is the judge, not our encoder."""
    chance = random.Random(5)
    alphabet = b"ab \\\n:;#'\x83\x84\xa2\xa3\xc3\x9f\x20"
    commands = [
        # A letter first: a blank entry is left out, and `\:` at the start is ambiguous in zsh.
        b"%d" % n + bytes(chance.choices(alphabet, k=chance.randrange(1, 30)))
        for n in range(500)
    ]
    assert commands_of(read(write_zsh(tmp_path, commands, option), "zsh")) == commands


def test_zsh_plain_and_extended_in_one_file(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"ls\n: 1700000000:7;make\\\ntest\n\\: no-op\n: 0:0;pwd\n")
    assert read(path, "zsh") == [
        Entry("ls"),
        Entry("make\ntest", 1700000000.0, 7.0),
        Entry(": no-op"),
        Entry("pwd"),
    ]


def test_zsh_file_that_ends_in_the_middle_of_an_entry(tmp_path: Path) -> None:
    assert read(file_of(tmp_path, b": 1700000000:0;one\\\n"), "zsh") == [Entry("one", 1700000000.0)]


def test_zsh_reads_utf8_that_another_program_appended(tmp_path: Path) -> None:
    """As when a bash history was added to it: `у` and a space would read as NUL."""
    texts = ["echo ムード Ã", "echo почему нет"]
    path = file_of(tmp_path, "\n".join(texts).encode())
    assert [entry.command for entry in read(path, "zsh")] == texts


@given(st.binary())
def test_unmetafy_reverses_metafy(text: bytes) -> None:
    stored = metafy(text)
    assert b"\0" not in stored
    assume(not ambiguous(text))
    assert unmetafy(stored) == text


def ambiguous(command: bytes) -> bool:
    """Invalid UTF-8 which zsh stores as bytes that happen to be valid."""
    try:
        metafy(command).decode()
        command.decode()
    except UnicodeDecodeError as error:
        return error.object == command
    return False


def encode_zsh(command: bytes, start: int | None) -> bytes:
    """savehistfile of zsh's Src/hist.c."""
    text = metafy(command).replace(b"\n", b"\\\n")
    if text.rstrip(b" ").endswith(b"\\"):
        text += b" "
    if start is not None:
        return b": %d:0;%s\n" % (start, text)
    return (b"\\" if text.startswith(b":") else b"") + text + b"\n"


@given(st.lists(st.tuples(as_bytes, st.none() | st.integers(1, 2**33))))
def test_zsh_round_trip(entries: list[tuple[bytes, int | None]]) -> None:
    entries = [
        (command, start)
        for command, start in entries
        if (start is not None or not command.startswith(b"\\:")) and not ambiguous(command)
    ]
    content = b"".join(encode_zsh(command, start) for command, start in entries)
    parsed = list(formats.parse_zsh(io.BytesIO(content)))
    assert [(command, start) for command, start, _ in parsed] == entries


# bash


def test_a_real_bash_history_with_timestamps(tmp_path: Path) -> None:
    path = write_bash(tmp_path, COMMANDS, timestamps=True)
    entries = read(path, "bash")
    assert commands_of(entries) == COMMANDS
    assert all(entry.start for entry in entries)
    assert detect(path) == "bash"


def test_a_real_bash_history_without_timestamps(tmp_path: Path) -> None:
    """Multi-line commands cannot be told apart there: each line is one."""
    single = [command for command in COMMANDS if b"\n" not in command]
    entries = read(write_bash(tmp_path, single, timestamps=False), "bash")
    assert commands_of(entries) == single
    assert all(entry.start is None for entry in entries)


def test_bash_untimed_lines_come_before_timestamps(tmp_path: Path) -> None:
    path = file_of(
        tmp_path, b"ls\n# note\n#12\n#1700000000\nfor x in 1\ndo y\ndone\n#1700000009\nw"
    )
    assert read(path, "bash") == [
        Entry("ls"),
        Entry("# note"),
        Entry("#12"),
        Entry("for x in 1\ndo y\ndone", 1700000000.0),
        Entry("w", 1700000009.0),
    ]


def test_bash_lines_that_a_shell_without_timestamps_appended(tmp_path: Path) -> None:
    lines = [f"command {n}" for n in range(400)]
    content = "#1700000000\n" + "\n".join(lines) + "\n#1700000001\nlast\n"
    entries = read(file_of(tmp_path, content.encode()), "bash")
    assert [entry.command for entry in entries] == [*lines, "last"]
    assert [entry.start for entry in entries] == [1700000000.0, *[None] * 399, 1700000001.0]


@given(st.lists(st.tuples(as_bytes, st.integers(10**8, 10**10))))
def test_bash_round_trip(entries: list[tuple[bytes, int]]) -> None:
    entries = [
        (command, start)
        for command, start in entries
        if not any(formats.BASH_TIMESTAMP.match(line) for line in command.split(b"\n"))
    ]
    content = b"".join(b"#%d\n%s\n" % (start, command) for command, start in entries)
    parsed = list(formats.parse_bash(io.BytesIO(content)))
    assert [(command, start) for command, start, _ in parsed] == entries


# fish and plain lines


def test_fish(tmp_path: Path) -> None:
    path = file_of(
        tmp_path,
        b"- cmd: git add a.txt\n  when: 1700000000\n  paths:\n    - a.txt\n"
        b"- cmd: for x in 1 2\\n  echo a\\\\nb\\nend\n  when: 1700000005\n- cmd: untimed\n",
    )
    assert read(path, "fish") == [
        Entry("git add a.txt", 1700000000.0),
        Entry("for x in 1 2\n  echo a\\nb\nend", 1700000005.0),
        Entry("untimed"),
    ]
    assert detect(path) == "fish"


@given(st.lists(st.tuples(as_bytes, st.none() | st.integers(1, 10**10))))
def test_fish_round_trip(entries: list[tuple[bytes, int | None]]) -> None:
    content = b""
    for command, start in entries:
        content += b"- cmd: " + command.replace(b"\\", b"\\\\").replace(b"\n", b"\\n") + b"\n"
        content += b"  when: %d\n" % start if start else b""
    parsed = list(formats.parse_fish(io.BytesIO(content)))
    assert [(command, start) for command, start, _ in parsed] == entries


def test_lines(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"ls\r\n\n   \npwd \n\xff\xfe bytes")
    assert commands_of(read(path, "lines")) == [b"ls", b"pwd ", b"\xff\xfe bytes"]
    assert detect(path) == "lines"


# every text format


@given(
    st.sampled_from(sorted(PARSERS)), st.binary() | st.text(" \n\\:;#-0123cmdwhen").map(str.encode)
)
def test_no_bytes_stop_a_parser(format: str, content: bytes) -> None:
    for command, start, duration in PARSERS[format](io.BytesIO(content)):
        assert isinstance(command, bytes)
        assert start is None or start > 0
        assert duration is None or duration > 0


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
    assert [entry.command for entry in history] == ["one", "four"]
    assert history.unreadable == 2


@pytest.mark.parametrize("format", sorted(PARSERS))
def test_an_endless_line_is_counted_and_not_kept(tmp_path: Path, format: str) -> None:
    mark = b"- cmd: " if format == "fish" else b""
    path = file_of(tmp_path, mark + b"one\n" + b"x" * 40_000_000 + b"\n" + mark + b"two\n")
    tracemalloc.start()
    history = HistoryFile(path, format)
    assert [entry.command for entry in history] == ["one", "two"]
    assert history.unreadable == 1
    assert tracemalloc.get_traced_memory()[1] < 8_000_000
    tracemalloc.stop()


def test_endless_continuation_is_counted_and_not_kept(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"one\n" + b"x\\\n" * 2_000_000 + b"\ntwo\n")
    history = HistoryFile(path, "zsh")
    assert [entry.command for entry in history] == ["one", "two"]
    assert history.unreadable == 1


def test_a_large_file_streams(tmp_path: Path) -> None:
    path = tmp_path / "history"
    with path.open("wb") as file:
        for n in range(200_000):
            file.write(b": %d:0;git commit -m 'message number %d'\n" % (1_600_000_000 + n, n))
    tracemalloc.start()
    history = HistoryFile(path, "zsh")
    assert sum(1 for _ in history) == 200_000
    assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()
    assert history.done == history.size == path.stat().st_size


# identity across imports


def keys(path: Path, format: str) -> set[tuple[str, float | None, int]]:
    return {(entry.command, entry.start, entry.occurrence) for entry in read(path, format)}


def test_keys_are_unique_and_stable_when_a_file_grows_and_is_trimmed(tmp_path: Path) -> None:
    timed = [
        b": %d:0;%s\n" % (1_700_000_000 + n // 3, b"ls" if n % 2 else b"pwd") for n in range(90)
    ]
    before = keys(file_of(tmp_path, b"".join(timed[:60])), "zsh")
    grown = keys(file_of(tmp_path, b"".join(timed)), "zsh")
    trimmed = keys(file_of(tmp_path, b"".join(timed[30:])), "zsh")
    assert len(before) == 60
    assert len(grown) == 90
    assert before < grown
    assert trimmed < grown


def test_untimed_counts_are_the_largest_seen(tmp_path: Path) -> None:
    first = keys(file_of(tmp_path, b"ls\nls\npwd\nls\n"), "lines")
    trimmed_and_grown = keys(file_of(tmp_path, b"ls\npwd\nls\ngit log\n"), "lines")
    union = first | trimmed_and_grown
    counts = {
        command: sum(key[0] == command for key in union) for command in ("ls", "pwd", "git log")
    }
    assert counts == {"ls": 3, "pwd": 1, "git log": 1}


# other tools


def database(path: Path, *statements: str) -> Path:
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return path


ATUIN = (
    "CREATE TABLE history (id text primary key, timestamp integer not null, duration integer not "
    "null, exit integer not null, command text not null, cwd text not null, session text not null, "
    "hostname text not null, deleted_at integer, unique(timestamp, cwd, command))"
)


def test_atuin(tmp_path: Path) -> None:
    path = database(
        tmp_path / "history.db",
        ATUIN,
        "INSERT INTO history VALUES ('a', 1700000001500000000, 2500000000, 1, 'make', '/src', 's1',"
        " 'box:me', NULL)",
        "INSERT INTO history VALUES ('b', 1700000000000000000, -1, -1, 'sleep 9', '/', 's1',"
        " 'box:me', NULL)",
        "INSERT INTO history VALUES ('c', 1700000003000000000, 1, 0, 'gone', '/', 's1', 'h:u', 7)",
        "INSERT INTO history VALUES ('d', 1700000004000000000, 1, 0, CAST(x'66ff' AS TEXT), '/',"
        " 's1', 'box:me', NULL)",
    )
    assert detect(path) == "atuin"
    assert read(path, "atuin") == [
        Entry("sleep 9", 1700000000.0, None, None, "/", "s1", "box"),
        Entry("make", 1700000001.5, 2.5, 1, "/src", "s1", "box"),
        Entry("f\udcff", 1700000004.0, 1e-9, 0, "/", "s1", "box"),
    ]


def test_atuin_before_it_had_deletion(tmp_path: Path) -> None:
    path = database(
        tmp_path / "history.db",
        "CREATE TABLE history (id text, timestamp integer, duration integer, exit integer,"
        " command text, cwd text, session text, hostname text)",
        "INSERT INTO history VALUES ('a', 1700000000000000000, 1000000000, 0, 'ls', '/', 's', 'h')",
    )
    assert read(path, detect(path)) == [Entry("ls", 1700000000.0, 1.0, 0, "/", "s", "h")]


def test_mcfly(tmp_path: Path) -> None:
    path = database(
        tmp_path / "history.db",
        "CREATE TABLE commands (id INTEGER PRIMARY KEY AUTOINCREMENT, cmd TEXT NOT NULL, cmd_tpl,"
        " session_id TEXT NOT NULL, when_run INTEGER NOT NULL, exit_code INTEGER NOT NULL,"
        " selected INTEGER NOT NULL, dir TEXT, old_dir TEXT)",
        "INSERT INTO commands VALUES (1, 'cargo test', 'c', 'q', 1700000000, 101, 0, '/x', NULL)",
    )
    assert detect(path) == "mcfly"
    assert read(path, "mcfly") == [Entry("cargo test", 1700000000.0, None, 101, "/x", "q")]


def test_hishtory(tmp_path: Path) -> None:
    path = database(
        tmp_path / ".hishtory.db",
        "CREATE TABLE history_entries (local_username text, hostname text, command text,"
        " current_working_directory text, home_directory text, exit_code integer,"
        " start_time datetime, end_time datetime, device_id text, entry_id text)",
        "INSERT INTO history_entries VALUES ('me', 'box', 'make', '~/src', '/home/me', 2,"
        " '2023-11-14 23:13:20.123456789+01:00', '2023-11-14 22:13:21.623456789+00:00', 'd', 'e')",
        "INSERT INTO history_entries VALUES ('me', 'box', 'odd', '/', '/home/me', 0, 'never', NULL,"
        " 'd', 'f')",
    )
    assert detect(path) == "hishtory"
    first, second = read(path, "hishtory")
    assert first == Entry("make", first.start, first.duration, 2, "~/src", None, "box")
    assert first.start == pytest.approx(1700000000.123456)
    assert first.duration == pytest.approx(1.5)
    assert second == Entry("odd", None, None, 0, "/", None, "box")


def test_zsh_histdb(tmp_path: Path) -> None:
    path = database(
        tmp_path / "zsh-history.db",
        "CREATE TABLE commands (id integer primary key autoincrement, argv text)",
        "CREATE TABLE places (id integer primary key autoincrement, host text, dir text)",
        "CREATE TABLE history (id integer primary key autoincrement, session int, command_id int,"
        " place_id int, exit_status int, start_time int, duration int)",
        "INSERT INTO commands VALUES (1, 'git pull'), (2, x'ff00')",
        "INSERT INTO places VALUES (1, 'box', '/src')",
        "INSERT INTO history VALUES (1, 4, 1, 1, 0, 1700000000, 3), (2, 4, 2, 9, NULL, 0, NULL)",
    )
    assert detect(path) == "histdb"
    history = HistoryFile(path, "histdb")
    assert list(history) == [Entry("git pull", 1700000000.0, 3.0, 0, "/src", "4", "box")]
    assert history.unreadable == 1


def test_a_database_in_use_is_read_and_left_as_it_was(tmp_path: Path) -> None:
    """In write-ahead mode, with a row that only the log holds; nothing is checkpointed."""
    path = tmp_path / "history.db"
    owner = sqlite3.connect(path)
    owner.execute("PRAGMA journal_mode=WAL")
    owner.execute(ATUIN)
    owner.execute("INSERT INTO history VALUES ('a', 17, 1, 0, 'ls', '/', 's', 'h', NULL)")
    owner.commit()
    before = path.read_bytes()
    assert [entry.command for entry in read(path, "atuin")] == ["ls"]
    assert path.read_bytes() == before
    owner.close()


def test_a_damaged_database_gives_what_it_can(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE commands (cmd TEXT, when_run INTEGER)")
    connection.executemany(
        "INSERT INTO commands VALUES (?, ?)", [("x" * 500, 1_700_000_000 + n) for n in range(2000)]
    )
    connection.commit()
    connection.close()
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = b"\xff" * (len(content) - len(content) // 2)
    path.write_bytes(content)
    history = HistoryFile(path, "mcfly")
    assert 0 < len(list(history)) < 2000
    assert history.damaged


# errors, detection, finding


@pytest.mark.parametrize("format", FORMATS)
def test_a_missing_file_is_an_error(tmp_path: Path, format: str) -> None:
    with pytest.raises(HistoryFileError, match="none"):
        read(tmp_path / "none", format)


@pytest.mark.parametrize("format", ["atuin", "mcfly", "hishtory", "histdb"])
def test_a_file_that_is_no_such_database_is_an_error(tmp_path: Path, format: str) -> None:
    with pytest.raises(HistoryFileError, match=format):
        read(file_of(tmp_path, b"ls\n" * 500), format)
    with pytest.raises(HistoryFileError, match=format):
        read(database(tmp_path / "other.db", "CREATE TABLE notes (text)"), format)


def test_an_unknown_format_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(HistoryFileError, match="lines"):
        HistoryFile(tmp_path / "x", "csv")


def test_an_unknown_database_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(HistoryFileError, match="--format lines"):
        detect(database(tmp_path / "other.db", "CREATE TABLE notes (text)"))


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        (".zsh_history", b"ls\npwd\n", "zsh"),
        (".histfile", b"ls\npwd\n", "zsh"),
        (".bash_history", b"ls\npwd\n", "bash"),
        ("commands.txt", b"ls\npwd\n", "lines"),
        ("commands.txt", b"", "lines"),
        ("h", b"ls\n" * 40_000 + b"#1700000000\nls\n", "bash"),
        ("h", b"ls\n" * 40_000 + b": 1700000000:0;ls\n", "zsh"),
    ],
)
def test_detect(tmp_path: Path, name: str, content: bytes, format: str) -> None:
    assert detect(file_of(tmp_path, content, name)) == format


def test_sources_finds_each_history_once(tmp_path: Path) -> None:
    home = tmp_path / "a home"
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
    database(home / "atuin.db", ATUIN)
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


def test_sources_of_an_empty_home(tmp_path: Path) -> None:
    assert sources({}, tmp_path) == []
