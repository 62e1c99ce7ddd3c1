"""When a snapshot of the store is taken, and whether it may be kept."""

import contextlib
import logging
import sqlite3
import time
from contextlib import AbstractContextManager
from pathlib import Path

from backend.engine.history import History
from backend.storage import snapshots
from backend.storage.condition.damage import is_damage

log = logging.getLogger(__name__)

# One that failed, on a full disk for one, is not tried again at once.
RETRY_S = 600.0

# One of less than half of the history, and of this many commands less, is not enough.
SOME = 100


class Backups:
    """The snapshots of the store at `store`, as the daemon takes them."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._not_before = 0.0
        self._counted: snapshots.Snapshot | None = None
        self._commands = 0

    def take(self, history: History, lock: AbstractContextManager[bool]) -> None:
        """One, if it is due. Searches are answered while it is written; what is removed meanwhile
        must not be in it.
        """
        with lock:
            generation = history.lookup.generation()
            due = history.store.is_in_place() and self._are_due(len(history.catalogue))
        if due and self._prepare():
            with lock:
                if history.lookup.generation() == generation:
                    self._keep()
                else:
                    snapshots.discard(self._store)

    def _are_due(self, commands: int) -> bool:
        """Whether the newest is old, or of less than half of these commands."""
        if not commands or time.monotonic() < self._not_before:
            return False
        return commands > 2 * self._in_newest() + SOME or snapshots.is_due(self._store)

    def _in_newest(self) -> int:
        """How many commands the newest holds; it is counted once."""
        newest = next(iter(snapshots.found(self._store)), None)
        if newest != self._counted:
            self._counted, self._commands = newest, 0
            if newest is not None:
                with contextlib.suppress(sqlite3.Error):
                    self._commands = snapshots.contents(newest.path).commands
        return self._commands

    def _prepare(self) -> bool:
        """Write one, which is not kept yet; False if the disk does not let it be written.

        Raises sqlite3.DatabaseError if the store turns out to be damaged.
        """
        try:
            snapshots.prepare(self._store)
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, sqlite3.Error) and is_damage(error):
                raise
            self._failed(error)
            return False
        return True

    def _keep(self) -> None:
        """Let what was prepared be the newest."""
        try:
            log.info("snapshot %d of the history was taken", snapshots.keep(self._store).number)
        except OSError as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        log.error("no snapshot of the history could be taken: %s", error)
        self._not_before = time.monotonic() + RETRY_S
