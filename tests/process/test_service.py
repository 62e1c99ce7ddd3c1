"""The real daemon under a manager that listens as systemd does."""

import socket
from pathlib import Path

from support.install import DEADLINE, Deja


def test_it_tells_when_it_answers_and_that_it_stops(deja: Deja, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(DEADLINE)
        deja.env["NOTIFY_SOCKET"] = str(tmp_path / "notify")
        # A variable that a daemon has no need of has it begin again with a clean environment.
        deja.env["MYSQL_PWD"] = "of another program"
        deja.spawn()
        assert manager.recv(100) == b"READY=1"
        assert deja.is_up()
        deja.stop()
        told = iter(lambda: manager.recv(100), b"STOPPING=1")
        assert set(told) <= {b"WATCHDOG=1"}


def test_a_service_that_cannot_be_had_costs_no_daemon(daemon: Deja, tmp_path: Path) -> None:
    for name in ("systemctl", "launchctl"):
        manager = tmp_path / "bin" / name
        manager.parent.mkdir(exist_ok=True)
        manager.write_text("#!/bin/sh\necho no bus >&2; exit 1\n")
        manager.chmod(0o755)
    daemon.env["PATH"] = f"{manager.parent}:/usr/bin:/bin"
    before = daemon.pid
    done = daemon("service", "install")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "no bus" in done.stderr
    assert daemon.is_up()
    assert daemon.pid != before, "a manager could not have started one beside it"
