"""What is removed here is told to the other hosts, and what they removed is removed here.

Each function that tells does nothing where no sync was set up.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence

from backend.storage import erasing, sums
from backend.storage.exchange import hosts, keeps, marks
from backend.storage.exchange.hosts import Own
from backend.storage.exchange.marks import Tombstones
from backend.storage.exchange.records import FORGET, FORGET_HOST, FORGET_RUN, Mark

_OWN_RUNS = "SELECT counter FROM runs WHERE command_id = ? AND origin = ?"


def tell_forgotten(db: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Commands are about to be forgotten here: a tombstone for each."""
    own = hosts.own(db)
    if own is None:
        return
    for id in ids:
        query = "SELECT CAST(text AS BLOB) FROM commands WHERE id = ?"
        row = db.execute(query, (id,)).fetchone()
        if row:
            digest = own.digest(row[0])
            hosts.make_stale(db, _OWN_RUNS, id, own.host)
            drop_keeps(db, own, id, digest, marks.for_text(db, digest), everything=True)
            marks.add_own(db, own, FORGET, digest)


def tell_runs_forgotten(db: sqlite3.Connection, run_ids: Sequence[int]) -> None:
    """Single runs are about to be removed here: a tombstone for each that others may have, and for
    each command of which no other is here.
    """
    if hosts.own(db) is None:
        return
    gone: Counter[int] = Counter()
    for id in run_ids:
        query = "SELECT command_id, origin, counter FROM runs WHERE id = ?"
        row = db.execute(query, (id,)).fetchone()
        if row:
            gone[row[0]] += 1
            tell_gone(db, [row[1:]])
    query = "SELECT COUNT(*) FROM runs WHERE command_id = ?"
    tell_forgotten(
        db, [id for id, runs in gone.items() if db.execute(query, (id,)).fetchone()[0] == runs]
    )


def tell_gone(db: sqlite3.Connection, numbered: Iterable[tuple[int | None, int | None]]) -> None:
    """Runs of these (origin, counter), if they have any, are gone from here."""
    own = hosts.own(db)
    if own is None:
        return
    for origin, counter in numbered:
        if origin is not None and counter is not None:
            marks.add_own(db, own, FORGET_RUN, None, origin, counter)
            if origin == own.host:
                hosts.make_stale(db, "VALUES(?)", counter)


def tell_masked(db: sqlite3.Connection, id: int, text: bytes) -> None:
    """A command is about to become `text`: the segments of this host hold it as it was."""
    own = hosts.own(db)
    if own is None:
        return
    hosts.make_stale(db, _OWN_RUNS, id, own.host)
    before = db.execute("SELECT CAST(text AS BLOB) FROM commands WHERE id = ?", (id,)).fetchone()
    if before:
        keeps.mask(db, own, before[0], text)
    db.execute("DELETE FROM sync_base WHERE command_id = ?", (id,))


def bury_masked(db: sqlite3.Connection, text: bytes) -> None:
    """A command has become `text`, which may have been forgotten as such."""
    own = hosts.own(db)
    row = db.execute("SELECT id FROM commands WHERE text = CAST(? AS TEXT)", (text,)).fetchone()
    if own is not None and row is not None:
        digest = own.digest(text)
        if marks.for_text(db, digest):
            bury_command(db, own, row[0], digest, Buried())


def forget_host(db: sqlite3.Connection, own: Own, host: int) -> "Buried":
    """Remove all of a host, here and, by a tombstone, everywhere."""
    return bury(db, own, marks.add_own(db, own, FORGET_HOST, None, host))


class Buried:
    """What tombstones did here: which commands lost runs, how many runs there were, of which
    commands something that was kept may have changed, and how many records of that went.
    """

    def __init__(self) -> None:
        self.commands: dict[int, None] = {}
        self.kept: dict[int, None] = {}
        self.runs = 0
        self.keeps = 0


def bury(db: sqlite3.Connection, own: Own, mark: Mark, buried: Buried | None = None) -> Buried:
    """Remove what a tombstone is for, which is among the marks; its commands go with their last
    run.
    """
    buried = buried or Buried()
    if mark.kind == FORGET and mark.digest is not None:
        for id in with_digest(db, own, mark.digest):
            bury_command(db, own, id, mark.digest, buried)
        tombstones = [(mark.host, mark.counter)]
        buried.keeps += drop_keeps(db, own, None, mark.digest, tombstones)
    elif mark.kind == FORGET_RUN:
        query = "SELECT id, command_id, origin, counter FROM runs WHERE origin = ? AND counter = ?"
        _remove(db, own, db.execute(query, (mark.of_host, mark.of_counter)).fetchall(), buried)
    elif mark.kind == FORGET_HOST and mark.of_host is not None:
        _bury_host(db, own, mark.of_host, buried)
    return buried


