"""What a sync costs: the first one of a new machine, and searches and records beside one."""

import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import psutil

from backend import config
from backend.daemon import control
from backend.sync import key_check, places
from backend.sync.history import Daemon
from backend.sync.identity import Identity
from backend.sync.layout import segment_name
from backend.sync.places import Places, Settings
from backend.sync.segment import Header, Seal
from backend.sync.stores import open_store
from backend.sync.stores.store import ObjectStore
from backend.wire import client, protocol
from scripts.benchmarks.percentiles import spread
from scripts.benchmarks.search import timed
from scripts.benchmarks.synthetic import commands

ROOT = Path(__file__).resolve().parent.parent.parent.parent
WATCHED = ROOT / "scripts" / "benchmarks" / "process" / "watched.py"
APP, ROUND = ROOT / "backend" / "app.py", ROOT / "backend" / "sync" / "__main__.py"

HOSTS = 10
# Runs of a command, and of a file: those of a long history are merged ones.
RUNS_OF_ONE, RUNS_OF_FILE = 5, 50_000
SHARE_BESIDE, SEARCHES, QUIET = 20, 200, 15
QUERIES = ("docker logs", "restart the web server", "git reb", "count rows", "tar")
TIMEOUT_S = 60.0
TRIES = 20


def measure(settings: config.Config, runs: int) -> dict[str, Any]:
    """The first sync of `runs` runs from 10 hosts, then searches beside another twentieth."""
    with tempfile.TemporaryDirectory() as folder:
        identity = Identity.generate()
        seal, storage = Seal(identity), open_store(folder)
        key_check.write(storage, seal)
        told = {"stored MB": round(_write(storage, seal, runs, 1) / 1e6, 1)}
        with control.connect_or_start(settings, APP) as connection:
            _set_up(settings, connection, folder, identity)
            told |= _first(settings, connection)
            told |= _quiet(settings)
            told |= _beside(settings, connection, storage, seal, runs // SHARE_BESIDE)
        control.stop(settings)
    return told


def _write(storage: ObjectStore, seal: Seal, runs: int, sequence: int) -> int:
    """Files of 10 hosts that hold so many runs, from this number on; their bytes."""
    sizes = 0
    for number in range(HOSTS):
        host, previous, at = f"{number + 1:016x}", "", sequence
        lines = _records(host, runs // HOSTS, sequence)
        while body := b"".join(islice(lines, RUNS_OF_FILE)):
            count = body.count(b"\n")
            first = (at - 1) * RUNS_OF_FILE + 1
            header = Header(
                *(host, at, 1 if at == sequence else at, first, first + count - 1),
                *(previous, seal.chain(host, at, previous, body), 0 if at > sequence else 1),
                *(f"machine-{number}", int(time.time()), len(body)),
            )
            data = seal.write(header, body)
            storage.create(segment_name(host, at), data)
            sizes += len(data)
            previous, at = header.chain, at + 1
    return sizes


def _records(host: str, runs: int, sequence: int) -> Iterator[bytes]:
    chance = random.Random(f"{host} {sequence}")
    texts = list(commands(max(1, runs // RUNS_OF_ONE), seed=chance.randrange(1 << 30)))
    first = (sequence - 1) * RUNS_OF_FILE
    for at in range(1, runs + 1):
        record = {
            "id": [host, first + at],
            "command": chance.choice(texts),
            "start": 1.7e9 + 40.0 * at,
            "duration": 0.25,
            "exit": int(chance.random() < 0.1),
            "cwd": f"/home/user/project{chance.randrange(300)}",
            "session": f"machine.{at // 50}.1",
            "host": f"machine-{host[-2:]}",
            "shell": "zsh",
        }
        yield json.dumps(record).encode() + b"\n"


def _set_up(
    settings: config.Config, connection: client.Connection, folder: str, identity: Identity
) -> None:
    where = Places(settings.data_dir)
    where.directory.mkdir(mode=0o700)
    places.write(where.identity, f"{identity.text()}\n".encode())
    host = Daemon(connection).name_host("ff" * 8, "here", identity.key("digest").hex(), anew=True)
    made = Settings(folder, host, "here", identity.fingerprint(), int(time.time()))
    # The daemon has no settings to find, so that no round but the measured ones is done.
    places.write_json(where.settings.with_name("measured.json"), made._asdict())


class _Round:
    """A round in its process, and the most memory that it was seen to have. On a machine that has
    more to do than it can, the daemon may hang up on it: then another one goes on, as always.
    """

    def __init__(self, settings: config.Config) -> None:
        where = Places(settings.data_dir)
        self._status = where.status
        self._settings = where.settings
        self._settings.write_bytes(where.settings.with_name("measured.json").read_bytes())
        self._command = [sys.executable, "-I", str(ROUND), str(settings.data_dir)]
        self.most = self.tries = 0
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while self.tries < TRIES:
            self.tries += 1
            process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)
            watched = psutil.Process(process.pid)
            while process.poll() is None:
                with contextlib.suppress(psutil.Error):
                    self.most = max(self.most, watched.memory_info().rss)
                time.sleep(0.02)
            if not process.returncode:
                return

    def is_at_work(self) -> bool:
        return self._thread.is_alive()

    def end(self) -> float:
        """Seconds that it took."""
        self._thread.join()
        self._settings.unlink()
        status = places.read_json(self._status) or {}
        if not status.get("ok"):
            raise RuntimeError(f"the round failed: {status.get('error') or status.get('problems')}")
        return time.monotonic() - self._began


def _first(settings: config.Config, connection: client.Connection) -> dict[str, Any]:
    before = _memory(settings)
    round_ = _Round(settings)
    seconds = round_.end()
    held = dict(connection.ask(protocol.request("status"), TIMEOUT_S))
    return {
        "first sync s": round(seconds, 1),
        "in rounds": round_.tries,
        "memory of its process MB": round(round_.most / 1e6),
        "commands then": int(held["commands"]),
        "daemon MB before, after": f"{before}, {_memory(settings)}",
    }


def _quiet(settings: config.Config) -> dict[str, Any]:
    """A round that finds nothing: what it takes, interpreter and all."""
    where = Places(settings.data_dir)
    command = [sys.executable, "-I", str(ROUND), str(settings.data_dir)]
    watched = [sys.executable, "-I", str(WATCHED), *command]
    taken = []
    for _ in range(QUIET):
        where.settings.write_bytes(where.settings.with_name("measured.json").read_bytes())
        done = subprocess.run(watched, capture_output=True, check=True)
        where.settings.unlink()
        taken.append(json.loads(done.stdout))
    return {
        "quiet round, processor ms": statistics.median(each["processor ms"] for each in taken),
        "quiet round, memory MB": taken[-1]["peak MB"],
        "quiet round, requests": json.loads(where.status.read_text())["requests"],
    }


def _memory(settings: config.Config) -> int:
    return round(psutil.Process(control.pid(settings)).memory_info().rss / 1e6)


def _beside(
    settings: config.Config,
    connection: client.Connection,
    storage: ObjectStore,
    seal: Seal,
    runs: int,
) -> dict[str, Any]:
    """Searches and records, each alone and then beside a round that merges so many runs."""
    spool = settings.spool_dir / "bench.1.1"

    def search(at: int) -> None:
        query = ("query", QUERIES[at % len(QUERIES)]), ("mode", protocol.TEXT)
        connection.ask(protocol.request("search", *query), TIMEOUT_S)

    def record(at: int) -> None:
        line = b"\0deja1\0start=%d\0exit=0\0cmd=echo %d\0\0" % (int(time.time()), at)
        with os.fdopen(os.open(spool, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as file:
            file.write(line)

    def times() -> tuple[list[float], list[float]]:
        searches, records = [], []
        for at in range(SEARCHES):
            searches.append(timed(search, at))
            records.append(timed(record, at))
            time.sleep(0.01)
        return searches, records

    search(0)
    alone = times()
    _write(storage, seal, runs, 1 + 1000)
    round_ = _Round(settings)
    beside = times()
    was_at_it = round_.is_at_work()
    round_.end()
    names = ("search", "record")
    return {
        **{f"{name} alone ms": spread(found) for name, found in zip(names, alone, strict=True)},
        **{f"{name} beside ms": spread(found) for name, found in zip(names, beside, strict=True)},
        "the round was at work to the end": was_at_it,
    }
