"""One command looked at closely: what is known of it, and its runs with their neighbours.

The caller holds the history still.
"""

from dataclasses import dataclass

from backend.engine.history import History
from backend.storage import runs
from backend.storage.lookup import Command
from backend.storage.runs import Run as Run  # part of this module's interface


@dataclass(frozen=True)
class Inspected:
    """median: of its durations, in seconds; note: the user's, empty if there is none. runs: some,
    newest first.
    """

    command: Command
    median: float | None
    pinned: bool
    note: str
    runs: list[Run]


def inspect(history: History, command_id: int, limit: int, offset: int) -> Inspected | None:
    """At most `limit` runs, `offset` passed over; None if there is no such command."""
    history.drain()
    found = history.lookup.commands([command_id])
    if not found:
        return None
    kept, db = history.catalogue.kept, history.store.db
    return Inspected(
        found[0],
        runs.median(db, command_id),
        command_id in kept.pinned,
        kept.notes.get(command_id, ""),
        runs.of_command(db, command_id, limit, offset),
    )
