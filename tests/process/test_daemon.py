"""The daemon's life: one per data directory, found, stopped, replaced, and mending itself."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from support.install import FULL, Deja, wait_until
from support.paths import APP

from backend import __version__
from backend.daemon import control, deaths, lock
from backend.wire import client, protocol
from backend.wire.row import rows


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def daemons_of(deja: Deja) -> list[int]:
    """Every process that is one of this install, whatever it holds."""
    return [
        process.pid
        for process in psutil.process_iter(["cmdline", "environ"])
        if str(APP) in (process.info["cmdline"] or [])
        and (process.info["environ"] or {}).get("DEJA_HOME") == str(deja.root)
        and alive(process.pid)
    ]


def test_start_status_stop(deja: Deja) -> None:
    none = deja("status")
    assert none.returncode == 3
    assert none.stderr == "no daemon is running; run: deja start\n"
    started = deja("start")
    assert (started.returncode, started.stdout) == (0, f"started (pid {deja.pid})\n")
    again = deja("start")
    assert (again.returncode, again.stdout) == (0, f"already running (pid {deja.pid})\n")
    pid = deja.pid
    assert deja("stop").stdout == "stopped\n"
    wait_until(lambda: not alive(pid), "the daemon to end")
    assert not deja.config.rendezvous_file.exists()
    assert not (deja.config.data_dir / "daemon.sock").exists()
    assert deja("stop").stdout == "not running\n"


def test_restart(daemon: Deja) -> None:
    before = daemon.pid
    assert daemon("restart").stdout == f"stopped\nstarted (pid {daemon.pid})\n"
    assert daemon.pid != before
    assert not alive(before)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_and_nothing_is_lost(deja: Deja, number: int) -> None:
    child = deja.spawn()
    wait_until(deja.is_up, "the daemon")
    deja.record("make")
    child.send_signal(number)
    assert child.wait(60) == 0
    assert sorted(file.name for file in deja.config.data_dir.glob("daemon*")) == ["daemon.lock"]
    deja.start()
    assert deja.search("make") == ["make"]


def test_the_daemon_runs_in_the_foreground_without_arguments(deja: Deja) -> None:
    child = subprocess.Popen([sys.executable, str(APP)], env=deja.env, cwd="/")
    wait_until(deja.is_up, "the daemon")
    assert deja.pid == child.pid
    child.terminate()
    assert child.wait(60) == 0


@pytest.mark.parametrize("count", [2, 50])
def test_many_at_once_are_one(deja: Deja, count: int) -> None:
    """As many as the shells that a terminal opens when it restores its windows."""
    with ThreadPoolExecutor(count) as pool:
        results = list(pool.map(lambda _: deja("start"), range(count)))
    assert [result.returncode for result in results] == [0] * count, [r.stderr for r in results]
    wait_until(lambda: daemons_of(deja) == [deja.pid], "the others to see that one is enough")


def test_a_second_daemon_says_who_runs(daemon: Deja) -> None:
    second = daemon("daemon")
    assert second.returncode == 0
    assert second.stdout == f"a daemon is running already (pid {daemon.pid})\n"


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


def test_a_data_directory_with_a_long_path(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    install = Deja(deep)
    install.env["TMPDIR"] = str(tmp_path)
    install.record("make")
    try:
        assert install("search", "make").stdout == "make\n"
        other = install("search", "make", env={"TMPDIR": "/nonexistent", "XDG_RUNTIME_DIR": "/x"})
        assert other.stdout == "make\n", "another TMPDIR than the daemon's"
    finally:
        control.stop(install.config)


def test_text_answers_before_the_model_is_there(deja: Deja, model_dir: Path) -> None:
    deja.env["DEJA_MODEL_DIR"] = str(model_dir)
    deja.record("tar xzf backup.tgz", "docker ps -a")
    deja.spawn()
    wait_until(deja.is_up, "the daemon")
    assert deja.search("docker") == ["docker ps -a"]
    wait_until(lambda: deja.status().get("embedded") == "2", "the embedding")
    assert deja.search("unpack an archive", mode="meaning")[0] == "tar xzf backup.tgz"
    assert deja.search("list containers", mode="auto")[0] == "docker ps -a"
    deja.record("du -ah . | sort -rh | head")
    wait_until(lambda: deja.status().get("embedded") == "3", "the embedding of a new one")
    assert deja.search("largest files", mode="meaning")[0] == "du -ah . | sort -rh | head"


def test_a_search_by_meaning_waits_for_the_model(deja: Deja, model_dir: Path) -> None:
    deja.env["DEJA_MODEL_DIR"] = str(model_dir)
    deja.record("tar xzf backup.tgz")
    found = deja("search", "--mode", "meaning", "unpack an archive")
    assert (found.returncode, found.stderr) in ((0, ""), (1, "nothing found\n"))
    assert deja.status().get("loading") != "1"


def test_what_it_cannot_use_it_says_on_one_line(deja: Deja) -> None:
    deja.config.data_dir.mkdir(parents=True)
    deja.config.data_dir.chmod(0o777)
    refused = deja("start")
    assert refused.returncode == 3
    assert "can be written by others; run: chmod 700" in refused.stderr
    assert refused.stderr.count("\n") == 1
    deja.config.data_dir.chmod(0o700)
    assert deja("start").returncode == 0


def test_a_client_that_probes_the_lock_does_not_keep_a_daemon_from_it(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    held = lock.hold(file)
    assert lock.holder(file) == os.getpid()
    os.close(held)
    assert lock.holder(file) is None
    assert lock.holder(tmp_path / "none") is None


def test_idle_it_uses_no_processor(daemon: Deja) -> None:
    process = psutil.Process(daemon.pid)
    wait_until(lambda: daemon.status().get("loading") != "1", "the model to be given up")
    time.sleep(1)
    seconds = 60.0 if FULL else 5.0
    before = sum(process.cpu_times()[:2])
    time.sleep(seconds)
    used = (sum(process.cpu_times()[:2]) - before) / seconds
    print(f"idle: {used:.2%} of one core over {seconds:.0f} s")
    assert used < 0.02


def test_a_burst_of_clients_is_answered(daemon: Deja) -> None:
    """200 at once: all are answered; the figure is in docs/reliability.md."""
    daemon.record(*(f"docker run image-{number}" for number in range(500)))
    daemon.search("docker")

    def one(number: int) -> float:
        before = time.perf_counter()
        with daemon.connect() as connection:
            reply = connection.ask(protocol.request("search", ("query", f"image-{number}")), 60)
        assert f"docker run image-{number}" in [found.command for found in rows(reply)]
        return time.perf_counter() - before

    with ThreadPoolExecutor(200) as pool:
        took = sorted(pool.map(one, range(200)))
    print(f"200 clients: p50 {took[100] * 1000:.0f} ms, p95 {took[190] * 1000:.0f} ms")
    assert len(took) == 200


def test_a_full_backlog_of_silent_connections_stops_nobody(daemon: Deja) -> None:
    path = client.rendezvous(daemon.config.rendezvous_file)["socket"]
    silent = []
    for _ in range(300):
        opened = socket.socket(socket.AF_UNIX)
        opened.connect(path)
        silent.append(opened)
    daemon.record("make")
    assert daemon.search("make") == ["make"]
    for opened in silent:
        opened.close()
