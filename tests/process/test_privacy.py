"""Nobody else sees the history, and what is forgotten is gone from every file."""

import os
import random
import signal
import socket
import sqlite3
import stat
import string
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from support.install import Deja, wait_until

from backend.daemon import control
from backend.wire import client, protocol

NOBODY = 65534
root_only = pytest.mark.skipif(os.getuid() != 0, reason="needs a second user: run as root")


def holding(directory: Path, text: bytes) -> list[Path]:
    """The files at or below `directory` that hold `text`."""
    files = [path for path in directory.rglob("*") if path.is_file()]
    return [path for path in files if text in path.read_bytes()]


def word(chance: random.Random, length: int = 12) -> str:
    return "".join(chance.choices(string.ascii_lowercase, k=length))


def test_forgetting_leaves_no_trace_in_any_file(daemon: Deja) -> None:
    """Store, free pages, write-ahead log, spool of a live shell, text index, log."""
    chance = random.Random(7)
    kept = [f"keep {word(chance)} {word(chance, chance.randrange(3, 300))}" for _ in range(2000)]
    gone = [f"gone {word(chance)} {word(chance, chance.randrange(3, 6000))}" for _ in range(60)]
    mixed = kept + gone
    chance.shuffle(mixed)
    for start in range(0, len(mixed), 100):
        daemon.record(*mixed[start : start + 100])
        daemon.ask("refresh")
    spool = daemon.record("one more", gone[0], "and another")
    assert holding(daemon.root, gone[0].encode())
    daemon("restart")  # which saves a text index
    for text in gone[:3]:
        result = daemon("forget", "--yes", text)
        assert (result.returncode, result.stdout) == (0, "1 forgotten\n"), result.stderr
    result = daemon("forget", "--yes", "--containing", "gone ")
    assert result.stdout == f"{len(gone) - 3} forgotten\n"
    for text in gone:
        marks = [text[5:17].encode(), text[-12:].encode()] if len(text) > 40 else [text.encode()]
        for mark in marks:
            assert holding(daemon.root, mark) == []
    assert holding(daemon.root, kept[0].encode())
    assert spool.exists(), "the shell lives"
    assert not [text for text in daemon.search("gone") if text.startswith("gone")]
    assert len(daemon.search("keep", limit=1000)) >= 300


