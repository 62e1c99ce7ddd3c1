"""The daemon as a service: what systemd and launchd are given, and what systemd is told."""

import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from backend.config import Config
from backend.daemon.service import installed, launchd, notify, systemd

ANALYZE = shutil.which("systemd-analyze")
# 0 is wholly shut in; a unit that asks for nothing has 9.8.
MOST_EXPOSED = 2.5


def config(root: Path, device: str = "cpu") -> Config:
    return Config(root / "config.toml", root / "da$ta %n", root / "logs", root / "model", device)


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    command = tmp_path / "a bin" / "deja"
    command.parent.mkdir()
    command.touch(0o755)
    environ = {"DEJA_HOME": f'{tmp_path}/a "home"', "SECRET": "x", "DEJA_PICK_QUERY": "typed"}
    path = tmp_path / systemd.NAME
    path.write_text(systemd.text(config(tmp_path), command, environ, sync=False))
    return path


def analyze(verb: str, unit: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    assert ANALYZE
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(unit.parent), "LANG": "C.UTF-8"}
    command = [ANALYZE, verb, "--user", *options, str(unit)]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.mark.skipif(not ANALYZE, reason="systemd-analyze is not installed")
def test_systemd_understands_every_line(unit: Path) -> None:
    done = analyze("verify", unit)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(not ANALYZE, reason="systemd-analyze is not installed")
def test_systemd_rates_it_as_shut_in(unit: Path) -> None:
    done = analyze("security", unit, "--offline=yes", "--no-pager")
    level = next(line for line in done.stdout.splitlines() if "Overall exposure" in line)
    assert float(level.split(":")[1].split()[0]) <= MOST_EXPOSED


def test_a_unit_knows_places_and_nothing_else_of_the_shell(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text()
    assert f'Environment="DEJA_HOME={tmp_path}/a \\"home\\""\n' in text
    assert "SECRET" not in text
    assert "typed" not in text
    assert "da$$ta %%n" in text
    assert systemd.is_of(text, config(tmp_path).data_dir)
    assert not systemd.is_of(text, tmp_path / "da")


@pytest.mark.parametrize(("sync", "network"), [(False, False), (True, True)])
def test_only_for_a_sync_there_is_a_network(tmp_path: Path, sync: bool, network: bool) -> None:
    text = systemd.text(config(tmp_path), tmp_path / "deja", {}, sync)
    assert ("AF_INET" in text) == network
    assert ("PrivateNetwork=yes" in text) != network


def test_a_gpu_is_left_its_devices(tmp_path: Path) -> None:
    text = systemd.text(config(tmp_path, "cuda"), tmp_path / "deja", {}, False)
    assert "PrivateDevices" not in text
    assert "MemoryDenyWriteExecute" not in text
    assert "PrivateNetwork=yes" in text


def test_an_agent_of_launchd_is_known_again(tmp_path: Path) -> None:
    text = launchd.text(tmp_path / "data", tmp_path / "deja", {"DEJA_HOME": "/x", "SECRET": "y"})
    assert launchd.is_of(text, tmp_path / "data")
    assert not launchd.is_of(text, tmp_path / "other")
    assert not launchd.is_of("no list", tmp_path / "data")
    assert "SECRET" not in text


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abstract: bool) -> None:
    if abstract and not Path("/proc/self").exists():
        pytest.skip("abstract sockets are Linux's")
    name = f"@deja-test-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("\0" + name[1:] if abstract else name)
        manager.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        notify.notify(notify.READY)
        assert manager.recv(100) == b"READY=1"


@pytest.mark.parametrize("name", ["", "/nowhere/notify", "no path"])
def test_where_nobody_listens_nothing_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    notify.notify(notify.READY)


SYSTEMCTL = """#!/bin/sh
echo "$*" >>"$0.calls"
case "$*" in *" start "*) [ ! -e "$0.fails" ] || { echo "no bus" >&2; exit 1; } ;; esac
"""


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for it; beside it lie `.calls`, and `.fails` makes a start fail."""
    path = tmp_path / "bin" / "systemctl"
    path.parent.mkdir()
    path.write_text(SYSTEMCTL)
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{path.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setattr("sys.platform", "linux")
    return path


def test_installed_it_is_started_by_systemd_and_removed(systemctl: Path, tmp_path: Path) -> None:
    settings = config(tmp_path)
    assert not installed.start(settings.data_dir)
    file = installed.install(settings, tmp_path / "deja", sync=False)
    assert installed.is_of(settings.data_dir)
    assert installed.start(settings.data_dir)
    assert not installed.start(tmp_path / "another home"), "that one's daemon is no service"
    assert installed.remove()
    assert not file.exists()
    assert not installed.remove()
    calls = systemctl.with_suffix(".calls").read_text().split("\n")
    assert calls.count("--user start deja.service") == 2
    assert "--user disable --now deja.service" in calls


def test_one_that_does_not_start_is_taken_back(systemctl: Path, tmp_path: Path) -> None:
    systemctl.with_suffix(".fails").touch()
    with pytest.raises(installed.ServiceError, match="no bus; the shells start the daemon"):
        installed.install(config(tmp_path), tmp_path / "deja", sync=False)
    assert not installed.path().exists()
