"""What the user's aliases stand for, as the newest session of each shell told."""

import contextlib
import json
import sqlite3
from collections.abc import Iterable

from backend.meaning import aliases
from backend.meaning.telling import Telling
from backend.storage.lookup import Lookup
from backend.storage.store import Store
from backend.wire.record import Aliases as Told

# Where the store keeps them, by shell. What two shells have differently counts as the later has it.
SHELLS = ("bash", "zsh")


class Aliases:
    """`known`: commands by name; `telling`: what is told about commands with them. Kept in the
    store, for the time before a shell has told.
    """

    def __init__(self, store: Store, lookup: Lookup) -> None:
        self._store = store
        self._of = {shell: _read(lookup.note(_key(shell))) for shell in SHELLS}
        self._merge()

    def take(self, told: Iterable[Told]) -> None:
        """In place of what that shell had before."""
        for each in told:
            found = aliases.read(each.aliases, each.functions)
            if each.shell in self._of and found != self._of[each.shell]:
                self._of[each.shell] = found
                self._merge()
                # On a full disk the next session tells it again.
                with contextlib.suppress(sqlite3.OperationalError):
                    self._store.set_note(_key(each.shell), json.dumps(found) if found else "")

    def _merge(self) -> None:
        self.known = {name: body for of in self._of.values() for name, body in of.items()}
        self.telling = Telling(self.known)


def _key(shell: str) -> str:
    return f"aliases.{shell}"


def _read(note: str | None) -> dict[str, str]:
    """What was kept; nothing if that is damaged."""
    try:
        found = json.loads(note or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
