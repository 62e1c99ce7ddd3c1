"""Reads what is new: the segments of other hosts, and own ones that the store does not know."""

from backend.sync.history import Peer, Source
from backend.sync.layout import segment_name
from backend.sync.round.seen import held, uncovered
from backend.sync.round.work import Again, Work
from backend.sync.segment import Broken, Header, Newer, counter, lines
from backend.sync.stores.store import Missing, StorageError
from backend.wire import client


class Copied(Exception):
    """Another machine writes under the own id: what it wrote has numbers that were given here.

    `after`: the last own counter that was uploaded from here.
    """

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after


def read_others(work: Work) -> None:
    """A host whose files are unsound is named, and has what was read before; the others go on."""
    for host in sorted(work.layout.hosts.keys() | work.known.peers.keys()):
        if host != work.own:
            try:
                _read_host(work, host)
            except client.Refused as error:
                work.problems.append(f"host {work.title(host)} waits: {error}")


def _read_host(work: Work, host: str) -> None:
    peer = work.known.peer(host)
    problems: dict[int, str] = {}
    for sequence, size in work.files(host).items():
        try:
            peer = _read_file(work, host, sequence, size, peer)
        except Broken as error:
            problems[sequence] = str(error)
    notes = work.seen.of(host, work.files(host))
    # One that a sound file holds as well is about to be removed. Of the others, the first will do.
    real = [said for sequence, said in problems.items() if not held(notes, sequence)]
    work.problems += real[:1] or _holes(work, host, peer)


def _read_file(work: Work, host: str, sequence: int, size: int, peer: Peer) -> Peer:
    """How far the host is merged then. Raises Broken."""
    note = work.seen.note(host, sequence)
    if note and note.size == size:
        if sequence <= peer.sequence:
            return peer
        _check_gap(work, note.header, peer)
    header, body = _checked(work, host, sequence, size)
    work.seen.put(header, size)
    return _merge(work, header, body, peer) if sequence > peer.sequence else peer


def _checked(work: Work, host: str, sequence: int, size: int) -> tuple[Header, bytes]:
    """Header and body of a sound file. Raises Broken, with a line for people."""
    try:
        data = work.storage.get(segment_name(host, sequence))
    except Missing as error:
        if not work.is_last_try:
            raise Again from error
        title = work.title(host)
        raise Broken(f"segment {sequence} of host {title} is listed, but not to be had") from error
    try:
        header, body = work.seal().read(data, host, sequence)
    except Broken as error:
        kind = type(error)
        raise kind(f"segment {sequence} of host {work.title(host)} is refused: {error}") from error
    note = work.seen.note(host, sequence)
    if note and header.revision < note.header.revision:
        raise Broken(
            f"segment {sequence} of host {work.title(host)} is refused: the storage has put an "
            f"older version back (revision {header.revision}, {note.header.revision} was seen)"
        )
    return header, body


def _merge(work: Work, header: Header, body: bytes, peer: Peer) -> Peer:
    _check_order(work, header, peer)
    reach = max(header.last, peer.counter)
    source = _source(header)._replace(counter=reach)
    taken = work.history.take_in(source, _after(body, header, peer.counter))
    work.has_merged = True
    work.read += taken.added
    return peer._replace(sequence=header.sequence, chain=header.chain, counter=reach)


def _check_order(work: Work, header: Header, peer: Peer) -> None:
    """Raises Broken for a segment that does not follow what is known of its host."""
    _check_gap(work, header, peer)
    if header.start == peer.sequence + 1 and header.previous != peer.chain:
        raise Broken(
            f"segment {header.sequence} of host {work.title(header.host)} is refused: it follows "
            f"another segment {peer.sequence} than the one that was read"
        )


def _check_gap(work: Work, header: Header, peer: Peer) -> None:
    if header.start > peer.sequence + 1:
        raise Broken(
            f"segment {header.sequence} of host {work.title(header.host)} has to wait: "
            f"{_range(peer.sequence + 1, header.start - 1)} is not there"
        )


def _after(body: bytes, header: Header, known: int) -> list[bytes]:
    """Lines with greater counters: a merged file holds much that was read before."""
    if header.first > known:
        return lines(body)
    return [line for line in lines(body) if counter(line) > known]


def _source(header: Header) -> Source:
    return Source(
        host=header.host,
        name=header.name,
        sequence=header.sequence,
        start=header.start,
        chain=header.chain,
        revision=header.revision,
        counter=header.last,
        written=header.written,
    )


def _holes(work: Work, host: str, peer: Peer) -> list[str]:
    """Whoever joins later needs all of it, whatever this machine has."""
    hole = uncovered(work.seen.of(host, work.files(host)), peer.sequence)
    if not hole:
        return []
    have, them = ("has", "it") if hole[0] == hole[1] else ("have", "them")
    return [
        f"{_range(*hole)} of host {work.title(host)} {have} gone from the storage; what was there "
        f"is here, and that host puts {them} back at its next sync"
    ]


def _range(first: int, last: int) -> str:
    return f"segment {first}" if first == last else f"segments {first} to {last}"


def take_back(work: Work) -> None:
    """Own files: those beyond what the store knows are merged (it is an older copy of itself, or an
    upload was not noted), the others looked at. Raises Copied.
    """
    peer = work.known.peer(work.own)
    files = work.files(work.own)
    unsound: dict[int, str] = {}
    for sequence, size in files.items():
        note = work.seen.note(work.own, sequence)
        if sequence <= peer.sequence and note and note.size == size:
            continue
        try:
            header, body = _checked(work, work.own, sequence, size)
        except Newer as error:
            raise StorageError(str(error)) from error
        except Broken as error:
            unsound[sequence] = str(error)
            continue
        if sequence > peer.sequence:
            peer = _take_back(work, header, body, peer)
        work.seen.put(header, size)
    for sequence, why in unsound.items():
        _remove(work, sequence, why)
    work.is_holed = uncovered(work.seen.of(work.own, files), peer.sequence) is not None


def _take_back(work: Work, header: Header, body: bytes, peer: Peer) -> Peer:
    taken = work.history.take_in(_source(header), lines(body), moves=False)
    if taken.conflicts:
        raise Copied(peer.counter)
    work.history.take_in(_source(header), ())
    work.has_merged = True
    work.read += taken.added
    return peer._replace(sequence=header.sequence, chain=header.chain, counter=header.last)


def _remove(work: Work, sequence: int, why: str) -> None:
    """An own file that is unsound: its upload was cut off, or somebody else wrote it. What it held
    is here, and written again.
    """
    work.storage.delete(segment_name(work.own, sequence))
    work.seen.drop(work.own, sequence)
    work.files(work.own).pop(sequence)
    work.problems.append(f"{why}; it is this machine's: removed, and written again")
