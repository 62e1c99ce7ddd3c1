"""One round as a process does it: alone, with its credentials, and its result written down."""

import fcntl
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from backend.sync import places, stores
from backend.sync.extra import MissingExtra
from backend.sync.history import Daemon, History
from backend.sync.places import NotSetUp, Places
from backend.sync.round import run as rounds
from backend.sync.round.work import Work
from backend.sync.stores.counted import Counted
from backend.sync.stores.store import StorageError
from backend.wire import client

Status = dict[str, Any]

# What ends a round with one line for people; the next one goes on where it stopped.
FAILURES = (NotSetUp, StorageError, MissingExtra, client.Unavailable, client.Refused, OSError)


class Busy(Exception):
    """Another round is at work in this data directory."""


def once(
    where: Places,
    connect: Callable[[], client.Connection],
    forgetting: str = "",
    wait_s: float = 0.0,
    tell: Callable[[int], None] = lambda _: None,
) -> Status:
    """Do a round; its status, as it is in `status.json`. connect: to the daemon. forgetting:
    the id of a host whose runs are to go. tell: how many records have moved so far.

    Raises Busy, and NotSetUp where sync is off.
    """
    where.read_settings()
    with locked(where, wait_s):
        try:
            use_environment(where)
            storage = Counted(stores.open_store(where.read_settings().url))
            with connect() as connection:
                status = _round(where, storage, Daemon(connection, tell), forgetting)
        except FAILURES as error:
            status = _failed(where, error)
        places.write_json(where.status, status)
        return status


def _round(where: Places, storage: Counted, history: History, forgetting: str) -> Status:
    work = rounds.run(where, storage, history, forgetting)
    return {
        "at": int(time.time()),
        "ok": not work.problems,
        "error": None,
        "problems": [plain(problem) for problem in work.problems],
        "requests": storage.requests,
        "sent": storage.sent,
        "received": storage.received,
        "read": work.read,
        "wrote": work.wrote,
        "hosts": _hosts(work),
    }


def _hosts(work: Work) -> Status:
    """What the storage has of each host, and how much of it is not here."""
    hosts = {}
    for host, files in work.layout.hosts.items():
        notes = work.seen.of(host, files)
        hosts[host] = {
            "name": notes[-1].header.name if notes else work.known.peer(host).name,
            "sequence": max(files, default=0),
            "files": len(files),
            "bytes": sum(files.values()),
            "behind": _behind(work, host, files),
            "written": notes[-1].header.written if notes else None,
        }
    return hosts


def _behind(work: Work, host: str, files: Iterable[int]) -> int:
    """Segments of a host that are not here; what was written just now is."""
    sequence = work.known.peer(host).sequence
    return 0 if host == work.own else max(0, max(files, default=0) - sequence)


def _failed(where: Places, error: Exception) -> Status:
    """The status of before, with what went wrong now."""
    return {**where.read_status(), "at": int(time.time()), "ok": False, "error": line(error)}


def line(error: Exception) -> str:
    """An error on one line, with what mends it."""
    if isinstance(error, OSError) and error.filename:
        return f"cannot use {error.filename}: {error.strerror}; mend that, then run it again"
    return plain(str(error))


def plain(text: str) -> str:
    """On one line, without what steers a terminal: names and errors come from elsewhere."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


@contextmanager
def locked(where: Places, wait_s: float) -> Iterator[None]:
    """Alone in this data directory, at the latest after `wait_s` seconds. Raises Busy."""
    descriptor = os.open(where.lock, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + wait_s
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() >= deadline:
                    raise Busy("another sync is at work; see: deja sync status") from error
                time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


def use_environment(where: Places) -> None:
    """Credentials that sync was set up with; what this process has itself goes before."""
    for name, value in (places.read_json(where.environment) or {}).items():
        os.environ.setdefault(name, str(value))


def rendezvous(data_dir: Path) -> Path:
    """The daemon's file, as in backend/config.py: to import that is half of a quiet round."""
    return data_dir / "daemon"
