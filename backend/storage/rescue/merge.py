"""A new store is filled from several that held the same history at different times.

Rows are told apart by what they say, not by their numbers alone: a store that was put back goes on
from an earlier number than the snapshots taken before. Numbers stay where they are free.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from backend.storage import erasing, sums
from backend.storage.adding import LATE_US, MICRO, SECOND_US
from backend.storage.rescue import exchanged
from backend.storage.rescue.salvage import Source
from backend.system.text import to_bytes

# As of version 1; a later schema has these columns too, or its rows are not read.
_COMMANDS = {"text": str, "last_run_us": int, "last_exit": int, "last_dir_id": int}
_RUNS = {
    "command_id": int,
    "start_us": int,
    "duration_us": int,
    "exit": int,
    "dir_id": int,
    "session": str,
    "host": str,
    "shell": str,
    "imported": int,
    "previous_id": int,
}
_NUMBERED = {"origin": int, "counter": int}
_AUTHORED = {"author": str}
_ALL = _RUNS | _NUMBERED | _AUTHORED

# The schema since which something is kept of commands: an older one has no such table to lose.
KEPT_SINCE = 3
# The schema since which runs have an author.
_AUTHORED_SINCE = 5


@dataclass(frozen=True)
class Known:
    """A command that memory or a cache of the store still holds. `last_run`: epoch s, 0 unknown."""

    id: int
    text: str
    runs: int = 1
    ok_runs: int = 0
    failed_runs: int = 0
    last_run: float = 0.0
    pinned: bool = False
    note: str | None = None


class Merge:
    """Into an open store, in one transaction of the caller's, with foreign keys off."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._ids: dict[bytes, int] = {}
        self._dirs: dict[bytes, int] = {}
        self._known: list[tuple[int, Known]] = []
        self._read: set[int] = set()

    def forgotten(self, source: Source) -> set[bytes]:
        """What a source says was forgotten, which the store then says, too."""
        digests = {row[1] for row in source.rows("forgotten", ["digest"])}
        found = {digest for digest in digests if isinstance(digest, bytes)}
        self._db.executemany(
            "INSERT OR IGNORE INTO forgotten(digest) VALUES(?)", [(digest,) for digest in found]
        )
        return found

    def add_known(self, known: Iterable[Known]) -> None:
        """Commands without their runs."""
        for command in known:
            id = self._command(command.id, to_bytes(command.text))
            self._known.append((id, command))
            self._keep(id, int(command.pinned), command.note)

    def add(self, source: Source, forgotten: set[bytes]) -> None:
        """All rows that are not there yet; not what was `forgotten` after the source was made."""
        exchanged.add(self._db, source, forgotten)
        dirs = self._add_dirs(source)
        ids = self._add_commands(source, dirs, forgotten)
        self._add_runs(source, ids, dirs)
        if source.version() >= KEPT_SINCE:
            for _, command_id, *values in source.rows("kept", ["command_id", "pinned", "note"]):
                if _fits(values, (int, str)):
                    self._keep(ids.get(command_id), *values)
        for row in source.rows("picks", ["question", "command_id", "weight", "last_us"]):
            _, question, command_id, weight, last_us = row
            if isinstance(question, str) and _fits((weight, last_us), (float, int)):
                self._insert(
                    "picks(question, command_id, weight, last_us) VALUES(CAST(? AS TEXT),?,?,?)",
                    (to_bytes(question), ids.get(command_id), weight, last_us),
                )

    def _keep(self, id: int | None, pinned: object, note: object) -> None:
        """Unless a source before this one has said something of the command."""
        if pinned or note is not None:
            values = id, pinned or 0, None if note is None else to_bytes(str(note))
            self._insert("kept(command_id, pinned, note) VALUES(?,?,CAST(? AS TEXT))", values)

    def _add_dirs(self, source: Source) -> dict[object, int]:
        """Its directories' numbers here, by their numbers there."""
        numbers: dict[object, int] = {}
        for old, path, repo in source.rows("dirs", ["path", "repo"]):
            if not (isinstance(path, str) and _fits((repo,), (str,))):
                source.failed = True
                continue
            data = to_bytes(path)
            if data not in self._dirs:
                values = data, None if repo is None else to_bytes(str(repo))
                holes = "CAST(? AS TEXT), CAST(? AS TEXT)"
                self._dirs[data] = self._insert_at("dirs", "path, repo", holes, old, values)
            numbers[old] = self._dirs[data]
        return numbers

    def _add_commands(
        self, source: Source, dirs: dict[object, int], forgotten: set[bytes]
    ) -> dict[object, int]:
        """Its commands' numbers here, by their numbers there."""
        numbers: dict[object, int] = {}
        for old, *row in source.rows("commands", _COMMANDS):
            # Of a page that is cut off the rest is NULs, which no command holds.
            if row[0] is None or not _fits(row, _COMMANDS.values()) or "\0" in str(row[0]):
                source.failed = True
                continue
            data = to_bytes(str(row[0]))
            if forgotten and erasing.digest(data) in forgotten:
                continue
            numbers[old] = self._command(old, data)
            if numbers[old] not in self._read:
                self._db.execute(
                    "UPDATE commands SET last_run_us = ?, last_exit = ?, last_dir_id = ?"
                    " WHERE id = ?",
                    (row[1], row[2], dirs.get(row[3]), numbers[old]),
                )
        self._read.update(numbers.values())
        return numbers

    def _command(self, id: object, text: bytes) -> int:
        if text not in self._ids:
            self._ids[text] = self._insert_at("commands", "text", "CAST(? AS TEXT)", id, (text,))
        return self._ids[text]

    def _add_runs(self, source: Source, ids: dict[object, int], dirs: dict[object, int]) -> None:
        is_first = self._db.execute("SELECT 1 FROM runs LIMIT 1").fetchone() is None
        undated = {} if is_first else self._undated()
        texts = {id: text for text, id in self._ids.items()}
        columns = _columns(source.version())
        holes = ",".join("CAST(? AS TEXT)" if kind is str else "?" for kind in _ALL.values())
        for old, *row in source.rows("runs", columns):
            if None in (row[0], row[8]) or not _fits(row, columns.values()):
                source.failed = True
                continue
            if row[0] not in ids:
                continue
            id = ids[row[0]]
            row[0], row[4], row[9] = id, dirs.get(row[4]), ids.get(row[9])
            row += [None] * (len(_ALL) - len(row))
            values = tuple(to_bytes(item) if isinstance(item, str) else item for item in row)
            if is_first or not (
                self._has_run(values, undated)
                or exchanged.is_dead(self._db, texts[id], *row[10:12])
            ):
                self._insert_at("runs", ", ".join(_ALL), holes, old, values)

    def _undated(self) -> dict[object, int]:
        """How many runs without a time the sources before had, by command."""
        query = "SELECT command_id, COUNT(*) FROM runs WHERE start_us IS NULL GROUP BY command_id"
        return dict(self._db.execute(query).fetchall())

    def _has_run(self, run: tuple[object, ...], undated: dict[object, int]) -> bool:
        numbered = "SELECT 1 FROM runs WHERE origin = ? AND counter = ?"
        if self._db.execute(numbered, run[10:12]).fetchone():
            return True
        if run[1] is None:
            undated[run[0]] = undated.get(run[0], 0) - 1
            return undated[run[0]] >= 0
        query = (
            "SELECT 1 FROM runs WHERE command_id = ? AND start_us = ?"
            " AND session IS CAST(? AS TEXT) AND imported = ?"
        )
        key = run[0], run[1], run[5], run[8]
        return self._db.execute(query, key).fetchone() is not None

    def add_progress(self, source: Source) -> None:
        """How far the spool was read. Not of a source that lost rows: the spool may hold them."""
        for _, name, head, offset in source.rows("spool_progress", ["name", "head", "offset"]):
            if _fits((name, head, offset), (str, bytes, int)):
                self._insert(
                    "spool_progress(name, head, offset) VALUES(?,?,?)", (name, head, offset)
                )

    def finish(self) -> int:
        """Let what was read hang together, whatever is missing; how many commands no source had."""
        erasing.drop_twins(self._db, SECOND_US + LATE_US - 1)
        for id, known in self._known:
            self._add_last_run(id, known)
        sums.renew_all(self._db)
        self._db.executemany(
            "UPDATE commands SET runs = MAX(runs, ?), ok_runs = MAX(ok_runs, ?),"
            " failed_runs = MAX(failed_runs, ?) WHERE id = ?",
            [(known.runs, known.ok_runs, known.failed_runs, id) for id, known in self._known],
        )
        return len({id for id, _ in self._known} - self._read)

    def _add_last_run(self, id: int, known: Known) -> None:
        """Of a command whose runs are lost: it always has one. If the spool brings the last one
        back, that takes its place, as with an import.
        """
        last_us = round(known.last_run * MICRO) or None
        self._db.execute(
            "INSERT INTO runs(command_id, start_us, imported) SELECT :id, :start, 1"
            " WHERE NOT EXISTS (SELECT 1 FROM runs WHERE command_id = :id"
            " AND (:start IS NULL OR start_us >= :start - :late))",
            {"id": id, "start": last_us, "late": SECOND_US},
        )

    def _insert_at(
        self, table: str, columns: str, holes: str, id: object, values: tuple[object, ...]
    ) -> int:
        """A row under its old number, or a new one if that is taken; its number."""
        if isinstance(id, int) and id > 0:
            query = f"{table}(id, {columns}) VALUES(?, {holes})"
            if self._insert(query, (id, *values)):
                return id
        query = f"INSERT INTO {table}({columns}) VALUES({holes})"
        number = self._db.execute(query, values).lastrowid
        assert number is not None
        return number

    def _insert(self, query: str, values: tuple[object, ...]) -> bool:
        return self._db.execute(f"INSERT OR IGNORE INTO {query}", values).rowcount == 1


def _columns(version: int) -> dict[str, type]:
    """Those of a run in a source of this schema: the first of _ALL."""
    if version >= _AUTHORED_SINCE:
        return _ALL
    return _RUNS if version < exchanged.SINCE else _RUNS | _NUMBERED


def _fits(values: Iterable[object], kinds: Iterable[type]) -> bool:
    """Whether each is of its kind or None: damage may have turned it into anything."""
    pairs = zip(values, kinds, strict=True)
    return all(value is None or isinstance(value, kind) for value, kind in pairs)
