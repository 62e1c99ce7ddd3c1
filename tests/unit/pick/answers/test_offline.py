"""The search on disk: what is there is found, damaged or not."""

import os
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.redaction.mask import MARK
from backend.wire import protocol
from backend.wire.row import Row
from shell_plugin.pick.answers import offline
from shell_plugin.pick.answers.answer import Answer


@given(st.binary(max_size=300))
def test_any_spool_can_be_read(data: bytes) -> None:
    part = data.replace(b"\xff", b"\0deja1\0start=1\0cmd=x\0\0")
    assert all(isinstance(found, Row) for found in _rows_of(part))


def _rows_of(data: bytes) -> list[Row]:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "h.1.1"
        path.write_bytes(data)
        return offline._records(str(path))


def searched(disk: offline.Disk, query: str) -> Answer:
    disk.ask((query, "", ()))
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
    assert searched(disk, "exit:0 ls").hint == "filters need the daemon"


def test_the_disk_shows_the_nearest_when_no_command_holds_all(tmp_path: Path) -> None:
    (tmp_path / "spool").mkdir()
    told = ("docker ps -a", "docker logs web", "git log", "anna", "grep -n docker logs.txt")
    lines = [record(100.0 - at, command) for at, command in enumerate(told)]
    (tmp_path / "spool" / "h.1.1").write_bytes(b"".join(lines))
    disk = offline.Disk(str(tmp_path))

    def found(query: str) -> list[str]:
        return [row.command for row in searched(disk, query).rows]

    assert found("docker logs zebra") == ["docker logs web", "grep -n docker logs.txt"]
    assert searched(disk, "docker logs zebra").hint == "no command holds all of it; the nearest:"
    assert found("docker logs -grep zebra") == ["docker logs web"]
    assert found('docker "logs web" zebra') == ["docker logs web"]
    assert found('docker logs "no such text"') == []
    assert found("docker logs") == ["docker logs web", "grep -n docker logs.txt"]
    assert searched(disk, "docker logs").hint == ""
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


def test_what_is_not_masked_yet_is_masked_or_left_out(tmp_path: Path) -> None:
    (tmp_path / "spool").mkdir()
    typed = ["mysql -phunter2 shop", "echo one; " + "x" * 5000 + " --password hunter2", "echo two"]
    spooled = b"".join(record(at, command) for at, command in enumerate(typed, 1))
    (tmp_path / "spool" / "h.1.1").write_bytes(spooled)
    disk = offline.Disk(str(tmp_path))
    commands = [row.command for row in searched(disk, "").rows]
    assert sorted(commands) == ["echo two", f"mysql -p{MARK} shop"]
    assert searched(disk, "hunter2").rows == []


@pytest.mark.parametrize("name", ["history.db", "spool/h.1.1"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path, name: str) -> None:
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "h.2.2").write_bytes(record(1.0, "ls"))
    os.mkfifo(tmp_path / name)
    assert [row.command for row in searched(offline.Disk(str(tmp_path)), "ls").rows] == ["ls"]
