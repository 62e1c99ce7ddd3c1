"""A file replaced at once or not at all, with the shells kept out."""

import contextlib
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.written import file_of

from backend.histfiles import rewrite as rewriting
from backend.histfiles import zsh
from backend.histfiles.rewrite import NotRewritten, read, rewrite


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.mark.slow
def test_mode_and_other_files_stay(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"old")
    path.chmod(0o640)
    rewrite(read(path), b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert names(tmp_path) == ["history"]


@pytest.mark.slow
@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_the_owner_stays(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"old")
    os.chown(path, 12345, 54321)
    path.chmod(0o600)
    rewrite(read(path), b"new")
    status = path.stat()
    assert (status.st_uid, status.st_gid) == (12345, 54321)
    assert stat.S_IMODE(status.st_mode) == 0o600


@pytest.mark.slow
def test_a_link_stays_and_its_target_is_rewritten(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target = tmp_path / "elsewhere" / "history"
    target.write_bytes(b"old")
    link = tmp_path / "history"
    link.symlink_to("elsewhere/history")
    rewrite(read(link), b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert not target.is_symlink()


def test_a_file_with_a_second_name_is_refused(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"old")
    (tmp_path / "other").hardlink_to(path)
    with pytest.raises(NotRewritten, match="hard links"):
        rewrite(read(path), b"new")
    assert path.read_bytes() == b"old"


def test_a_file_that_changed_meanwhile_is_refused(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"old\n")
    before = read(path)
    with path.open("ab") as file:
        file.write(b"typed meanwhile\n")
    with pytest.raises(NotRewritten, match="changed meanwhile"):
        rewrite(before, b"new")
    assert path.read_bytes() == b"old\ntyped meanwhile\n"
    assert names(tmp_path) == ["history"]


def test_a_rewrite_that_fails_leaves_the_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = file_of(tmp_path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotRewritten, match="No space left"):
        rewrite(read(path), b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["history"]


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotRewritten):
        read(tmp_path / "missing")
    with pytest.raises(NotRewritten):
        read(tmp_path)
    with pytest.raises(NotRewritten, match="no plain file"):
        read(Path(os.devnull))


# Locks


HOLD = """
import fcntl, sys
file = open(sys.argv[1], "r+b")
getattr(fcntl, sys.argv[2])(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def held(path: Path, lock: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that has the lock: zsh takes fcntl's (lockf) with HIST_FCNTL_LOCK, fish flock."""
    command = [sys.executable, "-I", "-c", HOLD, str(path), lock]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.slow
@pytest.mark.parametrize("lock", ["lockf", "flock"])
def test_a_file_that_a_shell_keeps_locked_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lock: str
) -> None:
    monkeypatch.setattr(rewriting, "PATIENCE_S", 0.1)
    path = file_of(tmp_path, b"old")
    with held(path, lock), pytest.raises(NotRewritten) as raised:
        rewrite(read(path), b"new")
    assert str(raised.value) == f"{path} is locked by a shell; run the command again"
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["history"]


def test_a_file_that_zsh_keeps_locked_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewriting, "PATIENCE_S", 0.1)
    path = file_of(tmp_path, b"old")
    lock = tmp_path / "history.LOCK"
    lock.symlink_to("/pid-1/host-x")
    with pytest.raises(NotRewritten, match="is locked by a shell"):
        rewrite(read(path), b"new")
    assert lock.is_symlink()
    assert path.read_bytes() == b"old"


@pytest.mark.slow
def test_we_outwait_a_zsh_that_died(tmp_path: Path) -> None:
    assert rewriting.PATIENCE_S > zsh.ABANDONED_S
    path = file_of(tmp_path, b"old")
    lock = tmp_path / "history.LOCK"
    lock.symlink_to("/pid-1/host-x")
    old = lock.lstat().st_mtime - zsh.ABANDONED_S + 0.2
    os.utime(lock, (old, old), follow_symlinks=False)
    rewrite(read(path), b"new")
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["history"]


@pytest.mark.slow
@pytest.mark.parametrize("lock", ["lockf", "flock"])
def test_a_lock_that_is_let_go_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lock: str
) -> None:
    path = file_of(tmp_path, b"old")
    with held(path, lock) as process:
        sleep = time.sleep
        waits: list[float] = []

        def let_go(seconds: float) -> None:
            waits.append(seconds)
            if len(waits) == 1:
                assert path.read_bytes() == b"old"
                process.kill()
            sleep(seconds)

        monkeypatch.setattr(time, "sleep", let_go)
        rewrite(read(path), b"new")
    assert path.read_bytes() == b"new"


APPEND = """
import sys, time
for number in range(600):
    with open(sys.argv[1], "a") as file:
        file.write(f"line {number}\\n")
    time.sleep(0.002)
"""


@pytest.mark.slow
def test_a_line_that_comes_late_to_the_old_file_is_appended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a shell that had opened the file before it was replaced, and writes after that."""
    path = file_of(tmp_path, b"old\n")
    opened = path.open("ab", buffering=0)
    sleep = time.sleep
    late = [b"typed late\n"]

    def write_late(seconds: float) -> None:
        if late:
            assert path.read_bytes() == b"new\n"
            opened.write(late.pop())
        sleep(seconds)

    monkeypatch.setattr(time, "sleep", write_late)
    with opened:
        rewrite(read(path), b"new\n")
    assert path.read_bytes() == b"new\ntyped late\n"


@pytest.mark.slow
def test_a_shell_that_appends_without_a_lock_loses_nothing(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"curl -u me:Hunter2xyz https://a.example\n")
    writer = subprocess.Popen([sys.executable, "-I", "-c", APPEND, str(path)])
    rewritten = 0
    while writer.poll() is None:
        with contextlib.suppress(NotRewritten):
            before = read(path)
            rewrite(before, before.data.replace(b"Hunter2xyz", b"x"))
            rewritten += 1
    assert writer.returncode == 0
    assert rewritten
    first, *rest = path.read_text().splitlines()
    assert first == "curl -u me:x https://a.example"
    assert sorted(rest) == sorted(f"line {number}" for number in range(600))
