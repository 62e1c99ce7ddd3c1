"""The storm, typed: people type in real shells on pseudo-terminals while all goes wrong at once.

The daemon is killed, stopped and replaced by other versions; the disk is full or read-only; clocks
jump; files are imported and commands forgotten. 0 lost, 0 twice. DEJA_TEST_FULL=1 runs it in full
length. Without the right to mount (root's), the disk stays as it is.
"""

import collections
import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest
from support.disk import SmallDisk, small_disk
from support.install import FULL, Deja, wait_until
from support.paths import ROOT
from support.shells import DEADLINE, PROMPT

from backend.daemon import control

SHELLS, COMMANDS, PAUSE_S = (12, 490, 0.35) if FULL else (4, 40, 0.2)
SEED = 20_261_127

# For bash, whose clock is a variable once it was unset: the year 2100, 1970, 5138, back again.
CLOCKS = (
    *("4102444800.000001", "61.500000", "99999999999.000000", "1700000000.000000"),
    "1000000000.999999",
)


class Person(threading.Thread):
    """Somebody who types numbered commands in a shell of his own, each after the prompt."""

    def __init__(self, deja: Deja, number: int) -> None:
        super().__init__()
        self.number, self.kind = number, ("zsh", "bash")[number % 2]
        self._random = random.Random(SEED + number)
        home = deja.home / str(number)
        home.mkdir()
        plugin = ROOT / "shell_plugin" / f"deja.{self.kind}"
        rc = home / f".{self.kind}rc"
        rc.write_text(f"PS1='{PROMPT}'\nHISTFILE='{home}/history'\nsource '{plugin}'\n")
        env = {**deja.env, "HOME": str(home), "TERM": "xterm", "DEJA_KEY": ""}
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            self.kind, ["-i"], env=env, cwd=str(home), timeout=DEADLINE, dimensions=(24, 200)
        )
        self._child.delaybeforesend = None
        self._prompt()
        self.typed: list[str] = []
        self.slowest = 0.0
        self.failure = ""

    def run(self) -> None:
        try:
            for n in range(COMMANDS):
                self.type(f": storm {self.number} {n}")
                if self.kind == "bash" and n % 25 == 24:
                    self.type(f"unset EPOCHREALTIME; EPOCHREALTIME={CLOCKS[n // 25 % len(CLOCKS)]}")
                time.sleep(self._random.uniform(0, 2 * PAUSE_S))
        except pexpect.ExceptionPexpect as error:
            self.failure = f"{self.kind} after {len(self.typed)} commands: {type(error).__name__}"

    def type(self, command: str) -> None:
        self.typed.append(command)
        before = time.monotonic()
        self._child.send(f"{command}\r")
        self._child.expect_exact(b"\n")
        self._prompt()
        self.slowest = max(self.slowest, time.monotonic() - before)

    def leave(self) -> None:
        self._child.close(force=True)

    def _prompt(self) -> None:
        self._child.expect_exact(PROMPT.encode())


