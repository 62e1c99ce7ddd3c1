"""The history as the daemon gives and takes it: the only way from sync to the store."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, Protocol

from backend.wire import client, protocol

# A part that is merged at once; a search waits no longer than one takes.
_PART_RECORDS = 200
_PART_BYTES = 512 << 10
# The daemon puts parts off while somebody searches, and an import may go on before.
_TIMEOUT_S = 60.0

Field = tuple[str, str | int | float]


class Peer(NamedTuple):
    """How far the store has a host: the number of its last segment, that one's chain and revision,
    and the last counter in it; when it was written, in epoch seconds, or None. `differing`: records
    that are here with other content.
    """

    host: str
    name: str = ""
    sequence: int = 0
    chain: str = ""
    revision: int = 0
    counter: int = 0
    written: float | None = None
    differing: int = 0


class Known(NamedTuple):
    """`host`: the own id; empty before the store has one. `counter`: the last that was given.
    `waiting`: runs without a number yet. `rewrite`: a token, 0 if nothing is stale. `stale`: ranges
    of own counters, first and last, whose records have gone or changed since they were written.
    """

    host: str
    counter: int
    waiting: int
    rewrite: int
    stale: list[tuple[int, int]]
    peers: dict[str, Peer]

    def peer(self, host: str) -> Peer:
        return self.peers.get(host) or Peer(host)

    def has_news(self) -> bool:
        """Whether there are own records that no segment holds."""
        return self.unwritten() > 0

    def unwritten(self) -> int:
        """How many own records no segment holds; forgotten ones that had a number count."""
        return self.waiting + max(0, self.counter - self.peer(self.host).counter)


class Source(NamedTuple):
    """The segment that records come from, or that own ones went to."""

    host: str
    name: str
    sequence: int
    start: int
    chain: str
    revision: int
    counter: int
    written: int


class Taken(NamedTuple):
    """What became of records: runs that were added or removed, ids that stood for other content."""

    added: int = 0
    removed: int = 0
    conflicts: int = 0

    def plus(self, reply: dict[str, str]) -> "Taken":
        return Taken(
            self.added + int(reply["added"]),
            self.removed + int(reply["removed"]),
            self.conflicts + int(reply["conflicts"]),
        )


class History(Protocol):
    """Records are lines of JSON, as bytes, without the newline. Raises Unavailable and Refused of
    backend/wire/client.py.
    """

    def known(self) -> Known:
        """What the store has."""

    def name_host(
        self, host: str, name: str, key: str, after: int | None = None, anew: bool = False
    ) -> str:
        """Begin as `host`, or go on as the id that is answered. key: the digest key, 64 hex digits.
        `after`: a copy of a machine takes own records after this counter to the new id. `anew`: the
        storage is another one, so that nothing is merged from it yet.
        """

    def out(self, after: int) -> Iterator[bytes]:
        """Own records after this counter, in order; new ones get theirs now."""

    def take_in(self, source: Source, records: Iterable[bytes], moves: bool = True) -> Taken:
        """Merge a segment; unless `moves` is off, progress moves with its last record, or at once
        if there is none.
        """

    def current(self, host: str, first: int, last: int) -> Iterator[bytes]:
        """Records of these counters as the store has them now."""

    def rewritten(self, token: int) -> None:
        """The storage holds nothing any more that was stale by this token."""

    def forget_host(self, host: str) -> None:
        """Take all runs of a host away, here and everywhere."""

    def leave(self) -> None:
        """Sync is off: runs keep their ids, progress begins anew."""


class Daemon:
    """The history behind the daemon's socket. tell: how many records have moved so far."""

    def __init__(
        self, connection: client.Connection, tell: Callable[[int], None] = lambda _: None
    ) -> None:
        self._connection = connection
        self._tell = tell
        self._moved = 0

    def _move(self, count: int) -> None:
        self._moved += count
        self._tell(self._moved)

    def _ask(self, verb: str, *fields: Field) -> protocol.Fields:
        return self._connection.ask(protocol.request(verb, *fields), _TIMEOUT_S)

    def known(self) -> Known:
        fields = self._ask("sync-known")
        one = dict(fields)
        peers = [_peer(json.loads(value)) for name, value in fields if name == "peer"]
        ranges = [value.split("-") for name, value in fields if name == "stale"]
        return Known(
            host=one.get("host", ""),
            counter=int(one["counter"]),
            waiting=int(one["waiting"]),
            rewrite=int(one["rewrite"]),
            stale=[(int(first), int(last)) for first, last in ranges],
            peers={peer.host: peer for peer in peers},
        )

    def name_host(
        self, host: str, name: str, key: str, after: int | None = None, anew: bool = False
    ) -> str:
        fields: list[Field] = [("host", host), ("name", name), ("key", key), ("anew", int(anew))]
        if after is not None:
            fields.append(("after", after))
        return dict(self._ask("sync-name-host", *fields))["host"]

    def out(self, after: int) -> Iterator[bytes]:
        return self._paged("sync-out", after)

    def current(self, host: str, first: int, last: int) -> Iterator[bytes]:
        return self._paged(
            "sync-current", first - 1, ("host", host), ("first", first), ("last", last)
        )

    def _paged(self, verb: str, after: int, *fields: Field) -> Iterator[bytes]:
        more = True
        while more:
            reply = self._ask(verb, *fields, ("after", after))
            records = [value.encode() for name, value in reply if name == "record"]
            self._move(len(records))
            yield from records
            more = bool(records) and dict(reply).get("more") == "1"
            if more:
                after = json.loads(records[-1])["id"][1]

    def take_in(self, source: Source, records: Iterable[bytes], moves: bool = True) -> Taken:
        names = ("host", "name", "sequence", "from", "chain", "revision", "counter", "written")
        about: list[Field] = list(zip(names, source, strict=True))
        total = Taken()
        for part, is_last in _parts(records):
            given = [("record", record.decode()) for record in part]
            last = ("last", int(is_last and moves))
            total = total.plus(dict(self._ask("sync-in", *about, last, *given)))
            self._move(len(part))
        return total

    def rewritten(self, token: int) -> None:
        self._ask("sync-rewritten", ("rewrite", token))

    def forget_host(self, host: str) -> None:
        self._ask("sync-forget-host", ("host", host))

    def leave(self) -> None:
        self._ask("sync-off")


def _peer(facts: dict[str, Any]) -> Peer:
    """A daemon that is newer may tell more."""
    return Peer(**{name: facts[name] for name in Peer._fields if name in facts})


def _parts(records: Iterable[bytes]) -> Iterator[tuple[list[bytes], bool]]:
    """Lots, and whether each is the last; one, empty, of nothing."""
    part: list[bytes] = []
    size = 0
    for record in records:
        if part and (len(part) == _PART_RECORDS or size + len(record) > _PART_BYTES):
            yield part, False
            part, size = [], 0
        part.append(record)
        size += len(record)
    yield part, True
