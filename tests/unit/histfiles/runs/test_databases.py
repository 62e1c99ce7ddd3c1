"""Databases of other tools: what each keeps, in what units, and what damage leaves of it."""

import sqlite3
from pathlib import Path

import pytest
from support.written import file_of

from backend.histfiles.formats import HistoryFileError, detect
from backend.histfiles.reader import HistoryFile
from backend.wire.record import Record


def read(path: Path, format: str) -> list[Record]:
    return list(HistoryFile(path, format))


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
        Record("sleep 9", 1700000000.0, None, None, "/", "s1", "box", "atuin"),
        Record("make", 1700000001.5, 2.5, 1, "/src", "s1", "box", "atuin"),
        Record("f\udcff", 1700000004.0, 1e-9, 0, "/", "s1", "box", "atuin"),
    ]


def test_atuin_before_it_had_deletion(tmp_path: Path) -> None:
    path = database(
        tmp_path / "history.db",
        "CREATE TABLE history (id text, timestamp integer, duration integer, exit integer,"
        " command text, cwd text, session text, hostname text)",
        "INSERT INTO history VALUES ('a', 1700000000000000000, 1000000000, 0, 'ls', '/', 's', 'h')",
    )
    assert read(path, detect(path)) == [Record("ls", 1700000000.0, 1.0, 0, "/", "s", "h", "atuin")]


def test_mcfly(tmp_path: Path) -> None:
    path = database(
        tmp_path / "history.db",
        "CREATE TABLE commands (id INTEGER PRIMARY KEY AUTOINCREMENT, cmd TEXT NOT NULL, cmd_tpl,"
        " session_id TEXT NOT NULL, when_run INTEGER NOT NULL, exit_code INTEGER NOT NULL,"
        " selected INTEGER NOT NULL, dir TEXT, old_dir TEXT)",
        "INSERT INTO commands VALUES (1, 'cargo test', 'c', 'q', 1700000000, 101, 0, '/x', NULL)",
    )
    assert detect(path) == "mcfly"
    assert read(path, "mcfly") == [
        Record("cargo test", 1700000000.0, None, 101, "/x", "q", None, "mcfly")
    ]


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
    assert first == Record(
        "make", first.start, first.duration, 2, "/home/me/src", None, "box", "hishtory"
    )
    assert first.start == pytest.approx(1700000000.123456)
    assert first.duration == pytest.approx(1.5)
    assert second == Record("odd", None, None, 0, "/", None, "box", "hishtory", nth=1)


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
    assert list(history) == [
        Record("git pull", 1700000000.0, 3.0, 0, "/src", "box:4", "box", "histdb")
    ]
    assert history.unreadable == 1


def test_nushell(tmp_path: Path) -> None:
    """The table as reedline's src/history/sqlite_backed.rs makes it."""
    path = database(
        tmp_path / "history.sqlite3",
        "CREATE TABLE history (id integer primary key autoincrement, command_line text not null,"
        " start_timestamp integer, session_id integer, hostname text, cwd text,"
        " duration_ms integer, exit_status integer, more_info text)",
        "INSERT INTO history VALUES (1, 'ls | length', 1700000000250, 1700000000249000000, 'box',"
        " '/src', 1500, 0, NULL)",
        "INSERT INTO history VALUES (2, 'from a text file', NULL, NULL, NULL, NULL, NULL, NULL,"
        " NULL)",
    )
    assert detect(path) == "nushell"
    assert read(path, "nushell") == [
        Record(
            *("ls | length", 1700000000.25, 1.5, 0, "/src"),
            *("1700000000249000000", "box", "nushell"),
        ),
        Record("from a text file", shell="nushell", nth=1),
    ]


def test_a_database_in_use_is_read_and_left_as_it_was(tmp_path: Path) -> None:
    """In write-ahead mode, with a row that only the log holds; nothing is checkpointed."""
    path = tmp_path / "history.db"
    owner = sqlite3.connect(path)
    owner.execute("PRAGMA journal_mode=WAL")
    owner.execute(ATUIN)
    owner.execute("INSERT INTO history VALUES ('a', 17, 1, 0, 'ls', '/', 's', 'h', NULL)")
    owner.commit()
    before = path.read_bytes()
    assert [record.command for record in read(path, "atuin")] == ["ls"]
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


@pytest.mark.parametrize("format", ["atuin", "mcfly", "hishtory", "histdb", "xonsh"])
def test_a_file_that_is_no_such_database_is_an_error(tmp_path: Path, format: str) -> None:
    with pytest.raises(HistoryFileError, match=format):
        read(file_of(tmp_path, b"ls\n" * 500), format)
    with pytest.raises(HistoryFileError, match=format):
        read(database(tmp_path / "other.db", "CREATE TABLE notes (text)"), format)


def test_a_write_ahead_log_that_cannot_be_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a directory that we may not write to: what the file itself holds is read."""
    path = database(tmp_path / "history.db", ATUIN, "PRAGMA journal_mode=WAL")
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO history VALUES ('a', 17, 1, 0, 'ls', '/', 's', 'h', NULL)")
    db.close()
    assert b"ls" in path.read_bytes()
    connect = sqlite3.connect

    class Unshared(sqlite3.Connection):
        def execute(self, *_: object) -> sqlite3.Cursor:
            raise sqlite3.OperationalError("unable to open database file")

    def unless_immutable(address: str, uri: bool) -> sqlite3.Connection:
        kind = sqlite3.Connection if "immutable=1" in address else Unshared
        return connect(address, uri=uri, factory=kind)

    monkeypatch.setattr(sqlite3, "connect", unless_immutable)
    assert [record.command for record in read(path, "atuin")] == ["ls"]


def test_values_of_other_types_are_unknown(tmp_path: Path) -> None:
    path = database(
        tmp_path / "history.db",
        "CREATE TABLE commands (cmd, when_run, exit_code, dir, session_id)",
        "INSERT INTO commands VALUES ('ls', 'soon', 'well', 7, 8)",
        "INSERT INTO commands VALUES (CAST('pwd' AS BLOB), 1700000000, -1, x'2f', NULL)",
        "INSERT INTO commands VALUES (NULL, 1700000000, 0, '/', NULL)",
        "INSERT INTO commands VALUES (7, 1700000000, 0, '/', NULL)",
    )
    history = HistoryFile(path, "mcfly")
    assert list(history) == [
        Record("ls", None, None, None, None, "8", None, "mcfly", nth=1),
        Record("pwd", 1700000000.0, None, None, None, None, None, "mcfly"),
    ]
    assert history.unreadable == 2
