"""Records of other hosts into the history: masked again, merged, and told to what memory holds.

The caller holds the history still, but for the masking.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.engine.history import History
from backend.engine.rereading import as_kept
from backend.redaction.mask import redact
from backend.storage.exchange import hosts, merging
from backend.storage.exchange.hosts import Own, Segment
from backend.storage.exchange.merging import Merged
from backend.storage.exchange.records import Exchanged, Keep, Run
from backend.storage.kept import Kept
from backend.storage.store import Added


@dataclass(frozen=True)
class Taken:
    """How many runs were added and removed, and how many records are here with other content."""

    added: int
    removed: int
    differing: int


def fitted(history: History, found: Sequence[Exchanged]) -> list[Exchanged]:
    """The records as they may be kept here: the rules for secrets of this host may be newer, and
    what its settings do not want is left out. Takes no lock.
    """
    return [
        _fit(history, record)
        for record in found
        if not isinstance(record, Run) or history.is_wanted(record.run.command)
    ]


def _fit(history: History, record: Exchanged) -> Exchanged:
    if isinstance(record, Run):
        return replace(record, run=history.fit(record.run))
    if isinstance(record, Keep):
        note = None if record.note is None else redact(record.note)
        command, question = as_kept(record.command, None), redact(record.question)
        return replace(record, command=command, question=question, note=note)
    return record


class _Copied(Exception):
    """Another machine has this one's id."""


def take(history: History, own: Own, lot: Sequence[Exchanged], segment: Segment | None) -> Taken:
    """Merge these records, and note that a segment ends with them, both or neither. Of the own
    stream nothing is merged where another machine has written to it.
    """
    # What was typed before a tombstone came must not look as if it was typed after it.
    history.drain()
    store = history.store
    merged = Merged()
    try:
        with store.transaction():
            merged = merging.merge(store.db, own, lot)
            if merged.differing and lot[0].host == own.host:
                raise _Copied
            if segment is not None:
                hosts.read_segment(store.db, segment)
            if merged.buried.commands or merged.buried.keeps:
                store.removed()
    except _Copied:
        return Taken(0, 0, merged.differing)
    _tell(history, merged)
    return Taken(merged.added, merged.buried.runs, merged.differing)


def _tell(history: History, merged: Merged) -> None:
    """Bring what is in memory in step with the store."""
    before = history.catalogue.kept
    if merged.buried.commands:
        left = history.lookup.texts_of(merged.buried.commands)
        history.remove_traces([id for id in merged.buried.commands if id not in left])
    else:
        history.take_in(Added(list(merged.new), list(merged.again), merged.added))
        if merged.picks:
            history.reread_picks()
        if merged.buried.keeps:
            history.remove_copies()
    if merged.kept:
        hold_kept(history, merged.kept, before)


def hold_kept(history: History, ids: Sequence[int], before: Kept) -> None:
    """The notes and pins of these commands have changed in the store; what was kept before."""
    history.catalogue.keep()
    after = history.catalogue.kept
    for id in ids:
        if before.notes.get(id) != after.notes.get(id):
            history.catalogue.unlearn(id)
    if set(before.notes) - set(after.notes):
        history.remove_copies()
