"""The spool: complete records are never lost, torn ones spoil nothing but themselves."""

import os
import subprocess
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.install import record_bytes

from backend.storage import spool
from backend.storage.spool import HEAD_BYTES, Progress, Reader, parse

HOST = spool.host_name()
LIVE = f"{HOST}.{os.getpid()}.1700000000000000"

commands = st.lists(st.binary(min_size=1).filter(lambda data: b"\0" not in data), max_size=8)
# Whatever a failed write may leave: anything that does not hold a mark or a record's end.
torn = st.binary(max_size=40).map(
    lambda data: b"\0deja1\0start=1\0cmd=" + data.replace(b"\0", b"?")
)


def dead_pid() -> int:
    child = subprocess.Popen(["true"])
    child.wait()
    return child.pid


def read_all(reader: Reader) -> list[str]:
    found = []
    for chunk in reader.read():
        found += [record.command for record in chunk.records]
        reader.advance(chunk)
    return found


def as_text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


@given(commands)
def test_whole_records_come_back(given_commands: list[bytes]) -> None:
    data = b"".join(map(record_bytes, given_commands))
    records, _, damaged, used = parse(data)
    assert [record.command for record in records] == list(map(as_text, given_commands))
    assert (damaged, used) == (0, len(data))


@given(
    st.lists(st.binary(min_size=1).filter(lambda d: b"\0" not in d), min_size=1, max_size=5),
    st.data(),
)
def test_a_file_cut_anywhere_yields_its_whole_records_and_later_the_rest(
    given_commands: list[bytes], data: st.DataObject
) -> None:
    stream = b"".join(map(record_bytes, given_commands))
    cut = data.draw(st.integers(0, len(stream)))
    first, _, _, used = parse(stream[:cut])
    second, _, damaged, rest = parse(stream[used:])
    assert [r.command for r in first + second] == list(map(as_text, given_commands))
    assert damaged == 0
    assert used + rest == len(stream)


@given(
    st.lists(st.tuples(torn, st.binary(min_size=1).filter(lambda d: b"\0" not in d)), min_size=1)
)
def test_torn_records_between_cost_only_themselves(pairs: list[tuple[bytes, bytes]]) -> None:
    data = b"".join(broken + record_bytes(command) for broken, command in pairs)
    records, _, damaged, used = parse(data)
    assert [record.command for record in records] == [as_text(command) for _, command in pairs]
    assert damaged == len(pairs)
    assert used == len(data)


def test_a_record_without_its_last_nul_is_torn_and_spoils_nothing() -> None:
    """Its shell was told that the write failed, and writes it again."""
    torn, whole = record_bytes(b"torn"), record_bytes(b"whole")
    records, _, damaged, used = parse(torn[:-1] + whole)
    assert [record.command for record in records] == ["whole"]
    assert (damaged, used) == (1, len(torn) - 1 + len(whole))


@given(st.binary())
def test_garbage_never_crashes(data: bytes) -> None:
    _, _, damaged, used = parse(data)
    assert damaged >= 0
    assert 0 <= used <= len(data)


@given(st.binary(), st.binary(min_size=1).filter(lambda data: b"\0" not in data))
def test_a_record_behind_garbage_is_found(garbage: bytes, command: bytes) -> None:
    record = record_bytes(command)
    # A mark begins with the NUL that may also end the garbage: the record starts at its own.
    found, _, _, _ = parse(garbage + record)
    assert found
    assert found[-1].command == as_text(command)


def test_each_record_is_read_once_across_readers(tmp_path: Path) -> None:
    file = tmp_path / LIVE
    file.write_bytes(record_bytes("one"))
    reader = Reader(tmp_path, {})
    chunks = list(reader.read())
    assert [record.command for chunk in chunks for record in chunk.records] == ["one"]
    # Not advanced: the commit failed, so it comes again.
    assert read_all(Reader(tmp_path, {})) == ["one"]
    reader = Reader(tmp_path, {LIVE: chunks[0].progress})
    assert read_all(reader) == []
    with file.open("ab") as appended:
        appended.write(record_bytes("two"))
    assert read_all(reader) == ["two"]
    assert read_all(reader) == []


def test_a_commit_that_fails_leaves_the_file_to_be_read_again(tmp_path: Path) -> None:
    (tmp_path / LIVE).write_bytes(record_bytes("one"))
    reader = Reader(tmp_path, {})
    for _ in reader.read():
        break  # the consumer raised before it could advance
    assert read_all(reader) == ["one"]


def test_a_file_made_again_under_its_name_is_read_from_the_start(tmp_path: Path) -> None:
    file = tmp_path / LIVE
    file.write_bytes(record_bytes("before"))
    reader = Reader(tmp_path, {})
    assert read_all(reader) == ["before"]
    file.unlink()
    file.write_bytes(record_bytes("after!"))  # of the same length
    assert read_all(reader) == ["after!"]


def test_wiping_spares_a_file_made_again(tmp_path: Path) -> None:
    file = tmp_path / LIVE
    file.write_bytes(record_bytes("before") * 2)
    reader = Reader(tmp_path, {})
    read_all(reader)
    file.unlink()
    file.write_bytes(record_bytes("after, and never read so far"))
    reader.wipe()
    assert read_all(reader) == ["after, and never read so far"]
    assert reader.has_unwiped()
    reader.wipe()
    assert b"never read" not in file.read_bytes()


