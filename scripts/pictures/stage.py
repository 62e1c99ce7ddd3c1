"""Where a scene is played: a HOME with an invented history, a daemon, and zsh with the plugin."""

import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.config import Config
from backend.daemon import control
from backend.wire import client, protocol
from backend.wire.record import Record, to_fields
from scripts.pictures.scenes import Scene
from scripts.pictures.terminal import DEADLINE_S, DimScreen, Terminal

ROOT = Path(__file__).resolve().parent.parent.parent
HISTORY = Path(__file__).with_name("history.tsv")
COLUMNS = 92
PROMPT = "%F{cyan}%~%f %% "

_UNITS_S = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


class Stage:
    """The directories of a HOME and an install under `folder`, which is empty."""

    def __init__(self, folder: Path, model_dir: Path) -> None:
        self.home = folder / "home"
        self.config = Config(
            config_file=folder / "deja" / "config" / "config.toml",
            data_dir=folder / "deja" / "data",
            log_dir=folder / "deja" / "logs",
            model_dir=model_dir,
        )
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "DEJA_HOME": str(folder / "deja"),
            "DEJA_MODEL_DIR": str(model_dir),
        }

    def furnish(self, now: float) -> None:
        """Write the shell's startup file, what the installer leaves, and the history."""
        records = list(history(HISTORY.read_text("utf-8"), self.home, now))
        for record in records:
            Path(record.cwd or self.home).mkdir(parents=True, exist_ok=True)
        plugin = ROOT / "shell_plugin" / "deja.zsh"
        rc = f"PS1={shlex.quote(PROMPT)}\nsource {shlex.quote(str(plugin))}\n"
        (self.home / ".zshrc").write_text(rc)
        self.config.spool_dir.mkdir(parents=True, mode=0o700)
        self.config.data_dir.chmod(0o700)
        (self.config.data_dir / "env.sh").write_text(
            f"_deja_python={shlex.quote(sys.executable)}\n_deja_app={shlex.quote(str(ROOT))}\n"
        )
        spool = self.config.spool_dir / f"{os.uname().nodename}.1.1"
        spool.write_bytes(b"".join(map(spooled, records)))

    def deja(self, *arguments: str) -> None:
        """Run a command of deja's; raises CalledProcessError."""
        app = ROOT / "backend" / "app.py"
        command = [sys.executable, "-I", str(app), *arguments]
        subprocess.run(command, env=self.environment, check=True, capture_output=True)

    def wait_until_read(self) -> None:
        """Until the daemon finds all of the history by its meaning; raises TimeoutError."""
        end = time.monotonic() + DEADLINE_S
        with client.connect(self.config.rendezvous_file) as daemon:
            while time.monotonic() < end:
                figures = dict(daemon.ask(protocol.request("status"), DEADLINE_S))
                if 0 < int(figures["commands"]) == int(figures["embedded"]):
                    return
                time.sleep(0.1)
        raise TimeoutError("the daemon does not find the history by its meaning; is there a model?")

    def play(self, scene: Scene) -> DimScreen:
        """The screen at the end of a scene."""
        cwd = self.home / scene.directory
        terminal = Terminal(["zsh", "-i"], self.environment, cwd, COLUMNS, scene.rows)
        try:
            terminal.wait_for("%")
            for keys, text in scene.steps:
                terminal.send(keys)
                terminal.wait_for(text)
        finally:
            terminal.close()
        return terminal.screen


@contextmanager
def stage(model_dir: Path) -> Iterator[Stage]:
    """A stage in a temporary directory, its daemon running."""
    with tempfile.TemporaryDirectory() as folder:
        made = Stage(Path(folder), model_dir)
        made.furnish(time.time())
        try:
            made.deja("start")
            made.wait_until_read()
            yield made
        finally:
            control.stop(made.config)


def history(text: str, home: Path, now: float) -> Iterator[Record]:
    """The runs that the lines of `history.tsv` tell of, oldest first; see there."""
    found = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        age, runs, exit_status, seconds, directory, command = line.split("\t")
        for run in range(int(runs)):
            start = now - float(age[:-1]) * _UNITS_S[age[-1]] - run * 86400 * 1.3
            record = Record(
                command=command.replace("\\n", "\n"),
                start=start,
                duration=float(seconds),
                exit=int(exit_status),
                cwd=str(home / directory),
                session=f"{directory}.{int((now - start) // 86400)}",
                host=os.uname().nodename,
                shell="zsh",
            )
            found.append(record)
    yield from sorted(found, key=lambda record: record.start or 0.0)


def spooled(record: Record) -> bytes:
    """A run as the hooks write it."""
    fields = [f"{name}={value}".encode() for name, value in to_fields(record)]
    return b"\0".join([b"", protocol.RECORD_MARK, *fields]) + b"\0\0"