class Storm:
    """What happens to an install, one thing after the other, until all has been typed."""

    def __init__(self, deja: Deja, versions: list[Path], disk: SmallDisk | None) -> None:
        self._deja, self._versions, self._disk = deja, versions, disk
        self._random = random.Random(SEED)
        self.done = threading.Event()
        self.happened: collections.Counter[str] = collections.Counter()
        self.recorded: list[str] = []
        self.imported: list[str] = []

    def rage(self) -> None:
        strokes = [self.kill, self.stop, self.upgrade, self.bring_in, self.forget, self.jump]
        if self._disk:
            strokes += [self.full, self.read_only]
        turn: list[Callable[[], None]] = []
        while not self.done.is_set() or len(self.happened) < len(strokes):
            if not turn:
                turn = self._random.sample(strokes, len(strokes))
            stroke = turn.pop()
            stroke()
            self.happened[stroke.__name__] += 1
            self.done.wait(self._random.uniform(0, 0.5))

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        self._deja("restart")

    def stop(self) -> None:
        self._signal(signal.SIGSTOP)
        self.done.wait(self._random.uniform(0.2, 2))
        self._signal(signal.SIGCONT)

    def upgrade(self) -> None:
        """The next start finds the daemon of another version, older or newer."""
        app = self._random.choice(self._versions) / "backend" / "app.py"
        command = [sys.executable, "-I", str(app), self._random.choice(("start", "restart"))]
        subprocess.run(command, env=self._deja.env, capture_output=True, timeout=DEADLINE)

    def bring_in(self) -> None:
        """A file is imported, half of which was imported before."""
        lines = [f"imported {n}" for n in range(20 * (self.happened["bring_in"] + 1))]
        file = self._deja.home / "lines"
        file.write_text("".join(f"{line}\n" for line in lines[-40:]))
        if self._deja("import", "--file", str(file), "--format", "lines").returncode == 0:
            self.imported += lines[-40:]

    def forget(self) -> None:
        self._deja("forget", "-y", f"imported {self._random.randrange(20)}")

    def jump(self) -> None:
        """A shell whose clock jumps records, as its hooks do."""
        starts = ("-1.0", "0", "1e300", "nan", "9" * 30, "4102444800.5", "1700000000.000001", "")
        for start in starts:
            self.recorded.append(f"storm clock {len(self.recorded)}")
            with contextlib.suppress(OSError):
                self._deja.record(self.recorded[-1], start=start)
                continue
            self.recorded.pop()

    def full(self) -> None:
        assert self._disk
        self._disk.fill()
        self.done.wait(self._random.uniform(0.2, 1.5))
        self._disk.empty()

    def read_only(self) -> None:
        assert self._disk
        with self._disk.read_only():
            self.done.wait(self._random.uniform(0.2, 1.5))

    def _signal(self, number: signal.Signals) -> None:
        pid = self._deja.pid
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk | None]:
    with small_disk(tmp_path / "disk", 64) as made:
        yield made


@pytest.fixture
def stormy(tmp_path: Path, disk: SmallDisk | None) -> Iterator[Deja]:
    install = Deja(tmp_path)
    install.root = tmp_path / "disk" / "deja"
    install.env["DEJA_HOME"] = str(install.root)
    install.config.data_dir.mkdir(parents=True, mode=0o700)
    install.root.chmod(0o700)
    env = install.config.data_dir / "env.sh"
    env.write_text(f"_deja_python='{sys.executable}'\n_deja_app='{ROOT}'\n")
    env.chmod(0o600)
    install.start()
    yield install
    control.stop(install.config)


def versions(directory: Path) -> list[Path]:
    """Copies of the program that say that they are older and newer."""
    made = []
    for version in ("0.0.1", "0.0.2", "99.0.0"):
        copy = directory / version
        shutil.copytree(ROOT / "backend", copy / "backend")
        (copy / "backend" / "__init__.py").write_text(f'__version__ = "{version}"\n')
        made.append(copy)
    return made


def runs(store: Path) -> "collections.Counter[str]":
    """How often each command ran, by the runs themselves."""
    with contextlib.closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT text FROM runs JOIN commands c ON c.id = command_id")
        return collections.Counter(text for (text,) in rows)


@pytest.mark.timeout(1800)
def test_what_is_typed_in_a_storm_is_there_once(
    stormy: Deja, disk: SmallDisk | None, tmp_path: Path
) -> None:
    people = [Person(stormy, number) for number in range(SHELLS)]
    storm = Storm(stormy, versions(tmp_path / "versions"), disk)
    raging = threading.Thread(target=storm.rage)
    for thread in (*people, raging):
        thread.start()
    for person in people:
        person.join()
    storm.done.set()
    raging.join()
    assert stormy("restart").returncode == 0
    for person in people:  # what the shell had to keep is written at the next prompt
        if not person.failure:
            person.type(f": storm {person.number} last")
    stormy.ask("refresh")
    found = runs(stormy.config.store_file)
    for person in people:
        person.leave()
    typed = [text for person in people for text in person.typed]
    stormed = [text for text in typed if "storm" in text] + storm.recorded
    lost = [text for text in stormed if not found[text]]
    twice = [text for text in (*stormed, *storm.imported) if found[text] > 1]
    slowest = max(person.slowest for person in people)
    print(
        f"typed storm: {SHELLS} shells, {len(typed)} typed, {len(storm.recorded)} with odd clocks, "
        f"{dict(storm.happened)}, slowest prompt {slowest:.2f} s: "
        f"{len(lost)} lost, {len(twice)} twice"
    )
    assert [person.failure for person in people if person.failure] == []
    assert (lost, twice) == ([], [])
    wait_until(lambda: "problem" not in stormy.status(), "the problem to be over")
