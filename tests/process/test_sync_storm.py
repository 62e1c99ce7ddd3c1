"""The storm over one history on three machines: real daemons and real rounds, killed at any moment,
cut off, their clocks a year apart, files that come late, twice, by halves and out of order. In the
end all machines hold the same: 0 lost, 0 twice, what was forgotten gone everywhere.

DEJA_TEST_FULL=1 runs it in full length, over every kind of storage: 30,000 runs.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.install import FULL, Deja, wait_until
from support.paths import ROOT
from support.storages import CREDENTIALS, url_of
from support.syncthing import SYNCTHING, Node, nodes

from backend.daemon import control, deaths
from backend.sync.places import Places
from backend.wire import client

RUNS, LOT = (7_500, 60) if FULL else (240, 12)
KINDS = ("moved", "folder", "s3", "rclone", "syncthing") if FULL else ("moved",)
ROUND = ROOT / "backend" / "sync" / "__main__.py"
YEAR_S = 365 * 86400


class Machine:
    """A data directory with its daemon, a clock of its own, and a folder or another storage."""

    def __init__(self, directory: Path, number: int) -> None:
        directory.mkdir()
        self.deja = Deja(directory)
        self.deja.env |= CREDENTIALS
        self.number = number
        self.clock = time.time() + (number - 1) * YEAR_S
        self.typed = 0
        self.storage = ""

    @property
    def id(self) -> str:
        return Places(self.deja.config.data_dir).read_settings().host

    def type(self, *commands: str) -> None:
        for command in commands:
            self.clock += 1
            session = f"machine{self.number}.1.1"
            start, host = f"{self.clock:.6f}", f"machine{self.number}"
            self.deja.record(command, session=session, start=start, host=host)

    def texts(self) -> list[str]:
        """Of every run that is in the store, in order of the text."""
        return [text for _, _, text in self.runs()]

    def runs(self) -> list[tuple[int, int, str]]:
        """(origin, counter, text) of every run, in order of the text."""
        query = (
            "SELECT r.origin, r.counter, c.text FROM runs r JOIN commands c ON c.id = r.command_id"
        )
        with self._store() as db:
            return sorted(db.execute(query).fetchall(), key=lambda run: (run[2], run[0], run[1]))

    def _store(self) -> contextlib.closing[sqlite3.Connection]:
        """To be read alone: a connection that may write moves the log when it is closed."""
        address = f"{self.deja.config.store_file.as_uri()}?mode=ro"
        return contextlib.closing(sqlite3.connect(address, uri=True))

    def forget(self, text: str) -> bool:
        """Whether it was there."""
        with self._store() as db:
            row = db.execute("SELECT id FROM commands WHERE text = ?", (text,)).fetchone()
        if row is None:
            return False
        return dict(self.deja.ask("forget", ("id", row[0])))["forgotten"] == "1"

    def round(self, dies_after: float | None = None) -> int:
        """A round as the daemon has it done; its exit code. It is killed after so many seconds."""
        process = subprocess.Popen(
            [sys.executable, "-I", str(ROUND), str(self.deja.config.data_dir)],
            env=self.deja.env,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(dies_after or 120)
        process.kill()
        return process.wait()

    def die(self) -> None:
        """The daemon, at once; another one is started."""
        pid = self.deja.pid
        if pid:
            os.kill(pid, signal.SIGKILL)
            # One of its threads may be writing to the disk still, with the socket open.
            wait_until(lambda: self.deja.pid != pid, "the daemon's death")
        deaths.clear(self.deja.config.starts_file)
        self.deja.start()


class Mover:
    """Takes files from folder to folder as Syncthing does: each owner's to the others', late, in
    any order, now and then half of one first.
    """

    def __init__(self, machines: list[Machine], chance: random.Random) -> None:
        self._machines, self._chance = machines, chance

    def move(self, share: float = 1.0) -> None:
        for owner in self._machines:
            for other in self._machines:
                if owner is not other:
                    self._move(owner, other, share)

    def _move(self, owner: Machine, other: Machine, share: float) -> None:
        source = Path(owner.storage) / "v1" / owner.id
        target = Path(other.storage) / "v1" / owner.id
        target.mkdir(parents=True, exist_ok=True)
        files = {path.name: path for path in source.glob("*.age")}
        names = sorted(files)
        self._chance.shuffle(names)
        for name in names:
            with contextlib.suppress(FileNotFoundError):  # it was merged into another meanwhile
                data = files[name].read_bytes()
                if self._chance.random() < share:
                    half = share < 1 and self._chance.random() < 0.1
                    (target / name).write_bytes(data[: len(data) // 2] if half else data)
        for path in target.glob("*.age"):
            if path.name not in files and self._chance.random() < share:
                path.unlink()


class Syncthing(Mover):
    """The same by Syncthing, whose nodes stand still now and then."""

    def __init__(self, nodes: list[Node], chance: random.Random) -> None:
        super().__init__([], chance)
        self._nodes = nodes

    def move(self, share: float = 1.0) -> None:
        for node in self._nodes:
            node.pause(self._chance.random() > share)
        if share == 1.0:
            wait_until(self._are_equal, "Syncthing to have moved everything")

    def _are_equal(self) -> bool:
        time.sleep(0.2)
        with contextlib.suppress(FileNotFoundError):
            first, *others = (node.files() for node in self._nodes)
            return bool(first) and all(first == other for other in others)
        return False


def set_up(machines: list[Machine], kind: str, directory: Path, url: str) -> None:
    """One history, begun by the first."""
    identity = directory / "identity"
    for machine in machines:
        machine.storage = url
        if kind in ("moved", "syncthing"):
            machine.storage = str(directory / f"folder {machine.number}")
        if kind == "moved" and machine.number:
            shutil.copytree(machines[0].storage, machine.storage)
        machine.deja.start()
        verb = "join" if machine.number else "init"
        if kind == "syncthing" and machine.number:
            check = Path(machine.storage) / "v1" / "key-check.age"
            wait_until(check.exists, "the key-check to be moved")
        done = machine.deja("sync", verb, machine.storage, "--identity", str(identity))
        assert done.returncode == 0, done.stderr


class Storm:
    """Typed and forgotten at random, with what goes wrong in between."""

    def __init__(self, machines: list[Machine], mover: Mover | None, chance: random.Random) -> None:
        self.machines, self.mover, self.chance = machines, mover, chance
        self.typed: set[str] = set()
        self.forgotten: set[str] = set()
        self.online = {0, 1, 2}

    def step(self) -> None:
        machine = self.chance.choice(self.machines)
        new = [f"storm {machine.number} {len(self.typed) + at}" for at in range(LOT)]
        self.typed.update(new)
        machine.type(*new, f"common {self.chance.randrange(3)}")
        if self.chance.random() < 0.3:
            self._forget(machine)
        if self.chance.random() < 0.1:
            self.online = {at for at in range(3) if self.chance.random() < 0.7}
        if machine.number in self.online:
            machine.round(self.chance.choice([None, self.chance.uniform(0.02, 0.5)]))
        if self.mover:
            self.mover.move(self.chance.choice([0.0, 0.3, 0.7]))
        if self.chance.random() < 0.05:
            machine.die()

    def _forget(self, machine: Machine) -> None:
        text = self.chance.choice([*self.chance.sample(sorted(self.typed), 5), "common 1"])
        with contextlib.suppress(client.Unavailable, sqlite3.OperationalError):
            if machine.forget(text) and text != "common 1":
                self.forgotten.add(text)

    def settle(self) -> None:
        """The network is there again for all, and nobody is killed any more."""
        for _ in range(4):
            for machine in self.machines:
                machine.deja.ask("refresh")
                code = machine.round()
                assert code in (0, 1, os.EX_TEMPFAIL)
                if self.mover:
                    self.mover.move()
        for machine in self.machines:
            told = machine.deja("sync", "status", "--json")
            assert machine.round() == 0, told.stdout


def stored(machines: list[Machine]) -> bytes:
    """All that lies in folders of the storage."""
    folders = {machine.storage.removeprefix("rclone::local:") for machine in machines}
    files = (path for folder in folders for path in Path(folder).rglob("*") if path.is_file())
    return b"".join(path.read_bytes() for path in files)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_is_everywhere_when_the_storm_is_over(kind: str, tmp_path: Path) -> None:
    chance = random.Random(os.environ.get("DEJA_TEST_SEED", kind))
    machines = [Machine(tmp_path / f"machine {number}", number) for number in range(3)]
    with contextlib.ExitStack() as stack:
        (tmp_path / "shared").mkdir()
        mover: Mover | None = None
        url = ""
        if kind == "moved":
            mover = Mover(machines, chance)
        elif kind == "syncthing":
            if SYNCTHING is None:
                pytest.skip("no syncthing is installed")
            folders = [tmp_path / f"folder {number}" for number in range(3)]
            mover = Syncthing(stack.enter_context(nodes(tmp_path, folders)), chance)
        else:
            url = stack.enter_context(url_of(kind, tmp_path / "shared"))
        for machine in machines:
            stack.callback(control.stop, machine.deja.config)
        set_up(machines, kind, tmp_path, url)
        storm = Storm(machines, mover, chance)
        while len(storm.typed) < RUNS:
            storm.step()
        storm.settle()
        assert machines[0].runs() == machines[1].runs() == machines[2].runs()
        texts = [text for text in machines[0].texts() if text.startswith("storm")]
        assert set(texts) == storm.typed - storm.forgotten, "none lost, none come back"
        assert len(texts) == len(set(texts)), "none twice"
        assert storm.forgotten, "there was something to forget"
        assert b"storm" not in stored(machines)
