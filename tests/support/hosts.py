"""Stores that exchange records as a sync has them do, without the files between them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from backend.storage import kept, picks
from backend.storage.exchange import hosts, merging, numbering, records
from backend.storage.exchange.hosts import Own, Segment
from backend.storage.exchange.merging import Merged
from backend.storage.exchange.records import Exchanged
from backend.storage.store import Store
from backend.wire.record import Record

KEY = bytes(range(32))
NAMES = [f"{number:016x}" for number in (0x0A, 0xF00000000000000B, 0x0C, 0xD0, 0xE0)]


class Host:
    """A store that is the host of this number in NAMES, and what each has heard of the others."""

    def __init__(self, directory: Path, number: int) -> None:
        self.name = NAMES[number]
        self.store = Store(directory / f"host-{number}.db")
        with self.store.transaction():
            hosts.set_up(self.db, records.host_number(self.name), f"machine-{number}", KEY)

    @property
    def db(self) -> sqlite3.Connection:
        return self.store.db

    @property
    def own(self) -> Own:
        found = hosts.own(self.db)
        assert found is not None
        return found

    def type(self, *commands: str, start: float | None = None, exit: int | None = 0) -> None:
        session = f"{self.name}.1.1"
        self.store.add([Record(each, start, exit=exit, session=session) for each in commands])

    def forget(self, command: str) -> None:
        self.store.forget([id for id in [self.id(command)] if id])

    def forget_last_run(self) -> None:
        row = self.db.execute("SELECT MAX(id) FROM runs").fetchone()
        if row[0]:
            self.store.forget_runs([row[0]])

    def keep(self, command: str, pinned: bool, note: str) -> None:
        id = self.id(command)
        if id:
            kept.pin(self.db, id, pinned)
            kept.note(self.db, id, note)

    def pick(self, question: str, command: str) -> None:
        picks.add(self.db, question, command, 1_700_000_000.0)

    def id(self, command: str) -> int | None:
        row = self.db.execute("SELECT id FROM commands WHERE text = ?", (command,)).fetchone()
        return row and int(row[0])

    def out(self, after: int = 0, most: int = 1000) -> list[str]:
        """Lines of its own stream, numbered as they are handed out."""
        with self.store.transaction():
            numbering.number(self.db, self.own, most)
        found = numbering.between(self.db, self.own.host, after, most=most)
        return [records.line(record) for record in found]

    def take(self, lines: Iterable[str], segment: Segment | None = None) -> Merged:
        """Merge lines of some host's stream."""
        found = [records.parse(line) for line in lines]
        with self.store.transaction():
            merged = merging.merge(self.db, self.own, found)
            if segment is not None:
                hosts.read_segment(self.db, segment)
        return merged

    def runs(self) -> dict[tuple[str, int], str]:
        """What it has, by (host, counter); runs that have no number yet are left out."""
        rows = self.db.execute(
            "SELECT r.origin, r.counter, c.text FROM runs r JOIN commands c ON c.id = r.command_id"
            " WHERE r.origin IS NOT NULL"
        )
        return {(records.name(origin), counter): text for origin, counter, text in rows}

    def contents(self) -> tuple[object, ...]:
        """All that users see of it, in a form that does not depend on the order of arrival."""
        return (
            sorted(self.runs().items()),
            self.db.execute(
                "SELECT c.text, k.pinned, k.note FROM kept k JOIN commands c"
                " ON c.id = k.command_id ORDER BY 1"
            ).fetchall(),
            self.db.execute(
                "SELECT p.question, c.text, p.weight FROM picks p JOIN commands c"
                " ON c.id = p.command_id ORDER BY 1, 2"
            ).fetchall(),
            self.db.execute(
                "SELECT text, runs, ok_runs, failed_runs, last_run_us FROM commands ORDER BY text"
            ).fetchall(),
        )

    def is_consistent(self) -> bool:
        """Whether each command has runs, as many as it says."""
        (wrong,) = self.db.execute(
            "SELECT COUNT(*) FROM commands c WHERE runs !="
            " (SELECT COUNT(*) FROM runs r WHERE r.command_id = c.id) OR runs = 0"
        ).fetchone()
        return not wrong and not self.db.execute("PRAGMA foreign_key_check").fetchall()


def exchange(hosts: Sequence[Host]) -> None:
    """Until nobody has anything new for the others."""
    before: list[list[str]] = []
    while (streams := [host.out() for host in hosts]) != before:
        for host in hosts:
            for stream in streams:
                host.take(stream)
        before = streams


def parsed(lines: Iterable[str]) -> list[Exchanged]:
    return [records.parse(line) for line in lines]
