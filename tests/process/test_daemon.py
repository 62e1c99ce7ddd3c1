"""The daemon's life: one per data directory, started, told to end, and refused in one line."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from support.install import DEADLINE, Deja, alive, wait_until
from support.paths import APP, ROOT

from backend.daemon import control, lock


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


def test_it_holds_no_module_that_searches_do_without(deja: Deja, model_dir: Path) -> None:
    deja.env["DEJA_MODEL_DIR"] = str(model_dir)
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from backend import app\n"
        "app.run(['daemon']); print({'click', 'ssl', 'numpy.ma'} & {*sys.modules})"
    )
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", code], env=deja.env, stdout=subprocess.PIPE, text=True
    )
    wait_until(deja.is_up, "the daemon")
    deja.record(*(f"tar -xzf backup-{number}.tgz" for number in range(30)), "ls -la /srv/www")
    wait_until(lambda: deja.status().get("embedded") == "31", "vectors")
    for query in ("unpack an archive", "gti stauts", "/srv/w", "tar -x", "t", "since:2w"):
        assert deja.ask("search", ("query", query))
    deja("stop")
    assert child.communicate(timeout=DEADLINE)[0] == "set()\n"


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
