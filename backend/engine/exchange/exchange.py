"""What a sync asks of the history: its own records in order, and to take in those of others.

A lot is small, and waits while somebody searches: a sync has time.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from backend.engine.exchange.incoming import Taken, fitted, hold_kept, take
from backend.engine.history import History
from backend.storage.exchange import forgetting, hosts, keeps, numbering, records
from backend.storage.exchange.hosts import Own, Peer
from backend.storage.exchange.hosts import Segment as Segment  # part of this module's interface
from backend.storage.exchange.records import Exchanged, Mark
from backend.storage.exchange.records import Malformed as Malformed
from backend.storage.exchange.records import host_number as host_number

T = TypeVar("T")

# Runs that get their numbers in one go, with the history held still.
LOT = 500
# Commands that get their digests in one go.
NAMED = 5000
# Characters of one answer: a record has at most 64 KB of text, and JSON spells some of it longer.
ANSWER = 256 * 1024

# A search begun within the last moment is probably followed by another: a key was pressed.
QUIET_S, PATIENCE_S, LOOK_S = 0.3, 2.0, 0.02


class Safely(Protocol):
    """Does something with the history held still."""

    def __call__(self, work: Callable[[], T], /) -> T: ...


class NoSync(Exception):
    """No sync was set up in this store."""


@dataclass(frozen=True)
class Known:
    """This store as a host, how many of its records have no number yet, what its segments still
    hold that it does not, and every host.
    """

    own: Own | None
    waiting: int
    rewrite: int
    stale: list[tuple[int, int]]
    peers: list[Peer]


class Exchange:
    """Of one history. searched: when somebody searched last, monotonic seconds."""

    def __init__(
        self,
        history: History,
        safely: Safely,
        wake: Callable[[], None],
        searched: Callable[[], float],
    ) -> None:
        self._history, self._safely, self._wake = history, safely, wake
        self._searched = searched

    @property
    def changes(self) -> int:
        """Differs from before whenever the user of this store has changed something."""
        return self._history.store.changes

    def set_up(self, host: int, name: str, key: bytes, anew: bool) -> str:
        """Be a host; which, by id, as hosts.set_up says."""
        db = self._history.store.db
        return records.name(self._do(lambda: hosts.set_up(db, host, name, key, anew)))

    def become(self, host: int, after: int) -> None:
        """Be another host from here on, as hosts.become says."""
        self._do(lambda: hosts.become(self._history.store.db, host, after), needs_own=True)

    def begin_anew(self) -> None:
        """The next storage holds nothing that is known."""
        self._do(lambda: hosts.begin_anew(self._history.store.db))

    def known(self) -> Known:
        """How far all is."""

        def look() -> Known:
            self._history.drain()
            db = self._history.store.db
            own = hosts.own(db)
            token, stale = hosts.stale(db)
            waiting = numbering.waiting(db) if own else 0
            return Known(own, waiting, token, stale, hosts.peers(db))

        return self._safely(look)

    def out(self, after: int, most: int) -> tuple[list[str], bool]:
        """Own records above `after`, in order, as lines; whether there are more. What is new gets
        its number, which is committed before anybody hears of it.
        """
        self._wait()

        def number() -> tuple[list[Exchanged], int, list[int]]:
            db = self._history.store.db
            own = self._own()
            new = numbering.number(db, own, min(most, LOT))
            kept = keeps.settle(db, keeps.pending(db))
            return numbering.between(db, own.host, after, most=most), new, kept

        self._safely(self._history.drain)
        found, new, kept = self._do(number, needs_own=True)
        if kept:
            before = self._history.catalogue.kept
            self._safely(lambda: hold_kept(self._history, kept, before))
        lines = _bounded(found)
        return lines, len(lines) < len(found) or len(found) == most or new == LOT

    def current(self, host: int | None, after: int, last: int, most: int) -> tuple[list[str], bool]:
        """Records of a host, this one if None, above `after` and up to `last` as they are now;
        whether there are more.
        """

        def read() -> list[Exchanged]:
            of = self._own().host if host is None else host
            return numbering.between(self._history.store.db, of, after, last, most)

        found = self._safely(read)
        lines = _bounded(found)
        return lines, len(lines) < len(found) or len(found) == most

    def rewritten(self, token: int) -> None:
        """The own segments hold what the store held when this token was given."""
        self._do(lambda: hosts.rewritten(self._history.store.db, token))

    def take(self, lines: Sequence[str], segment: Segment, is_last: bool) -> Taken:
        """Merge records of a host, all or none. Raises Malformed, and NoSync."""
        found = [records.parse(line) for line in lines]
        if any(record.host != segment.host for record in found):
            raise Malformed("a record is of another host than its segment")
        lot = fitted(self._history, found)
        self._wait()
        if any(isinstance(record, Mark) for record in lot):
            self._name_commands()
        taken = self._safely(
            lambda: take(self._history, self._own(), lot, segment if is_last else None)
        )
        self._wake()
        return taken

    def forget_host(self, host: int) -> int:
        """Remove all runs of a host, here and, once they hear of it, everywhere; how many."""

        def forget() -> int:
            own = self._own()
            self._history.drain()
            store = self._history.store
            with store.transaction():
                buried = forgetting.forget_host(store.db, own, host)
                store.removed()
            store.changes += 1
            left = self._history.lookup.texts_of(buried.commands)
            self._history.remove_traces([id for id in buried.commands if id not in left])
            return buried.runs

        return self._safely(forget)

    def _name_commands(self) -> None:
        """Have the commands be found by their digests, of which tombstones have one."""

        def name() -> int:
            return forgetting.name_commands(self._history.store.db, self._own(), NAMED)

        while self._do(name) == NAMED:
            time.sleep(LOOK_S)

    def _own(self) -> Own:
        own = hosts.own(self._history.store.db)
        if own is None:
            raise NoSync
        return own

    def _do(self, work: Callable[[], T], needs_own: bool = False) -> T:
        def done() -> T:
            if needs_own:
                self._own()
            with self._history.store.transaction():
                return work()

        return self._safely(done)

    def _wait(self) -> None:
        """Let those who search go first, for a while."""
        until = time.monotonic() + PATIENCE_S
        while self._searched() > time.monotonic() - QUIET_S and time.monotonic() < until:
            time.sleep(LOOK_S)


def _bounded(found: Sequence[Exchanged]) -> list[str]:
    """The lines of the first of these records, one at the least, that an answer has room for."""
    lines: list[str] = []
    room = ANSWER
    for record in found:
        line = records.line(record)
        room -= len(line)
        if lines and room < 0:
            break
        lines.append(line)
    return lines
