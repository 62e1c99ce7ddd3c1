"""Commands leave the history, or their secrets do: store, spool, text index, vectors, copies.

The caller holds the history still.
"""

import logging
from collections.abc import Sequence

from backend.engine import keeping
from backend.engine.history import History
from backend.engine.rereading import as_kept

log = logging.getLogger(__name__)


def forget(history: History, ids: Sequence[int]) -> int:
    """Remove commands; how many there were."""
    if not ids:
        return 0
    history.drain()
    forgotten = history.store.forget(ids)
    history.remove_traces(ids)
    return forgotten


def forget_runs(history: History, runs: Sequence[int]) -> tuple[int, int]:
    """Remove single runs; how many commands went with their last, and how many other runs."""
    if not runs:
        return 0, 0
    history.drain()
    commands, count = history.store.forget_runs(runs)
    if not commands:
        return 0, 0
    left = history.lookup.texts_of(commands)
    gone = [id for id in commands if id not in left]
    history.remove_traces(gone)
    return len(gone), count - len(gone)


def mask(history: History, ids: Sequence[int]) -> int:
    """Mask the secrets in these commands, whose runs stay; how many held any."""
    history.drain()
    found = history.lookup.commands(ids)
    safe = [(each.id, each.text, as_kept(each.text, each.last_exit)) for each in found]
    masked = [(id, kept) for id, text, kept in safe if kept != text]
    if masked:
        history.store.mask(masked)
        history.remove_traces([id for id, _ in masked])
    return len(masked)


def mend_reread(history: History) -> int:
    """Mask and remove what reading the store again has found; how many commands were masked."""
    found = history.rereading
    keeping.mask(history)
    if found.unwanted:
        forget(history, found.unwanted)
    masked = mask(history, found.unsafe) if found.unsafe else 0
    found.finish(masked)
    if masked:
        told = f"newer rules for secrets have masked {masked:,} of the commands kept before"
        log.info("%s", told)
        before = history.lookup.note("recovery")
        history.store.set_note("recovery", "; ".join(filter(None, (before, told))))
        history.notice, history.masked = history.lookup.note("recovery"), masked
    return masked
