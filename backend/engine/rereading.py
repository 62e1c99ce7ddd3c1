"""The store read again, a lot at a time: after an upgrade of the rules for secrets, and when it was
made of what was left of another, which may be older than a rule.

A note in the store says by which rules it was read last. Not thread-safe: the engine locks.
"""

import contextlib
import sqlite3
from dataclasses import dataclass

from backend.engine.wanted import is_own, names_forget
from backend.redaction.mask import redact, stamp
from backend.storage.lookup import Lookup
from backend.storage.store import Store
from backend.wire import limits

# Commands of a lot: some 20 ms of looking, during which no lock is held.
LOT = 500

RULES, MASKED = "rules", "masked"


@dataclass(frozen=True)
class Lot:
    """Commands as the store has them: id, text, exit status of the last run or None."""

    commands: list[tuple[int, str, int | None]]


def as_kept(command: str, exit: int | None) -> str:
    """`command` as it may be at rest: masked by the rules of today, and no longer than allowed."""
    return limits.cut(redact(limits.cut(command), exit))


class Rereading:
    """What is still to be read of one store; commands that come later are masked as they come."""

    def __init__(self, store: Store, lookup: Lookup) -> None:
        self._store, self._lookup = store, lookup
        self._last = 0 if lookup.note(RULES) == stamp() else lookup.last_id()
        self._after = 0
        self.unsafe: list[int] = []
        self.unwanted: list[int] = []
        if not self._last:
            self._note(0)

    def next_lot(self) -> Lot | None:
        """What to look at next; None when all was read."""
        if self._after >= self._last:
            return None
        found = self._lookup.texts_and_exits(self._after, self._last, LOT)
        self._after = found[-1][0] if found else self._last
        return Lot(found)

    def judge(self, lot: Lot) -> None:
        """Find what must not stay as it is. Takes no lock: it touches nothing but the lot."""
        for id, text, exit in lot.commands:
            # Older hooks recorded the very lines that forget.
            if is_own(text) and names_forget(text):
                self.unwanted.append(id)
            elif as_kept(text, exit) != text:
                self.unsafe.append(id)

    def finish(self, masked: int) -> None:
        """All was read and mended: `masked` commands."""
        self._last = 0
        self.unsafe, self.unwanted = [], []
        self._note(masked)

    def _note(self, masked: int) -> None:
        # On a full disk it is not noted, and all is read again after the next start.
        with contextlib.suppress(sqlite3.OperationalError):
            if self._lookup.note(RULES) != stamp():
                self._store.set_note(MASKED, str(masked) if masked else "")
                self._store.set_note(RULES, stamp())

    @property
    def is_due(self) -> bool:
        """Whether there is something to read, or to mend of what was read."""
        return self._last > 0
