"""Changes files that are there: without what was forgotten, fewer, none that others hold as well.

A file is replaced by one that holds as much and says so; only then those that it holds go.
"""

import time

from backend.sync.layout import segment_name
from backend.sync.round.seen import Note, held
from backend.sync.round.work import Work
from backend.sync.round.writing import joined, note
from backend.sync.segment import MOST_BYTES

# A host has about this many small files, and a large one for each doubling of what it has written.
MOST_SMALL = 8


def rewrite_stale(work: Work) -> None:
    """Own files become what the store holds now of their counters."""
    token = work.known.rewrite
    if not token:
        return
    for each in work.seen.of(work.own, work.files(work.own)):
        head = each.header
        if any(first <= head.last and last >= head.first for first, last in work.known.stale):
            _replace(work, [each])
    work.history.rewritten(token)


def merge_small(work: Work) -> None:
    """Many small own files become one."""
    notes = work.seen.of(work.own, work.files(work.own))
    begin = tail([each.header.length for each in notes])
    if begin is not None:
        _replace(work, notes[begin:])
    sweep(work, work.own)


def tail(lengths: list[int]) -> int | None:
    """Where the newest files begin that are to be one: the last few, and each before them that is
    no longer than all after it. So a record is written anew as often as its history doubles.
    """
    total, begin = 0, len(lengths)
    for at in reversed(range(len(lengths))):
        is_large = len(lengths) - at > MOST_SMALL and lengths[at] > total
        if is_large or total + lengths[at] > MOST_BYTES:
            break
        total, begin = total + lengths[at], at
    return begin if len(lengths) - begin > MOST_SMALL else None


def empty_host(work: Work, host: str) -> None:
    """What is left of a host that was forgotten, in one file: what it forgot itself."""
    notes = work.seen.of(host, work.files(host))
    if notes:
        _replace(work, notes)
        sweep(work, host)


def _replace(work: Work, notes: list[Note]) -> None:
    """The last of these files gets what the store has of all of them."""
    oldest, newest = notes[0].header, notes[-1].header
    body = joined(work.history.current(newest.host, oldest.first, newest.last))
    header = newest._replace(
        start=oldest.start,
        first=oldest.first,
        previous=oldest.previous,
        revision=max(each.header.revision for each in notes) + 1,
        written=int(time.time()),
        length=len(body),
    )
    data = work.seal().write(header, body)
    work.storage.replace(segment_name(header.host, header.sequence), data)
    note(work, header, len(data))


def sweep(work: Work, host: str) -> None:
    """Remove files whose records another one holds, from the oldest on."""
    files = work.files(host)
    notes = work.seen.of(host, files)
    for sequence in [number for number in files if held(notes, number)]:
        work.storage.delete(segment_name(host, sequence))
        work.seen.drop(host, sequence)
        del files[sequence]
