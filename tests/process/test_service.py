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
