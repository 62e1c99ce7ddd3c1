"""Records of hosts into the store: a union, whatever the order in which the streams arrive.

Of one stream the records come in order; what has come before is passed over.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from backend.storage import adding
from backend.storage.adding import MICRO
from backend.storage.exchange import forgetting, hosts, keeps, marks
from backend.storage.exchange.forgetting import Buried
from backend.storage.exchange.hosts import Own
from backend.storage.exchange.records import (
    FORGET,
    FORGET_RUN,
    SEEN,
    Exchanged,
    Keep,
    Run,
)
from backend.system.text import to_bytes


@dataclass
class Merged:
    """What a lot did: commands that are new and known ones that ran again, by id; how many runs
    were added; what its tombstones removed; commands whose pin or note has changed; whether any
    pick came; and how many records are here with other content.
    """

    new: dict[int, None] = field(default_factory=dict)
    again: dict[int, None] = field(default_factory=dict)
    added: int = 0
    buried: Buried = field(default_factory=Buried)
    kept: list[int] = field(default_factory=list)
    picks: bool = False
    differing: int = 0


def merge(db: sqlite3.Connection, own: Own, found: Iterable[Exchanged]) -> Merged:
    """Take in records, in order, whose texts are masked."""
    lot = list(found)
    merged = Merged()
    if any(not isinstance(record, Run) for record in lot):
        # What the user has changed here is newer than what is about to come.
        keeps.note_changes(db, own)
    touched: dict[bytes, None] = {}
    runs = _Runs(db, own, merged)
    for record in lot:
        if isinstance(record, Run):
            runs.add(record)
        elif isinstance(record, Keep):
            if keeps.add(db, own, record):
                touched[to_bytes(record.command)] = None
                merged.picks |= bool(record.question)
        else:
            if marks.add(db, record) and record.kind != SEEN:
                forgetting.bury(db, own, record, merged.buried)
            runs.look_again()
    _settle(db, merged, touched)
    _note_progress(db, lot, merged)
    return merged


def _settle(db: sqlite3.Connection, merged: Merged, touched: Iterable[bytes]) -> None:
    ids = dict(merged.buried.kept)
    if merged.new and db.execute("SELECT 1 FROM sync_keeps LIMIT 1").fetchone():
        ids |= merged.new
    for text in touched:
        query = "SELECT id FROM commands WHERE text = CAST(? AS TEXT)"
        ids |= {id: None for (id,) in db.execute(query, (text,))}
    merged.kept = keeps.settle(db, ids)


def _note_progress(db: sqlite3.Connection, lot: list[Exchanged], merged: Merged) -> None:
    last: dict[int, int] = {}
    for record in lot:
        last[record.host] = max(record.counter, last.get(record.host, 0))
    for host, counter in last.items():
        hosts.note_records(db, host, counter, merged.differing)


class _Runs:
    """Adds runs; what it knows of the tombstones is good until a mark comes."""

    def __init__(self, db: sqlite3.Connection, own: Own, merged: Merged) -> None:
        self._db, self._own, self._merged = db, own, merged
        self.look_again()

    def look_again(self) -> None:
        """The marks have changed."""
        self._tombstones: dict[str, marks.Tombstones] = {}
        self._of_host: dict[int, marks.Tombstones] = {}
        self._any = marks.any_of(self._db, FORGET)
        self._any_run = marks.any_of(self._db, FORGET_RUN)

    def add(self, record: Run) -> None:
        if self._is_here(record) or self._is_dead(record):
            return
        db, merged = self._db, self._merged
        id, is_new = adding.command_id(db, record.run.command, imported=False)
        assert id is not None
        numbered = record.host, record.counter
        if record.host == self._own.host and self._take_up(id, record):
            return
        start = _us(record.run.start)
        if start is not None and record.run.session is not None:
            # From a history file that this store has imported, or what a rescue had left of it.
            adding.drop_imported_twin(db, id, start)
        adding.insert(db, id, record.run, imported=False, numbered=numbered)
        merged.added += 1
        if is_new:
            merged.new[id] = None
        elif id not in merged.new:
            merged.again[id] = None

    def _is_here(self, record: Run) -> bool:
        row = self._db.execute(
            "SELECT r.start_us, r.duration_us, r.exit, r.session, c.text FROM runs r"
            " JOIN commands c ON c.id = r.command_id WHERE r.origin = ? AND r.counter = ?",
            (record.host, record.counter),
        ).fetchone()
        if row is None:
            return False
        run = record.run
        facts = _us(run.start), _us(run.duration), run.exit, run.session
        # The text may have been masked since on one of the hosts, where there is more to go by.
        if row[:-1] != facts or (facts == (None,) * 4 and row[-1] != run.command):
            self._merged.differing += 1
        return True

    def _is_dead(self, record: Run) -> bool:
        db, host, counter = self._db, record.host, record.counter
        if self._any_run and marks.is_run_dead(db, host, counter):
            return True
        if host not in self._of_host:
            self._of_host[host] = marks.for_host(db, host)
        found = self._of_host[host]
        text = record.run.command
        if self._any:
            if text not in self._tombstones:
                digest = self._own.digest(to_bytes(text))
                self._tombstones[text] = marks.for_text(db, digest)
            found = found + self._tombstones[text]
        return bool(found) and marks.kill(db, found, host, counter)

    def _take_up(self, id: int, record: Run) -> bool:
        """Give a run of this host, which lost its number with the store, that number back."""
        session = record.run.session
        taken = self._db.execute(
            "UPDATE runs SET origin = ?, counter = ? WHERE id = (SELECT id FROM runs"
            " WHERE command_id = ? AND start_us IS ? AND session IS CAST(? AS TEXT)"
            " AND origin IS NULL ORDER BY id LIMIT 1)",
            (record.host, record.counter, id, _us(record.run.start), session and to_bytes(session)),
        )
        return taken.rowcount == 1


def _us(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * MICRO)
