"""The hosts of a sync: which one this store is, and how far each one's stream is here."""

import hmac
import sqlite3
from dataclasses import asdict, dataclass

from backend.storage.exchange import records
from backend.system.text import to_bytes

# Runs that have no number yet, which a store without sync need not be able to find.
_NEW_RUNS = "CREATE INDEX IF NOT EXISTS runs_new ON runs(id) WHERE origin IS NULL"

# A list of more stretches than this says no more than its two ends do.
MOST_STALE = 1000


@dataclass(frozen=True)
class Own:
    """This store as a host; `counter`: of its last record. Made anew for each transaction."""

    host: int
    name: str
    counter: int
    key: bytes

    @property
    def id(self) -> str:
        """16 hex digits."""
        return records.name(self.host)

    def digest(self, text: bytes) -> bytes:
        """By which a tombstone names a command."""
        return hmac.digest(self.key, text, "sha256")


@dataclass(frozen=True)
class Peer:
    """A host, and how far its stream is here: the segment that was read last (of this host:
    written), with its chain and revision, the last record in it, and when it was written (epoch s).
    `differing`: records that came again with other content.
    """

    host: str
    own: bool
    name: str
    sequence: int
    chain: str
    revision: int
    counter: int
    written: float | None
    differing: int

    def told(self) -> dict[str, object]:
        """The fields, for JSON."""
        return asdict(self)


def own(db: sqlite3.Connection) -> Own | None:
    """This store as a host; None where no sync was ever set up."""
    query = "SELECT host, name, counter, digest_key FROM sync_hosts WHERE own"
    row = db.execute(query).fetchone()
    return Own(row[0], row[1] or "", row[2], row[3]) if row else None


def short(digest: bytes) -> int:
    """The beginning of a digest, as `commands` and `sync_keeps` have it."""
    return int.from_bytes(digest[:8], "big", signed=True)


def set_up(db: sqlite3.Connection, host: int, name: str, key: bytes, anew: bool = False) -> int:
    """Be a host; its number. One that was set up before goes on as the host that it was, whatever
    the key: its runs are known elsewhere by those numbers. anew: of no segment is it known that it
    was read.
    """
    before = own(db)
    if before is None:
        _insert(db, host, name, key)
    elif before.key != key:
        _change_key(db, key)
    db.execute("UPDATE sync_hosts SET name = CAST(? AS TEXT) WHERE own", (to_bytes(name),))
    if anew:
        begin_anew(db)
    return host if before is None else before.host


def _change_key(db: sqlite3.Connection, key: bytes) -> None:
    """Tombstones of the other key name nothing any more; what they were for is gone here."""
    db.execute("UPDATE sync_hosts SET digest_key = ? WHERE own", (key,))
    db.execute("DELETE FROM sync_marks WHERE kind = 'forget'")
    db.execute("UPDATE commands SET digest = NULL WHERE digest IS NOT NULL")
    changed = own(db)
    assert changed is not None
    for rowid, text in db.execute("SELECT rowid, command FROM sync_keeps").fetchall():
        digest = short(changed.digest(to_bytes(text)))
        db.execute("UPDATE sync_keeps SET digest = ? WHERE rowid = ?", (digest, rowid))


def _insert(db: sqlite3.Connection, host: int, name: str, key: bytes) -> None:
    """With the counter of what the store holds of it already: it may have been made anew."""
    db.execute(
        "INSERT INTO sync_hosts(host, own, name, digest_key, counter)"
        " VALUES(:host, 1, CAST(:name AS TEXT), :key, MAX("
        "COALESCE((SELECT MAX(counter) FROM runs WHERE origin = :host), 0),"
        "COALESCE((SELECT MAX(counter) FROM sync_marks WHERE host = :host), 0),"
        "COALESCE((SELECT MAX(counter) FROM sync_keeps WHERE host = :host), 0)))"
        " ON CONFLICT(host) DO UPDATE SET own = 1, name = excluded.name,"
        " digest_key = excluded.digest_key, counter = MAX(counter, excluded.counter)",
        {"host": host, "name": to_bytes(name), "key": key},
    )
    find_new_runs(db)


def find_new_runs(db: sqlite3.Connection) -> None:
    """Have the runs without a number found at once. A store that was made anew lacks the index."""
    db.execute(_NEW_RUNS)