def with_digest(db: sqlite3.Connection, own: Own, digest: bytes) -> list[int]:
    """The commands of this digest. Those that have none yet are given theirs."""
    name_commands(db, own)
    query = "SELECT id, CAST(text AS BLOB) FROM commands WHERE digest = ?"
    found = db.execute(query, (hosts.short(digest),)).fetchall()
    return [id for id, text in found if own.digest(text) == digest]


def name_commands(db: sqlite3.Connection, own: Own, most: int = -1) -> int:
    """Give up to `most` commands their digests; how many there were. Numbers of commands only
    grow: below one that has its digest all have.
    """
    # The sign keeps SQLite from sorting all of the index: it walks the table from its end.
    query = "SELECT id FROM commands WHERE +digest IS NOT NULL ORDER BY id DESC LIMIT 1"
    known = (db.execute(query).fetchone() or (0,))[0]
    query = "SELECT id, CAST(text AS BLOB) FROM commands WHERE id > ? ORDER BY id LIMIT ?"
    found = [(hosts.short(own.digest(text)), id) for id, text in db.execute(query, (known, most))]
    db.executemany("UPDATE commands SET digest = ? WHERE id = ?", found)
    return len(found)


def bury_command(db: sqlite3.Connection, own: Own, id: int, digest: bytes, buried: Buried) -> None:
    """Remove the runs of a command that are dead by the tombstones for its text. One that has no
    number yet was made before the tombstone came.
    """
    tombstones = marks.for_text(db, digest)
    query = "SELECT id, command_id, origin, counter FROM runs WHERE command_id = ?"
    found = db.execute(query, (id,)).fetchall()
    dead = [run for run in found if _is_dead(db, run, tombstones)]
    buried.kept[id] = None
    if len(dead) < len(found):
        _remove(db, own, dead, buried)
        return
    _make_stale(db, own, dead)
    buried.runs += len(dead)
    buried.commands[id] = None
    erasing.forget(db, id)


def _is_dead(db: sqlite3.Connection, run: tuple[int, ...], tombstones: Tombstones) -> bool:
    return run[2] is None or marks.kill(db, tombstones, run[2], run[3])


def _bury_host(db: sqlite3.Connection, own: Own, host: int, buried: Buried) -> None:
    tombstones = marks.for_host(db, host)
    query = "SELECT id, command_id, origin, counter FROM runs WHERE origin = ?"
    if host == own.host:
        query += " OR origin IS NULL"
    found = db.execute(query, (host,)).fetchall()
    _remove(db, own, [run for run in found if _is_dead(db, run, tombstones)], buried)
    rows = db.execute(
        "SELECT s.rowid, s.counter, c.id FROM sync_keeps s LEFT JOIN commands c"
        " ON c.text = s.command WHERE s.host = ?",
        (host,),
    )
    for rowid, counter, id in rows.fetchall():
        if counter is None or marks.kill(db, tombstones, host, counter):
            db.execute("DELETE FROM sync_keeps WHERE rowid = ?", (rowid,))
            buried.keeps += 1
            if host == own.host and counter is not None:
                hosts.make_stale(db, "VALUES(?)", counter)
            if id is not None:
                buried.kept[id] = None


def _remove(db: sqlite3.Connection, own: Own, found: list[tuple[int, ...]], buried: Buried) -> None:
    """Remove runs: (id, command, origin, counter) of each."""
    _make_stale(db, own, found)
    buried.runs += len(found)
    touched: dict[int, None] = {}
    for id, command_id, *_ in found:
        erasing.drop_run(db, id)
        touched[command_id] = None
    buried.commands.update(touched)
    for command_id in touched:
        others = "SELECT 1 FROM runs WHERE command_id = ? LIMIT 1"
        if db.execute(others, (command_id,)).fetchone() is None:
            erasing.forget(db, command_id)
        else:
            sums.renew(db, command_id)


def _make_stale(db: sqlite3.Connection, own: Own, found: list[tuple[int, ...]]) -> None:
    for _, _, origin, counter in found:
        if origin == own.host:
            hosts.make_stale(db, "VALUES(?)", counter)


def drop_keeps(
    db: sqlite3.Connection,
    own: Own,
    id: int | None,
    digest: bytes,
    tombstones: Tombstones,
    everything: bool = False,
) -> int:
    """Drop what hosts keep of a command, of all of them or where a tombstone is for it; how many
    there were. id: of the command, which is about to go.
    """
    dropped = 0
    query = "SELECT rowid, host, counter, CAST(command AS BLOB) FROM sync_keeps WHERE digest = ?"
    for rowid, host, counter, text in db.execute(query, (hosts.short(digest),)).fetchall():
        if own.digest(text) == digest and (
            everything or counter is None or marks.kill(db, tombstones, host, counter)
        ):
            db.execute("DELETE FROM sync_keeps WHERE rowid = ?", (rowid,))
            dropped += 1
            if host == own.host and counter is not None:
                hosts.make_stale(db, "VALUES(?)", counter)
    if id is not None:
        db.execute("DELETE FROM sync_base WHERE command_id = ?", (id,))
    return dropped
