"""The history of one data directory: store, spool and catalogue, kept in step.

Knows no model and no sockets. Not thread-safe: the engine locks.
"""

import contextlib
import fnmatch
import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from backend.config import Config
from backend.engine.catalogue import Catalogue
from backend.meaning import vectors
from backend.redaction.mask import redact
from backend.storage import recovery, spool
from backend.storage.lookup import Lookup
from backend.storage.store import Added, Store
from backend.wire.record import Record

log = logging.getLogger(__name__)


class History:
    """Open for recording and reading: `store`, `lookup` and `catalogue`.

    A store that cannot be used is replaced by what could be read of it; `notice` says so. Raises
    sqlite3.Error or OSError if the disk does not let it be opened.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self.problem: str | None = None
        store, _ = recovery.open_store(config.store_file)
        try:
            self._use(store)
        except sqlite3.DatabaseError as error:
            store.close()
            self.mend(error)

    def _use(self, store: Store) -> None:
        if store.is_new:
            # They belong to a store that is gone, and would name other commands by its numbers.
            self._remove_saved()
            vectors.remove(self._config.vectors_dir)
        self.store, self.lookup = store, Lookup(store.db)
        self._spool = spool.Reader(self._config.spool_dir, store.progress())
        self.catalogue = self._catalogue()
        self.notice = self.lookup.note("recovery")
        self._log_is_clear = True

    def _catalogue(self) -> Catalogue:
        return Catalogue(self.lookup, self._config.text_file, self._config.columns_file)

    def _remove_saved(self) -> None:
        """Delete what the catalogue saved: the text index holds the texts of commands."""
        for file in (self._config.text_file, self._config.columns_file):
            file.unlink(missing_ok=True)

    def mend(self, error: sqlite3.Error) -> None:
        """Replace a store that turned out to be damaged. Raises `error` if it does not say so."""
        if not recovery.is_damage(error):
            raise error
        with contextlib.suppress(AttributeError):  # never opened so far
            self.store.close()
        store, found = recovery.replace(self._config.store_file, str(error))
        log.error("%s", found)
        self._use(store)

    def close(self) -> None:
        with contextlib.suppress(OSError):  # what it saves is a cache
            self.catalogue.save()
        self.store.close()

    def drain(self) -> int:
        """Move what the hooks have written into the store; the number of runs added.

        If the store cannot be written (a full disk), the spool keeps everything, and `problem`
        says so.
        """
        added = 0
        try:
            for chunk in self._spool.read():
                stored = self._store(chunk.records, [chunk.progress], imported=False)
                # Committed: from here on nothing may cause the chunk to be read again.
                self._spool.advance(chunk)
                self._take_in(stored)
                added += stored.runs
        except sqlite3.OperationalError as error:
            self._report(f"cannot write the history ({error}); the spool keeps the commands")
        else:
            self._report(None)
        return added

    def _report(self, problem: str | None) -> None:
        """Say it in the log once, not every second."""
        if problem != self.problem:
            log.error("%s", problem) if problem else log.info("the history can be written again")
            self.problem = problem

    def record(self, records: Sequence[Record], imported: bool) -> int:
        """Add runs, secrets masked; the number added."""
        added = self._store(records, [], imported)
        self._take_in(added)
        return added.runs

    def _store(
        self, records: Sequence[Record], progress: Sequence[spool.Progress], imported: bool
    ) -> Added:
        kept = [_masked(record) for record in records if not self._is_ignored(record.command)]
        return self.store.add(kept, progress, imported)

    def _take_in(self, added: Added) -> None:
        """Tell the catalogue. It is a copy: if that fails, it is made anew from the store."""
        try:
            if added.new:
                self.catalogue.add(added.new)
            if added.again:
                self.catalogue.update(added.again)
        except sqlite3.Error:
            raise
        except Exception as error:
            log.error("the catalogue is made anew: %s", type(error).__name__)
            self._renew_catalogue()

    def _renew_catalogue(self) -> None:
        """From the store alone: what was saved of it may be what is wrong."""
        found = self.catalogue.vectors
        self._remove_saved()
        self.catalogue = self._catalogue()
        self.catalogue.attach(found)

    def _is_ignored(self, command: str) -> bool:
        return not command.strip() or any(
            fnmatch.fnmatchcase(command, pattern) for pattern in self._config.ignore
        )

    def tidy(self) -> None:
        """Secure what was drained on the disk, then wipe it from the spool."""
        if not self._log_is_clear:
            self._log_is_clear = self.store.clear_log()
        if self._spool.has_unwiped() and self.store.checkpoint():
            self.store.drop_progress(self._spool.wipe())
        self.catalogue.save()

    def forget(self, ids: Sequence[int]) -> int:
        """Remove commands from store, text index, vectors and spool; how many there were."""
        self.drain()
        forgotten = self.store.forget(ids)
        self._remove_traces(ids)
        return forgotten

    def mask(self, ids: Sequence[int]) -> int:
        """Mask the secrets in these commands, whose runs stay; how many held any."""
        self.drain()
        texts = self.lookup.texts_of(ids).items()
        masked = [(id, safe) for id, text in texts if (safe := redact(text)) != text]
        self.store.mask(masked)
        self._remove_traces([id for id, _ in masked])
        return len(masked)

    def _remove_traces(self, ids: Sequence[int]) -> None:
        """Of commands that are gone from the store: in its log, spool, text index and vectors."""
        self._log_is_clear = self.store.clear_log()
        self.store.drop_progress(self._spool.wipe())
        if self.catalogue.vectors is not None:
            self.catalogue.vectors.drop(ids)
        self._renew_catalogue()

    def tell(self) -> str | None:
        """The notice, and a promise not to give it after the next start."""
        with contextlib.suppress(sqlite3.OperationalError):
            self.store.set_note("recovery", "")
        return self.notice

    def status(self) -> dict[str, object]:
        """`commands`, `embedded`, `damaged_records`, `problem` and `recovered`, where there are."""
        return {
            "commands": len(self.catalogue),
            "embedded": self.catalogue.embedded(),
            "damaged_records": self._spool.damaged,
            "problem": self.problem,
            "recovered": self.notice,
        }


def _masked(record: Record) -> Record:
    """The record with the values of secrets masked."""
    command = redact(record.command, record.exit)
    return record if command == record.command else replace(record, command=command)