def become(db: sqlite3.Connection, host: int, after: int) -> None:
    """Be another host from here on: another machine has this one's id. Records above `after`, of
    which that one has others, are numbered anew.
    """
    before = own(db)
    assert before is not None
    db.execute("UPDATE sync_hosts SET own = 0, digest_key = NULL, counter = 0 WHERE own")
    _insert(db, host, before.name, before.key)
    values = before.host, after
    db.execute(
        "UPDATE runs SET origin = NULL, counter = NULL WHERE origin = ? AND counter > ?", values
    )
    for table in ("sync_marks", "sync_keeps"):
        db.execute(
            f"UPDATE {table} SET host = ?, counter = NULL"
            " WHERE host = ? AND (counter IS NULL OR counter > ?)",
            (host, *values),
        )
    db.execute("DELETE FROM sync_stale")


def next_counter(db: sqlite3.Connection) -> int:
    """The number of this host's next record."""
    return take_counters(db, 1)


def take_counters(db: sqlite3.Connection, count: int) -> int:
    """The first of so many numbers for this host's next records."""
    query = "UPDATE sync_hosts SET counter = counter + ? WHERE own RETURNING counter"
    return int(db.execute(query, (count,)).fetchall()[0][0]) - count + 1


def peers(db: sqlite3.Connection) -> list[Peer]:
    """Every host that is known, this one first."""
    rows = db.execute(
        "SELECT host, own, COALESCE(name, ''), sequence, chain, revision, read_to, written,"
        " differing FROM sync_hosts ORDER BY own DESC, host"
    )
    return [Peer(records.name(host), bool(own), *rest) for host, own, *rest in rows]


def peer(db: sqlite3.Connection, host: int) -> Peer:
    """One host, as if nothing of it were here if it is not known."""
    found = [each for each in peers(db) if each.host == records.name(host)]
    return found[0] if found else Peer(records.name(host), False, "", 0, "", 0, 0, None, 0)


def note_records(db: sqlite3.Connection, host: int, counter: int, differing: int) -> None:
    """Records of a host up to this one are here, and so many came with other content. What this
    host makes next has a greater number.
    """
    db.execute(
        "INSERT INTO sync_hosts(host, counter, differing) VALUES(?, ?, ?) ON CONFLICT(host) DO"
        " UPDATE SET counter = MAX(counter, excluded.counter),"
        " differing = differing + excluded.differing",
        (host, counter, differing),
    )


@dataclass(frozen=True)
class Segment:
    """The end of a segment: whose it is, its place in the stream, its last record."""

    host: int
    sequence: int
    chain: str
    revision: int
    counter: int
    name: str = ""
    written: float | None = None


def read_segment(db: sqlite3.Connection, of: Segment) -> None:
    """The segments of a host up to this one are here. An older one than that moves nothing."""
    note_records(db, of.host, 0, 0)
    db.execute(
        "UPDATE sync_hosts SET sequence = :sequence, chain = :chain, revision = :revision,"
        " read_to = MAX(read_to, :counter), written = COALESCE(:written, written),"
        " name = COALESCE(NULLIF(CAST(:name AS TEXT), ''), name)"
        " WHERE host = :host AND sequence <= :sequence",
        {**asdict(of), "name": to_bytes(of.name)},
    )


def begin_anew(db: sqlite3.Connection) -> None:
    """Of no segment is it known that it was read or written."""
    db.execute("UPDATE sync_hosts SET sequence = 0, chain = '', revision = 0, read_to = 0")


def make_stale(db: sqlite3.Connection, query: str, *values: object) -> None:
    """Segments of this host hold what the store does not any more: the counters of this query."""
    db.execute(f"INSERT INTO sync_stale(counter) {query}", values)


def stale(db: sqlite3.Connection) -> tuple[int, list[tuple[int, int]]]:
    """A token, 0 if there is nothing, and the counters, as stretches (first, last)."""
    (token,) = db.execute("SELECT COALESCE(MAX(id), 0) FROM sync_stale").fetchone()
    if not token:
        return 0, []
    rows = db.execute(
        "SELECT MIN(counter), MAX(counter) FROM (SELECT counter, counter - ROW_NUMBER()"
        " OVER (ORDER BY counter) AS stretch FROM (SELECT DISTINCT counter FROM sync_stale))"
        " GROUP BY stretch ORDER BY 1"
    ).fetchall()
    if len(rows) > MOST_STALE:
        rows = [(rows[0][0], rows[-1][1])]
    return token, rows


def rewritten(db: sqlite3.Connection, token: int) -> None:
    """The segments hold what the store held when this token was given."""
    db.execute("DELETE FROM sync_stale WHERE id <= ?", (token,))