def test_an_import_does_not_bring_it_back(daemon: Deja, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_text("keep this\nforget that\n")
    daemon("import", "--file", str(file), "--format", "lines", "--no-wait")
    assert daemon("forget", "--yes", "forget", "that").returncode == 0
    again = daemon("import", "--file", str(file), "--format", "lines", "--no-wait")
    assert "2 entries, 0 new" in again.stdout
    assert daemon.search("forget") == []
    daemon.record("forget that")
    assert daemon.search("forget") == ["forget that"], "run again, it is recorded again"


def test_copies_that_are_kept_are_named(daemon: Deja) -> None:
    """A store that was set aside is never changed; who forgets is told how to remove it."""
    copy = daemon.config.store_file.with_name("history.db.aside-2026-01-01T00-00-00")
    copy.write_bytes(b"forget me")
    copy.chmod(0o600)
    daemon.record("forget me")
    told = daemon("forget", "--yes", "forget me")
    assert told.stdout == "1 forgotten\n"
    assert told.stderr.endswith(f"rm '{copy}'\n")


def test_a_reader_delays_the_cleaning_of_the_log_and_no_more(daemon: Deja) -> None:
    daemon.record("remember", "sesame-open-4711")
    daemon.ask("refresh")
    reader = sqlite3.connect(daemon.config.store_file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM commands").fetchall()
    assert daemon("forget", "--yes", "sesame-open-4711").returncode == 0
    reader.close()
    wait_until(lambda: not holding(daemon.root, b"sesame-open-4711"), "the log to be emptied")


@pytest.mark.parametrize("mask", [0o022, 0o000])
def test_everything_is_this_users_alone_whatever_the_umask(
    deja: Deja, model_dir: Path, mask: int
) -> None:
    deja.env["DEJA_MODEL_DIR"] = str(model_dir)
    before = os.umask(mask)
    try:
        assert deja("start").returncode == 0
        deja.record("docker ps", "tar xzf a.tgz")
        assert deja("search", "docker").returncode == 0
        wait_until(lambda: deja.status().get("embedded") == "2", "the embedding")
        assert deja("restart").returncode == 0
        deja.search("docker")
    finally:
        os.umask(before)
    paths = [deja.root, *deja.root.rglob("*")]
    assert {path.name for path in paths} >= {"history.db", "daemon.sock", "daemon.log", "rows"}
    for path in paths:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.lstat().st_mode) == expected, path


DROP = f"import os, socket, sys; os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"


def as_nobody(code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run Python that becomes another user, without a group of root's, before it does a thing."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", DROP + code, *arguments],
        cwd="/",
        env={},
        capture_output=True,
        text=True,
        timeout=60,
    )


READ = """
for root, dirs, files in os.walk(sys.argv[1], onerror=print):
    for name in files:
        print(open(os.path.join(root, name), "rb").read())
"""
CONNECT = """
s = socket.socket(socket.AF_UNIX); s.settimeout(20)
s.connect(sys.argv[1])
s.sendall(b"v=1\\0verb=search\\0query=secret\\0\\0")
print(s.recv(1 << 16))
"""


@pytest.fixture
def reachable(tmp_path: Path) -> Path:
    """Directories down to the test's that anybody may pass, so that ours are what stops them."""
    for path in [tmp_path, *tmp_path.parents]:
        if path.owner() == "root" and path.stat().st_mode & 0o777 == 0o700:
            path.chmod(0o711)
    return tmp_path


@root_only
def test_another_user_reads_nothing_and_connects_to_nothing(reachable: Path, deja: Deja) -> None:
    deja.record("my secret command")
    deja.start()
    deja.search("secret")
    for place in (deja.root, deja.config.data_dir, deja.config.spool_dir, deja.config.log_dir):
        result = as_nobody(READ, str(place))
        assert "secret" not in result.stdout
        assert "Permission denied" in result.stdout + result.stderr
    refused = as_nobody(CONNECT, str(deja.config.data_dir / "daemon.sock"))
    assert "PermissionError" in refused.stderr


@root_only
def test_another_user_gets_no_answer_even_through_an_open_door(reachable: Path, deja: Deja) -> None:
    """The uid of the peer is checked, whatever became of the directory's mode."""
    deja.record("my secret command")
    deja.start()
    path = deja.config.data_dir / "daemon.sock"
    for opened in (deja.root, deja.config.data_dir, path):
        opened.chmod(0o777)
    try:
        result = as_nobody(CONNECT, str(path))
        assert "secret" not in result.stdout
        # The connection is made, since the door is open, and ended before a word is answered.
        ends = ("b''", "BrokenPipeError", "ConnectionResetError")
        assert any(end in result.stdout + result.stderr for end in ends), result.stderr
        assert deja.search("secret") == ["my secret command"]
    finally:
        deja.root.chmod(0o700)
        deja.config.data_dir.chmod(0o700)


def test_no_text_of_a_command_in_the_log_or_in_arguments(daemon: Deja) -> None:
    secret = "zebra-crossing-4711"
    daemon.record(f"echo {secret}", f"echo {secret} \udcff")
    assert len(daemon.search(secret)) == 2
    daemon("forget", "--yes", f"echo {secret}")
    for bad in (b"v=1\0verb=search\0limit=x\0query=%b\0\0", b"v=1\0verb=%b\0\0", b"%b\0\0"):
        with socket.socket(socket.AF_UNIX) as peer:
            peer.connect(client.rendezvous(daemon.config.rendezvous_file)["socket"])
            peer.sendall(bad % secret.encode())
            peer.recv(1000)
    arguments = psutil.Process(daemon.pid).cmdline() + list(psutil.Process(daemon.pid).environ())
    assert not [argument for argument in arguments if secret in argument]
    os.kill(daemon.pid, signal.SIGKILL)
    for file in daemon.config.log_dir.iterdir():
        assert secret.encode() not in file.read_bytes()


def test_an_error_within_is_logged_by_its_type(daemon: Deja) -> None:
    """A session that no filesystem and no table could hold fails somewhere; its text stays in."""
    fields = [("query", "x"), ("cwd", "zebra" * 50_000), ("session", "zebra\udcff" * 1000)]
    with daemon.connect() as connection:
        try:
            connection.ask(protocol.request("search", *fields), 60)
        except client.Refused as error:
            assert "zebra" not in str(error)
    assert b"zebra" not in daemon.config.log_file.read_bytes()


def test_secrets_are_in_no_file_once_the_daemon_has_tidied(daemon: Deja) -> None:
    daemon.record("curl -H 'Authorization: Bearer abcdEFGH1234ijklMNOP5678' https://example.org")
    assert len(daemon.search("curl")) == 1
    wait_until(lambda: not holding(daemon.root, b"ijklMNOP5678"), "the spool to be wiped")


def test_a_spool_that_nobody_should_write_to_is_refused(deja: Deja) -> None:
    deja.config.spool_dir.mkdir(parents=True, mode=0o700)
    deja.config.spool_dir.chmod(0o777)
    refused = deja("start")
    assert refused.returncode == 3
    assert f"run: chmod 700 '{deja.config.spool_dir}'" in refused.stderr
    deja.config.spool_dir.rmdir()
    elsewhere = deja.root / "elsewhere"
    elsewhere.mkdir()
    deja.config.spool_dir.symlink_to(elsewhere)
    assert "symbolic link" in deja("start").stderr
    assert not control.pid(deja.config)
