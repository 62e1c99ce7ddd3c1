"""Machines that share a storage, without daemons: places on disk, stores in memory."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backend.sync import key_check, places
from backend.sync.identity import Identity
from backend.sync.places import Places, Settings
from backend.sync.round import run as rounds
from backend.sync.round.work import Work
from backend.sync.segment import Seal
from backend.sync.stores.counted import Counted
from backend.sync.stores.store import Entry, Exists, Missing, ObjectStore
from support.fake_history import FakeHistory


class Memory:
    """A storage in memory; its files can be looked at and tampered with."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def list(self) -> list[Entry]:
        return [Entry(name, len(data)) for name, data in self.files.items()]

    def get(self, name: str) -> bytes:
        if name not in self.files:
            raise Missing(name)
        return self.files[name]

    def create(self, name: str, data: bytes) -> None:
        if name in self.files:
            raise Exists(name)
        self.files[name] = data

    def replace(self, name: str, data: bytes) -> None:
        self.files[name] = data

    def delete(self, name: str) -> None:
        self.files.pop(name, None)


class Killed(Exception):
    """Stands for SIGKILL: nothing of the process goes on."""


class Dying:
    """A storage and a history whose user is killed at call number `at`, before or after it is done.

    `store` and `history` stand for the two; `left` is 0 or less once it has happened.
    """

    def __init__(self, store: ObjectStore, history: FakeHistory, at: int, is_done: bool) -> None:
        self.left, self._is_done = at, is_done
        self.store: Any = _Stepped(store, self._step)
        self.history: Any = _Stepped(history, self._step)

    def _step(self, call: Callable[[], Any]) -> Any:
        self.left -= 1
        if self.left < 0:
            raise Killed
        result = call() if self.left or self._is_done else None
        if not self.left:
            raise Killed
        return result


class _Stepped:
    """Each call of a method of `inner` goes through `step`."""

    def __init__(self, inner: object, step: Callable[[Callable[[], Any]], Any]) -> None:
        self._inner, self._step = inner, step

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        return lambda *args, **named: self._step(lambda: method(*args, **named))


class SyncHost:
    """A machine: `history` is its store."""

    def __init__(self, directory: Path, name: str, identity: Identity, store: ObjectStore) -> None:
        self.name, self.identity, self.store = name, identity, store
        self.history = FakeHistory(name)
        self.places = Places(directory / name)
        self.places.directory.mkdir(parents=True)
        places.write(self.places.identity, identity.text().encode())
        host = (name.encode().hex() + "0" * 16)[:16]
        settings = Settings("memory", host, name, identity.fingerprint(), int(time.time()))
        places.write_json(self.places.settings, settings._asdict())

    def sync(self) -> Work:
        self.counted = Counted(self.store)
        return rounds.run(self.places, self.counted, self.history)

    def sync_killed(self, at: int, is_done: bool) -> bool:
        """A round that is killed at its call number `at`, if it has so many: whether it had."""
        dying = Dying(self.store, self.history, at, is_done)
        try:
            rounds.run(self.places, Counted(dying.store), dying.history)
        except Killed:
            return True
        return False

    @property
    def id(self) -> str:
        return self.places.read_settings().host


def begin(store: ObjectStore, identity: Identity) -> None:
    key_check.write(store, Seal(identity))


class Fleet:
    """Machines with one identity and one storage."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.identity = Identity.generate()
        self.store = Memory()
        begin(self.store, self.identity)

    def host(self, name: str) -> SyncHost:
        return SyncHost(self.directory, name, self.identity, self.store)

    def settle(self, *hosts: SyncHost) -> list[str]:
        """Rounds until nothing changes; what all hosts have then."""
        for _ in range(3):
            for host in hosts:
                assert host.sync().problems == []
        states = [host.history.commands() for host in hosts]
        assert all(state == states[0] for state in states)
        return states[0]