def test_wiping_removes_text_and_keeps_the_place(tmp_path: Path) -> None:
    file = tmp_path / LIVE
    file.write_bytes(record_bytes("curl -u me:hunter2 example.org"))
    reader = Reader(tmp_path, {})
    read_all(reader)
    size = file.stat().st_size
    assert reader.wipe() == []
    assert b"hunter2" not in file.read_bytes()
    assert b"curl" not in file.read_bytes()
    assert file.stat().st_size == size
    assert not reader.has_unwiped()
    with file.open("ab") as appended:
        appended.write(record_bytes("next"))
    assert read_all(reader) == ["next"]


def test_the_head_holds_no_text_of_a_command() -> None:
    record = b"\0deja1\0start=1700000000.123456\0cmd=secret\0\0"
    assert b"cmd" not in record[:HEAD_BYTES]


def test_the_file_of_a_dead_shell_goes_when_it_was_read(tmp_path: Path) -> None:
    name = f"{HOST}.{dead_pid()}.1700000000000000"
    (tmp_path / name).write_bytes(record_bytes("last words"))
    reader = Reader(tmp_path, {})
    assert read_all(reader) == ["last words"]
    assert reader.wipe() == [name]
    assert not (tmp_path / name).exists()


def test_what_a_dead_shell_left_unread_stays(tmp_path: Path) -> None:
    name = f"{HOST}.{dead_pid()}.1700000000000000"
    file = tmp_path / name
    file.write_bytes(record_bytes("one"))
    reader = Reader(tmp_path, {})
    read_all(reader)
    with file.open("ab") as appended:
        appended.write(record_bytes("two"))
    assert reader.wipe() == []
    assert read_all(reader) == ["two"]


def test_what_a_dead_shell_left_torn_goes_and_is_counted(tmp_path: Path) -> None:
    name = f"{HOST}.{dead_pid()}.1700000000000000"
    (tmp_path / name).write_bytes(record_bytes("whole") + record_bytes("mysql -phunter2")[:-2])
    reader = Reader(tmp_path, {})
    assert read_all(reader) == ["whole"]
    assert reader.wipe() == [name]
    assert not (tmp_path / name).exists()
    assert reader.damaged == 1


def test_a_torn_end_of_a_live_shell_stays(tmp_path: Path) -> None:
    file = tmp_path / LIVE
    whole = record_bytes("in two writes")
    file.write_bytes(whole[:30])
    reader = Reader(tmp_path, {})
    assert read_all(reader) == []
    assert reader.wipe() == []
    with file.open("ab") as appended:
        appended.write(whole[30:])
    assert read_all(reader) == ["in two writes"]


def test_files_of_another_machine_are_kept_a_week(tmp_path: Path) -> None:
    file = tmp_path / "elsewhere.1.1700000000000000"
    file.write_bytes(record_bytes("there"))
    reader = Reader(tmp_path, {})
    assert read_all(reader) == ["there"]
    assert reader.wipe() == []
    week_ago = file.stat().st_mtime - 8 * 86400
    os.utime(file, (week_ago, week_ago))
    read_all(reader)
    assert reader.wipe() == [file.name]


def test_the_scratch_file_of_bash_is_no_spool(tmp_path: Path) -> None:
    live, dead = tmp_path / f".line.{LIVE}", tmp_path / f".line.{HOST}.{dead_pid()}.17"
    for file in (live, dead):
        file.write_bytes(record_bytes("scratch"))
    reader = Reader(tmp_path, {})
    assert read_all(reader) == []
    reader.wipe()
    assert live.exists()
    assert not dead.exists()
    assert reader.damaged == 0


def test_links_and_directories_are_left_alone(tmp_path: Path) -> None:
    directory = tmp_path / "spool"
    directory.mkdir()
    target = tmp_path / "target"
    target.write_bytes(record_bytes("elsewhere"))
    (directory / LIVE).symlink_to(target)
    (directory / "a directory").mkdir()
    assert read_all(Reader(directory, {})) == []


def test_no_directory_is_an_empty_spool(tmp_path: Path) -> None:
    assert read_all(Reader(tmp_path / "none", {})) == []


def test_a_file_larger_than_a_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "CHUNK_BYTES", 1000)
    texts = [f"command {number} {'x' * (number * 37 % 3000)}" for number in range(60)]
    (tmp_path / LIVE).write_bytes(b"".join(map(record_bytes, texts)))
    assert read_all(Reader(tmp_path, {})) == texts


def test_wiping_beside_a_shell_that_appends_loses_nothing(tmp_path: Path) -> None:
    """The writer opens, appends and closes as the hooks do, while the reader reads and wipes."""
    file, count = tmp_path / LIVE, 2000
    texts = [f"command {number}" for number in range(count)]

    def write() -> None:
        for text in texts:
            data = record_bytes(text)
            with os.fdopen(
                os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab"
            ) as out:
                out.write(data)

    writer = threading.Thread(target=write)
    reader, found = Reader(tmp_path, {}), []
    writer.start()
    while writer.is_alive():
        found += read_all(reader)
        reader.wipe()
    writer.join()
    found += read_all(reader)
    assert found == texts
    assert reader.damaged == 0


def test_progress_of_a_shorter_head(tmp_path: Path) -> None:
    """A file that was shorter than a head when it was first read is the same file still."""
    (tmp_path / LIVE).write_bytes(record_bytes("one") + record_bytes("two"))
    data = (tmp_path / LIVE).read_bytes()
    offset = len(data) // 2
    reader = Reader(tmp_path, {LIVE: Progress(LIVE, data[:10], offset)})
    assert read_all(reader) == ["two"]
