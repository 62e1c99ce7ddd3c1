"""The store: every run of every command, in SQLite. The only truth.

One process, the daemon, writes to it; others may read. Text is kept as the bytes that were typed:
it goes in through CAST(? AS TEXT) and comes out by surrogateescape, so invalid UTF-8 survives.
"""

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.storage import adding, erasing, runs, schema
from backend.storage.adding import LATE_US, SECOND_US
from backend.storage.adding import MICRO as MICRO  # part of this module's interface
from backend.storage.condition import damage, peek, wal
from backend.storage.condition.files import Files
from backend.storage.exchange import forgetting
from backend.storage.spool import Progress
from backend.system.text import to_bytes, to_text
from backend.wire.record import Record

# A log of more pages than this is moved into the file at once, not when there is time.
LOG_PAGES = 1000


@dataclass(frozen=True)
class Added:
    """What `Store.add` did: ids of commands never seen before and of known ones run again."""

    new: list[int]
    again: list[int]
    runs: int


class Store:
    """An open store; lookup.py reads from its `db`. Not thread-safe: the caller serialises.

    `is_new` says that there was none. Raises sqlite3.DatabaseError if the file is damaged, and
    schema.Unusable if it is not for this deja.
    """

    def __init__(self, path: Path) -> None:
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        os.close(descriptor)
        self.path = path
        # Counts what the user has changed, for who wants to know whether there is anything new.
        self.changes = 0
        self._has_copies = False
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.db.text_factory = to_text
        try:
            self._open()
        except BaseException:
            self.db.close()
            raise

    def _open(self) -> None:
        schema.version(self.db, self.path)
        # NORMAL: a power cut may take the last commits, never the file's integrity. The
        # spool is older than any commit and is wiped only when that is on the disk.
        self.db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=5000;"
            "PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON; PRAGMA cache_size=-1024;"
            # Not behind our back: what is copied from the log must be looked at first.
            "PRAGMA wal_autocheckpoint=0;"
        )
        self.is_new = schema.migrate(self.db, self.path)
        self.files = Files(self.path)

    def close(self) -> None:
        self.db.close()
        peek.release(self.path)
        self.files.remove_stray_log()

    def is_in_place(self) -> bool:
        """Whether neither file nor log was removed or replaced since the store was opened."""
        return self.files.are_in_place()

    def check(self) -> None:
        """Look whether file and log are what was written, without reading the file.

        Raises sqlite3.DatabaseError with the code of damage: then nothing more may be written.
        """
        damage.check_open(self.path)

    # Writing

    def add(
        self,
        records: Iterable[Record],
        progress: Iterable[Progress] = (),
        imported: bool = False,
        exact: bool = False,
    ) -> Added:
        """Add runs and note how far the spool was read, both or neither.

        Of an import, runs that are known already (same command and second, or an `nth` not
        above the known runs) and commands that were forgotten are left out. exact: it is an
        export of deja, so that the second alone tells no runs apart that have a session.
        """
        new: list[int] = []
        again: dict[int, None] = {}
        added = 0
        with self.transaction():
            for record in records:
                command_id, is_new = adding.command_id(self.db, record.command, imported)
                if command_id is None or not adding.add_run(
                    self.db, command_id, record, imported, exact
                ):
                    continue
                added += 1
                if is_new:
                    new.append(command_id)
                else:
                    again[command_id] = None
            self.db.executemany(
                "INSERT OR REPLACE INTO spool_progress(name, head, offset) VALUES(?,?,?)",
                [(item.name, item.head, item.offset) for item in progress],
            )
        self.changes += bool(added)
        fresh = set(new)
        return Added(new, [id for id in again if id not in fresh], added)

    def drop_progress(self, names: Iterable[str]) -> None:
        """Forget how far spool files were read, once the files themselves are gone."""
        self.db.executemany(
            "DELETE FROM spool_progress WHERE name = ?", [(name,) for name in names]
        )

    def forget(self, ids: Sequence[int]) -> int:
        """Remove commands and their runs, and overwrite the pages that held them.

        An import does not bring them back; running one again records it anew. The write-ahead
        log holds them until `clear_log`.
        """
        with self.transaction():
            forgetting.tell_forgotten(self.db, ids)
            count = sum(erasing.forget(self.db, id) for id in ids)
            self.removed()
        self.changes += 1
        return count

    def forget_runs(self, run_ids: Sequence[int]) -> tuple[list[int], int]:
        """Remove single runs; a command whose last run goes is forgotten. The commands of these
        runs, and how many runs there were. For the rest as `forget`.
        """
        touched: dict[int, None] = {}
        count = 0
        with self.transaction():
            forgetting.tell_runs_forgotten(self.db, run_ids)
            for run_id in run_ids:
                command_id = runs.forget(self.db, run_id)
                if command_id is not None:
                    touched[command_id] = None
                    count += 1
            if count:
                self.removed()
        self.changes += 1
        return list(touched), count

    def mask(self, masked: Iterable[tuple[int, str]]) -> None:
        """Replace commands, by id, by these texts; their runs stay. For the rest as `forget`."""
        with self.transaction():
            for id, text in masked:
                forgetting.tell_masked(self.db, id, to_bytes(text))
                twins = erasing.rename(self.db, id, to_bytes(text), SECOND_US + LATE_US - 1)
                forgetting.tell_gone(self.db, twins)
                forgetting.bury_masked(self.db, to_bytes(text))
            self.removed()
        self.changes += 1

    def removed(self) -> None:
        """What was made of the commands is stale, and pages may hold copies of what is gone."""
        self._has_copies = True
        erasing.set_generation(self.db, erasing.generation(self.db) + 1)

    def set_note(self, key: str, value: str) -> None:
        """Keep a line about the store itself; an empty one is removed."""
        self.db.execute("DELETE FROM notes WHERE key = ?", (key,))
        if value:
            self.db.execute("INSERT INTO notes(key, value) VALUES(?, ?)", (key, value))

    def clear_log(self) -> bool:
        """Empty the write-ahead log, which holds what was removed; False while somebody reads, or
        if the disk is too full to write the file anew.
        """
        try:
            if self._has_copies:
                self.check()
                # secure_delete wipes a row, not the copies that a page keeps when it is split.
                self.db.execute("VACUUM")
                self._has_copies = False
            self.check()
            busy, _, _ = self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return False
        return not busy

    def checkpoint(self) -> bool:
        """Move what is committed from the write-ahead log into the file and to the disk; whether
        all of it is there, which a reader of an older state prevents.
        """
        self.check()
        busy, pages, moved = self.db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return not busy and pages == moved

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written within it, or nothing."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.db.execute("COMMIT")
        except BaseException:
            # A commit that fails, on a full disk for one, may have been rolled back already.
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise
        if wal.pending(self.path) > LOG_PAGES:
            self.checkpoint()

    # Reading

    def progress(self) -> dict[str, Progress]:
        """How far each spool file has been read, by name."""
        rows = self.db.execute("SELECT name, head, offset FROM spool_progress")
        return {name: Progress(name, head, offset) for name, head, offset in rows}
