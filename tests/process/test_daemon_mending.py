"""A daemon that was killed, is stopped, old or lost: it is replaced, and nothing is lost by it."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from support.install import Deja, alive, wait_until

from backend import __version__
from backend.daemon import deaths
from backend.wire import protocol


def test_a_killed_daemon_leaves_nothing_in_the_way(daemon: Deja) -> None:
    daemon.record("make")
    os.kill(daemon.pid, signal.SIGKILL)
    wait_until(lambda: not daemon.pid, "the lock to be free")
    assert (daemon.config.data_dir / "daemon.sock").exists(), "a stale socket"
    assert daemon.config.rendezvous_file.exists(), "and a stale rendezvous"
    assert daemon("search", "make").stdout == "make\n"


def test_a_rendezvous_of_a_number_that_is_now_somebody_elses(deja: Deja) -> None:
    deja.config.data_dir.mkdir(parents=True, mode=0o700)
    bystander = subprocess.Popen(["sleep", "600"])
    fields = [("v", "1"), ("version", __version__), ("pid", str(bystander.pid)), ("socket", "/x")]
    deja.config.rendezvous_file.write_bytes(protocol.encode(fields))
    assert deja("restart").stdout.startswith("not running\nstarted")
    assert bystander.poll() is None, "a process that is no daemon is left alone"
    bystander.kill()


def test_a_stopped_daemon_is_replaced_by_restart(daemon: Deja) -> None:
    before = daemon.pid
    daemon.record("make")
    os.kill(before, signal.SIGSTOP)
    assert daemon("restart").returncode == 0
    assert daemon.pid not in (0, before)
    assert daemon.search("make") == ["make"]


def test_and_by_the_next_start_or_search(daemon: Deja) -> None:
    before = daemon.pid
    daemon.record("make")
    os.kill(before, signal.SIGSTOP)
    assert daemon("search", "make").stdout == "make\n"
    assert daemon.pid not in (0, before)


def test_an_older_daemon_is_replaced_without_losing_a_record(daemon: Deja) -> None:
    """The one that runs says that it is older; it is this version in truth, which is no matter."""
    before = daemon.pid
    rendezvous = daemon.config.rendezvous_file
    rendezvous.write_bytes(rendezvous.read_bytes().replace(__version__.encode(), b"0.0.1"))
    daemon.record("make", "ls")
    assert daemon("search", "--limit", "9", "make").stdout == "make\n"
    assert daemon.pid not in (0, before)
    assert json.loads(daemon("status", "--json").stdout)["commands"] == 2


def test_a_newer_daemon_is_used_as_long_as_it_speaks_the_same(daemon: Deja) -> None:
    """Two installs of one history do not end each other's daemon for ever."""
    before = daemon.pid
    rendezvous = daemon.config.rendezvous_file
    rendezvous.write_bytes(rendezvous.read_bytes().replace(__version__.encode(), b"99.0.0"))
    daemon.record("make")
    assert daemon("search", "make").stdout == "make\n"
    assert daemon.pid == before


def test_deaths_in_a_row_are_told_and_tried_less_and_less(deja: Deja) -> None:
    for died in range(1, deaths.FREE + 1):
        assert deja("start").returncode == 0, "the first deaths cost nothing"
        os.kill(deja.pid, signal.SIGKILL)
        wait_until(lambda: not deja.pid, "the lock to be free")
        assert len(deaths.recent(deja.config.starts_file)) == died
    now = int(time.time())
    deja.config.starts_file.write_text("".join(f"{now}\n" for _ in range(10)))
    for arguments in (["start"], ["search", "x"]):
        refused = deja(*arguments)
        assert refused.returncode == 3
        assert refused.stderr.startswith("the daemon died 10 times in a row; it is left alone for")
        assert refused.stderr.endswith("run: deja restart\n")
        assert refused.stderr.count("\n") == 1
    assert "died 10 times in a row" in deja("status").stderr
    assert not deja.pid
    assert deja("restart").returncode == 0, "what the user asks for is done"


def test_a_daemon_that_follows_deaths_says_so(deja: Deja) -> None:
    deja.config.data_dir.mkdir(parents=True, mode=0o700)
    past = int(time.time()) - 600
    deja.config.starts_file.write_text(f"{past}\n" * 5)
    deja.start()
    assert json.loads(deja("status", "--json").stdout)["deaths"] == 5
    assert "5 daemons died before this one" in deja("status").stdout
    deja.stop()
    assert not deja.config.starts_file.exists(), "one that ends as told clears the slate"


def test_waits_double_and_are_bounded(tmp_path: Path) -> None:
    file, waits = tmp_path / "starts", []
    for died in range(20):
        file.write_text(f"{time.time():.0f}\n" * died)
        waits.append(deaths.wait_s(file))
    assert waits[: deaths.FREE + 1] == [0.0] * (deaths.FREE + 1)
    assert waits == pytest.approx(sorted(waits), abs=2)
    assert 0 < waits[deaths.FREE + 1] <= 2.5
    assert waits[-1] <= deaths.LONGEST_WAIT_S + 1
    file.write_bytes(b"\xff garbage\n\0\n99999999999999999\n")
    assert deaths.wait_s(file) == 0.0


@pytest.mark.parametrize("what", ["socket", "rendezvous"])
def test_a_daemon_that_nobody_can_find_makes_room(daemon: Deja, what: str) -> None:
    before, settings = daemon.pid, daemon.config
    {
        "socket": settings.data_dir / "daemon.sock",
        "rendezvous": settings.rendezvous_file,
    }[what].unlink()
    wait_until(lambda: not alive(before), "the daemon to notice")
    daemon.record("make")
    assert daemon("search", "make").stdout == "make\n"


def test_a_data_directory_that_was_removed_and_made_again(daemon: Deja) -> None:
    """The old daemon must not take away the rendezvous of the new one."""
    before = daemon.pid
    shutil.rmtree(daemon.config.data_dir)
    daemon.record("make")
    assert daemon("search", "make").stdout == "make\n"
    assert daemon.pid != before
    wait_until(lambda: not alive(before), "the old daemon to notice")
    assert daemon.is_up()
    assert daemon.search("make") == ["make"]
