"""zsh's history: a real zsh writes and reads it, before and after an edit; its lock is kept."""

import io
import os
import random
from functools import partial
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.written import (
    COMMANDS,
    EDITED,
    GONE,
    KEPT,
    SAFE,
    edit_in_place,
    encode_zsh,
    file_of,
    read_zsh,
    write_zsh,
)

from backend.histfiles.edit import masked, without
from backend.histfiles.formats import detect
from backend.histfiles.reader import HistoryFile
from backend.histfiles.zsh import ABANDONED_S, ZSH, locked, metafy, unmetafy
from backend.redaction.mask import MARK
from backend.wire.record import Record

as_bytes = st.binary().filter(lambda text: text.strip() and b"\0" not in text)


def commands(path: Path) -> list[bytes]:
    found = HistoryFile(path, "zsh")
    return [record.command.encode("utf-8", "surrogateescape") for record in found]


# Reading


@pytest.mark.parametrize("option", ["extendedhistory", "noextendedhistory"])
def test_a_real_zsh_history_reads_back_exactly(tmp_path: Path, option: str) -> None:
    path = write_zsh(tmp_path, COMMANDS, option)
    history = HistoryFile(path, "zsh")
    records = list(history)
    assert commands(path) == COMMANDS
    assert history.unreadable == 0
    assert all((record.start is not None) == (option == "extendedhistory") for record in records)
    assert detect(path) == "zsh"


@pytest.mark.parametrize("option", ["extendedhistory", "noextendedhistory"])
def test_random_bytes_through_a_real_zsh(tmp_path: Path, option: str) -> None:
    """Bytes that matter to the format, over-represented: zsh is the judge, not our encoder."""
    chance = random.Random(5)
    alphabet = b"ab \\\n:;#'\x83\x84\xa2\xa3\xc3\x9f\x20"
    written = [
        # A letter first: a blank entry is left out, and `\:` at the start is ambiguous in zsh.
        b"%d" % n + bytes(chance.choices(alphabet, k=chance.randrange(1, 30)))
        for n in range(500)
    ]
    assert commands(write_zsh(tmp_path, written, option)) == written


def test_plain_and_extended_in_one_file(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"ls\n: 1700000000:7;make\\\ntest\n\\: no-op\n: 0:0;pwd\n")
    assert list(HistoryFile(path, "zsh")) == [
        Record("ls", shell="zsh", nth=1),
        Record("make\ntest", 1700000000.0, 7.0, shell="zsh"),
        Record(": no-op", shell="zsh", nth=1),
        Record("pwd", shell="zsh", nth=1),
    ]


def test_a_file_that_ends_in_the_middle_of_an_entry(tmp_path: Path) -> None:
    assert commands(file_of(tmp_path, b": 1700000000:0;one\\\n")) == [b"one"]


def test_utf8_that_another_program_appended(tmp_path: Path) -> None:
    """As when a bash history was added to it: `у` and a space would read as NUL."""
    texts = "echo ムード Ã\necho почему нет".encode()
    assert commands(file_of(tmp_path, texts)) == texts.split(b"\n")


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


@given(st.lists(st.tuples(as_bytes, st.none() | st.integers(1, 2**33))))
def test_entries_come_back(written: list[tuple[bytes, int | None]]) -> None:
    written = [
        (command, start)
        for command, start in written
        if (start is not None or not command.startswith(b"\\:")) and not ambiguous(command)
    ]
    content = b"".join(encode_zsh(command, start) for command, start in written)
    found = ZSH.entries(io.BytesIO(content))
    assert [(entry.command, entry.start) for entry in found] == written


@pytest.mark.slow
def test_endless_continuation_is_counted_and_not_kept(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"one\n" + b"x\\\n" * 2_000_000 + b"\ntwo\n")
    history = HistoryFile(path, "zsh")
    assert [record.command for record in history] == ["one", "two"]
    assert history.unreadable == 1


# Editing


@pytest.mark.slow
@pytest.mark.parametrize("option", ["extendedhistory", "noextendedhistory"])
def test_a_real_zsh_reads_the_edited_file(tmp_path: Path, option: str) -> None:
    gone = {command.decode() for command in GONE}
    remove = partial(without, format="zsh", unwanted=gone.__contains__)
    write = partial(write_zsh, tmp_path, EDITED, option, LC_ALL="C.UTF-8")
    assert read_zsh(write()) == EDITED
    edit_in_place(tmp_path / "history", remove, entries=3)
    assert read_zsh(tmp_path / "history") == KEPT
    (tmp_path / "history").unlink()
    edit_in_place(write(), partial(masked, format="zsh"), entries=3)
    assert read_zsh(tmp_path / "history") == SAFE


def test_metafied_values_are_masked_whole() -> None:
    value = "pаsswörd-у€😃-ムー"
    before = encode_zsh(f"curl -u me:{value} https://a.b/у".encode(), 1700000000)
    after = encode_zsh(f"curl -u me:{MARK} https://a.b/у".encode(), 1700000000)
    assert masked(before, "zsh").data == after


def test_a_value_in_text_that_another_program_appended() -> None:
    before = "mysql -pHunter2xyz # почему нет\n"
    assert masked(before.encode(), "zsh").data.decode() == before.replace("Hunter2xyz", MARK)


def test_a_value_before_the_guard_is_masked_with_it() -> None:
    """The space behind the last backslash would be a blank of the command without it."""
    before, after = b": 1:2;mysql -pHunter2xyz\\\\ \n", f": 1:2;mysql -p{MARK}\n"
    assert masked(before, "zsh").data.decode() == after


# The lock


class GaveUp(Exception):
    pass


def give_up() -> None:
    raise GaveUp


def test_the_lock_stands_beside_the_file_and_goes(tmp_path: Path) -> None:
    lock = tmp_path / "history.LOCK"
    with locked(tmp_path / "history", give_up):
        assert str(lock.readlink()) == f"/pid-{os.getpid()}/host-{os.uname().nodename}"
    assert not lock.is_symlink()


def test_a_lock_of_a_shell_is_waited_for(tmp_path: Path) -> None:
    lock = tmp_path / "history.LOCK"
    lock.symlink_to("/pid-1/host-x")
    with pytest.raises(GaveUp), locked(tmp_path / "history", give_up):
        pass
    assert lock.is_symlink()
    with locked(tmp_path / "history", lock.unlink):
        assert str(lock.readlink()).startswith(f"/pid-{os.getpid()}/")


def test_an_abandoned_lock_is_taken(tmp_path: Path) -> None:
    lock = tmp_path / "history.LOCK"
    lock.symlink_to("/pid-1/host-x")
    old = lock.lstat().st_mtime - ABANDONED_S - 1
    os.utime(lock, (old, old), follow_symlinks=False)
    with locked(tmp_path / "history", give_up):
        assert str(lock.readlink()).startswith(f"/pid-{os.getpid()}/")


def test_a_lock_that_goes_while_it_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when a shell ends its writing between our try and the look at its age."""
    lock = tmp_path / "history.LOCK"
    lock.symlink_to("/pid-1/host-x")
    waited: list[str] = []

    def vanish(path: Path) -> os.stat_result:
        path.unlink()
        raise FileNotFoundError(path)

    monkeypatch.setattr(Path, "lstat", vanish)
    with locked(tmp_path / "history", lambda: waited.append("once")):
        assert waited == ["once"]
