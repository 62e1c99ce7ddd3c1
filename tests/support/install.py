"""An install in an empty directory, and what the hooks would write into its spool."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from backend.config import Config
from backend.daemon import control, lock
from backend.wire import client, protocol
from backend.wire.row import rows
from support.paths import APP

DEADLINE = float(os.environ.get("DEJA_TEST_DEADLINE", "60"))

FULL = os.environ.get("DEJA_TEST_FULL") == "1"

# Passed on to daemons and commands, this has coverage count their lines; each starts 0.1 s later.
COUNTED = (
    {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
    if os.environ.get("DEJA_TEST_COVERAGE") == "1"
    else {}
)


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Until `condition` holds; fails after a deadline that no sound machine needs."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, f"waited for {what}"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    """Whether the process runs: one that has ended and waits to be collected does not."""
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


class Deja:
    """An install in an empty directory: its settings, the command line, the daemon."""

    def __init__(self, directory: Path) -> None:
        self.root = directory / "deja home"
        self.home = directory / "home"
        self.home.mkdir(exist_ok=True)
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "DEJA_HOME": str(self.root),
            "DEJA_MODEL_DIR": str(directory / "no model"),
            **COUNTED,
        }

    @property
    def config(self) -> Config:
        data = self.root / "data"
        return Config(
            config_file=self.root / "config" / "config.toml",
            data_dir=data,
            log_dir=self.root / "logs",
            model_dir=Path(self.env["DEJA_MODEL_DIR"]),
        )

    def __call__(
        self, *arguments: str, stdin: str = "", env: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run `deja` to its end."""
        return subprocess.run(
            [sys.executable, "-I", str(APP), *arguments],
            env={**self.env, **(env or {})},
            cwd=self.home,
            input=stdin,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=4 * DEADLINE,
        )

    def spawn(self) -> "subprocess.Popen[bytes]":
        """A daemon as a child of the test; do not wait."""
        return subprocess.Popen(
            [sys.executable, "-I", str(APP), "daemon"],
            env=self.env,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def connect(self) -> client.Connection:
        return client.connect(self.config.rendezvous_file)

    def ask(self, verb: str, *fields: tuple[str, str | int]) -> protocol.Fields:
        with self.connect() as connection:
            return connection.ask(protocol.request(verb, *fields), DEADLINE)

    def status(self) -> dict[str, str]:
        return dict(self.ask("status"))

    def search(self, query: str, mode: str = "text", limit: int = 50) -> list[str]:
        """The commands found."""
        reply = self.ask("search", ("query", query), ("mode", mode), ("limit", limit))
        return [found.command for found in rows(reply)]

    @property
    def pid(self) -> int:
        """The daemon's, or 0."""
        return lock.holder(self.config.lock_file) or 0

    def is_up(self) -> bool:
        try:
            self.connect().close()
        except client.Unavailable:
            return False
        return True

    def start(self) -> int:
        """Have a daemon that answers; its process id."""
        result = self("start")
        assert result.returncode == 0, result.stderr
        return self.pid

    def stop(self) -> None:
        control.stop(self.config)

    def record(self, *commands: str, session: str | None = None, **fields: str) -> Path:
        """Append to the spool as the hooks do; the file."""
        session = session or f"{os.uname().nodename}.{os.getpid()}.1700000000000000"
        path = self.config.spool_dir / session
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
            for command in commands:
                file.write(record_bytes(command, session=session, **fields))
        return path


_clock = iter(range(1_700_000_000_000_000, 2**62, 1_000_000))


def record_bytes(command: str | bytes, **fields: str) -> bytes:
    """One record of the spool as zsh and bash write it; the start is later at every call."""
    text = command if isinstance(command, bytes) else command.encode("utf-8", "surrogateescape")
    now = next(_clock)
    known = {
        "start": f"{now // 1_000_000}.{now % 1_000_000:06d}",
        "dur": "0.250000",
        "exit": "0",
        "cwd": "/home/user",
        "session": "host.1.1",
        "host": "host",
        "shell": "zsh",
        **fields,
    }
    parts = [f"{key}={value}".encode("utf-8", "surrogateescape") for key, value in known.items()]
    return b"\0deja1\0" + b"\0".join([*parts, b"cmd=" + text]) + b"\0\0"
