"""Writes own records as segments; bodies stay within what a reader keeps in memory."""

import time
from collections.abc import Iterable, Iterator

from backend.sync.history import Peer, Source
from backend.sync.layout import segment_name
from backend.sync.round.work import Again, Work
from backend.sync.segment import Header, counter
from backend.sync.stores.store import Exists

# Half of what a file may hold: such ones can be merged later.
CLOSED_AT = 8 << 20


def write_news(work: Work) -> None:
    """What no segment holds yet; where own ones are missing, everything, in new ones that say so.

    Call it when all that others wrote is merged: what they forgot must not be written again.
    """
    peer = work.known.peer(work.own)
    start = None
    if work.is_holed:
        highest = max([peer.sequence, *work.files(work.own)])
        peer, start = peer._replace(sequence=highest, counter=0), 1
    elif not work.known.has_news():
        return
    for body, last in _bodies(work.history.out(peer.counter)):
        peer = _write(work, peer, body, last, start)
        start = None


def _bodies(records: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Lines of records, in lots, each with the counter of its last."""
    lot: list[bytes] = []
    size = 0
    for record in records:
        lot.append(record)
        size += len(record) + 1
        if size >= CLOSED_AT:
            yield joined(lot), counter(lot[-1])
            lot, size = [], 0
    if lot:
        yield joined(lot), counter(lot[-1])


def joined(records: Iterable[bytes]) -> bytes:
    return b"".join(record + b"\n" for record in records)


def _write(work: Work, peer: Peer, body: bytes, last: int, start: int | None) -> Peer:
    sequence = peer.sequence + 1
    previous = peer.chain
    header = Header(
        host=work.own,
        sequence=sequence,
        start=start or sequence,
        first=peer.counter + 1,
        last=last,
        previous="" if start == 1 else previous,
        chain=work.seal().chain(work.own, sequence, previous, body),
        revision=0,
        name=work.settings.name,
        written=int(time.time()),
        length=len(body),
    )
    data = work.seal().write(header, body)
    try:
        work.storage.create(segment_name(work.own, sequence), data)
    except Exists as error:
        raise Again from error
    note(work, header, len(data))
    work.history.take_in(
        Source(
            work.own, header.name, sequence, header.start, header.chain, 0, last, header.written
        ),
        (),
    )
    work.wrote += body.count(b"\n")
    return peer._replace(sequence=sequence, chain=header.chain, counter=last)


def note(work: Work, header: Header, size: int) -> None:
    """What was just written is listed, too."""
    work.seen.put(header, size)
    work.layout.hosts.setdefault(header.host, {})[header.sequence] = size
