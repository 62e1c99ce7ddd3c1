"""What sync keeps on this machine: `sync/` in the data directory, for this user alone."""

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from backend.sync import identity
from backend.sync.identity import Identity


class NotSetUp(Exception):
    """Sync is off, or its files are damaged; the line says what to do."""


class Settings(NamedTuple):
    """`host`: the id that this machine writes under, 16 hex digits; `name`: what people call it.
    `key`: the fingerprint of the identity. `created`: epoch seconds.
    """

    url: str
    host: str
    name: str
    key: str
    created: int


class Places:
    """Paths need not exist; sync is on where `settings` is there."""

    __slots__ = ("directory",)

    def __init__(self, data_dir: Path) -> None:
        self.directory = data_dir / "sync"

    @property
    def settings(self) -> Path:
        return self.directory / "settings.json"

    @property
    def identity(self) -> Path:
        return self.directory / "identity"

    @property
    def environment(self) -> Path:
        """Variables with which the storage was set up: the daemon's environment has none."""
        return self.directory / "environment.json"

    @property
    def status(self) -> Path:
        return self.directory / "status.json"

    @property
    def seen(self) -> Path:
        """What the storage held; made again when it is missing."""
        return self.directory / "seen.json"

    @property
    def lock(self) -> Path:
        return self.directory / "lock"

    def read_settings(self) -> Settings:
        """Raises NotSetUp."""
        facts = read_json(self.settings)
        if facts is None:
            raise NotSetUp("sync is off; run: deja sync init URL, or: deja sync join URL")
        try:
            return Settings(**facts)
        except TypeError as error:
            raise NotSetUp(
                f"{self.settings} is damaged; run: deja sync off, then: deja sync join URL"
            ) from error

    def read_status(self) -> dict[str, Any]:
        """What the last round wrote down; of one that was not, or is damaged, what can be said."""
        empty: dict[str, Any] = {"error": None, "problems": [], "hosts": {}}
        return empty | (read_json(self.status) or {})

    def read_identity(self, key: str) -> Identity:
        """The identity, which must have this fingerprint. Raises NotSetUp."""
        try:
            found = identity.parse(self.identity.read_text("ascii"))
        except (OSError, UnicodeDecodeError, identity.NoIdentity) as error:
            raise NotSetUp(
                f"{self.identity} cannot be read ({error}); run: deja sync off, "
                "then: deja sync join URL"
            ) from error
        if found.fingerprint() != key:
            raise NotSetUp(
                f"{self.identity} is another identity than the one that sync was set up with; put "
                "that one back, or run: deja sync off, then: deja sync join URL"
            )
        return found


def read_json(path: Path) -> dict[str, Any] | None:
    """What a file says; None if there is none, or it is no object."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def write(path: Path, data: bytes) -> None:
    """Write a file of this user's alone, whole or not at all, and on the disk."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_json(path: Path, facts: dict[str, Any]) -> None:
    write(path, json.dumps(facts, indent=1).encode() + b"\n")
