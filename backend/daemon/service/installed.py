"""The service of this user: written, enabled, started, removed. Standard library only."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from backend.config import Config
from backend.daemon.service import launchd, systemd

# A manager that is there answers at once; a start waits until the daemon says that it is ready.
_PATIENCE_S = 60.0


class ServiceError(Exception):
    """The system does not take the service; one line that says why and what to do."""


def path() -> Path:
    """Where the system looks for the service of this user."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / launchd.NAME
    config = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(config) / "systemd" / "user" / systemd.NAME


def install(config: Config, command: Path, sync: bool) -> Path:
    """Have the system run `command`'s daemon, now and from the next login on. Raises ServiceError,
    OSError.
    """
    if not _manager():
        raise ServiceError("there is neither systemd nor launchd here; the shells start the daemon")
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    if sys.platform == "darwin":
        file.write_text(launchd.text(config.data_dir, command, os.environ), "utf-8")
        _run("launchctl", "bootstrap", _domain(), str(file))
        return file
    file.write_text(systemd.text(config, command, os.environ, sync), "utf-8")
    try:
        _run("systemctl", "--user", "daemon-reload")
        _run("systemctl", "--user", "enable", systemd.NAME)
        _start_unit()
    except ServiceError:
        remove()
        raise
    return file


def remove() -> bool:
    """Stop the service and take it away; False if there is none. Raises OSError."""
    file = path()
    if not file.exists():
        return False
    try:
        if sys.platform == "darwin":
            _run("launchctl", "bootout", f"{_domain()}/{launchd.LABEL}")
        else:
            _run("systemctl", "--user", "disable", "--now", systemd.NAME)
    except ServiceError:
        pass  # no manager runs, then neither does the service
    file.unlink()
    return True


def is_of(data_dir: Path) -> bool:
    """Whether there is a service of the daemon of this data directory."""
    try:
        text = path().read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    of_data = launchd.is_of if sys.platform == "darwin" else systemd.is_of
    return of_data(text, data_dir)


def start(data_dir: Path) -> bool:
    """Have systemd start the service, if there is one of this data directory; whether it did."""
    if sys.platform == "darwin" or not is_of(data_dir):
        return False
    try:
        _start_unit()
    except ServiceError:
        return False
    return True


def _start_unit() -> None:
    # Asked for, it is to start, however often it was asked for or has failed before.
    _run("systemctl", "--user", "reset-failed", systemd.NAME)
    _run("systemctl", "--user", "start", systemd.NAME)


def _manager() -> str | None:
    return shutil.which("launchctl" if sys.platform == "darwin" else "systemctl")


def _domain() -> str:
    return f"gui/{os.getuid()}"


def _run(*command: str) -> None:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ServiceError(f"{command[0]} does not answer ({error}); try again") from error
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise ServiceError(f"{' '.join(command)}: {lines[-1]}; the shells start the daemon")
