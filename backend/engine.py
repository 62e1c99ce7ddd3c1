"""record() and search(): the one place where store, text index, vectors and ranking meet.

Knows nothing of sockets. Public methods hold the engine's lock while they touch the history;
embedding in bulk runs outside it, so that a search never waits for a batch.
"""

import fnmatch
import logging
import sqlite3
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backend import context, evidence, query, ranking, spool
from backend.catalogue import Catalogue
from backend.config import Config
from backend.indexer import Indexer
from backend.lookup import Lookup
from backend.matching import matching
from backend.meaning import Meaning, ModelUnavailable
from backend.records import Record
from backend.redact import redact
from backend.store import Store

log = logging.getLogger(__name__)

# Candidates that each side, meaning and text, brings to the ranking.
CANDIDATES = 300

# Commands embedded between two looks at what else there is to do.
BATCH = 32


@dataclass(frozen=True)
class Row:
    """One command found. Unknown is None; `last_run` is epoch seconds."""

    command: str
    score: float
    meaning: float | None
    text: float | None
    runs: int
    last_run: float | None
    exit: int | None
    cwd: str | None
    why: str


@dataclass(frozen=True)
class Result:
    """Rows, best first; `mode` is what was used: hybrid, meaning or text."""

    mode: str
    took_ms: float
    total: int
    note: str | None
    rows: list[Row]


class Engine:
    """The history of one data directory, open for recording and searching."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = threading.RLock()
        self._store = Store(config.store_file)
        self._lookup = Lookup(self._store.db)
        self._spool = spool.Reader(config.spool_dir, self._store.progress())
        self.catalogue = Catalogue(self._lookup, config.text_file)
        self._meaning = Meaning(config)
        self._indexer = Indexer(self.load_model, self.drain, self.embed_waiting, self.tidy)

    def start(self) -> None:
        """Begin to load the model and to embed, in the background."""
        self._indexer.start()

    def close(self) -> None:
        """Stop the background work and close the store."""
        self._indexer.stop()
        with self._lock:
            self.drain()
            self.catalogue.save_text()
            self._store.close()

    # Recording

    def drain(self) -> int:
        """Move what the hooks have written into the store; the number of runs added.

        If the store cannot be written (a full disk), the spool keeps everything.
        """
        added = 0
        with self._lock:
            try:
                for chunk in self._spool.read():
                    added += self._add(chunk.records, [chunk.progress], imported=False)
                    self._spool.advance(chunk)
            except sqlite3.OperationalError as error:
                log.error("cannot write the store (%s); the spool keeps the commands", error)
        return added

    def record(self, records: Sequence[Record], imported: bool = False) -> int:
        """Add runs to the history, secrets masked; the number added."""
        with self._lock:
            added = self._add(records, [], imported)
        self._indexer.wake()
        return added

    def _add(
        self, records: Sequence[Record], progress: Sequence[spool.Progress], imported: bool
    ) -> int:
        kept = [_masked(record) for record in records if not self._is_ignored(record.command)]
        added = self._store.add(kept, progress, imported)
        if added.new:
            self.catalogue.add(added.new)
        if added.again:
            self.catalogue.update(added.again)
        return added.runs

    def _is_ignored(self, command: str) -> bool:
        return not command.strip() or any(
            fnmatch.fnmatchcase(command, pattern) for pattern in self._config.ignore
        )

    # Searching

    def search(
        self,
        text: str,
        *,
        limit: int = 50,
        mode: str = "auto",
        place: context.Place = context.NOWHERE,
    ) -> Result:
        """The commands that match `text` best. `mode` is auto, meaning or text.

        Raises ModelUnavailable if meaning alone was asked for and there is no model.
        """
        started = time.perf_counter()
        self._meaning.expect_use()
        with self._lock:
            self.drain()
            asked = query.parse(text, time.time(), self.catalogue.text)
            allowed = self._allowed(asked, place)
            if asked.is_empty:
                used, found = "text", self._newest(allowed, limit)
            else:
                used, found = self._ranked(asked, allowed, mode, place, limit)
            rows = self._rows(found.hits)
        self._indexer.wake()
        took_ms = (time.perf_counter() - started) * 1000
        note = next(iter(asked.hints), None) or found.note
        return Result(used, took_ms, len(self.catalogue), note, rows)

    def _ranked(
        self,
        asked: query.Query,
        allowed: NDArray[np.bool_] | None,
        mode: str,
        place: context.Place,
        limit: int,
    ) -> tuple[str, ranking.Ranking]:
        catalogue = self.catalogue
        match = catalogue.text.search(asked, CANDIDATES, allowed=allowed, prior=catalogue.prior())
        rows, cosines = match.rows, None
        vector = self._query_vector(asked, mode)
        if vector is not None:
            rows, cosines = catalogue.near(vector, CANDIDATES, allowed)
            if mode != "meaning":
                other = np.setdiff1d(match.rows, rows)
                cosines = np.concatenate([cosines, catalogue.cosines(vector, other)])
                rows = np.concatenate([rows, other])
            passed = evidence.passes(asked, catalogue.text, rows)
            rows, cosines = rows[passed], cosines[passed]
        found = ranking.rank(
            asked,
            rows,
            cosines,
            evidence.gather(asked, catalogue.text, match, rows),
            context.gather(catalogue.columns, self._lookup, place, rows),
            now=time.time(),
            limit=limit,
        )
        used = "text" if vector is None else "meaning" if mode == "meaning" else "hybrid"
        return used, found

    def _query_vector(self, asked: query.Query, mode: str) -> NDArray[np.float32] | None:
        """The unit vector to look for, (dimension,), or None to look at the text alone."""
        if mode == "text" or not asked.meaning_text:
            return None
        try:
            return self._meaning.query_vector(asked)
        except ModelUnavailable:
            if mode == "meaning":
                raise
            return None

    def _allowed(self, asked: query.Query, place: context.Place) -> NDArray[np.bool_] | None:
        """Which rows the filters of the query leave, (n,), or None for all."""
        if not asked.filters.active:
            return None
        allowed = np.zeros(len(self.catalogue), bool)
        ids = matching(self._store.db, asked.filters, place)
        allowed[self.catalogue.columns.rows(np.array(ids, np.int64))] = True
        return allowed

    def _newest(self, allowed: NDArray[np.bool_] | None, limit: int) -> ranking.Ranking:
        rows = self.catalogue.newest(limit, allowed)
        return ranking.Ranking([ranking.Hit(int(row), 0.0, None, None, "") for row in rows], None)

    def _rows(self, hits: Sequence[ranking.Hit]) -> list[Row]:
        ids = self.catalogue.columns["id"][[hit.row for hit in hits]].tolist()
        return [
            Row(
                command=command.text,
                score=hit.score,
                meaning=hit.meaning,
                text=hit.text,
                runs=command.runs,
                last_run=command.last_run,
                exit=command.last_exit,
                cwd=command.last_cwd,
                why=hit.why,
            )
            for hit, command in zip(hits, self._lookup.commands(ids), strict=True)
        ]

    # In the background

    def load_model(self) -> None:
        """Load the model; without one, searching stays by text."""
        found = self._meaning.load()
        with self._lock:
            self.catalogue.attach(found)

    def embed_waiting(self) -> bool:
        """Embed a batch of the newest commands that have no vector; whether there were any."""
        self._meaning.keep_or_release()
        with self._lock:
            waiting = self.catalogue.waiting(BATCH)
        if not waiting or self._meaning.problem:
            return False
        made = self._meaning.embed([text for _, text in waiting])
        with self._lock:
            self.catalogue.add_vectors([id for id, _ in waiting], made)
        return True

    def tidy(self) -> None:
        """Secure what was drained on the disk, then wipe it from the spool."""
        with self._lock:
            if self._spool.has_unwiped():
                self._store.checkpoint()
                for name in self._spool.wipe():
                    self._store.drop_progress(name)
            self.catalogue.save_text()

    def rebuild_vectors(self) -> None:
        """Throw the vectors away; the indexer makes them again from the store.

        Raises ModelUnavailable.
        """
        with self._lock:
            self.catalogue.attach(self._meaning.new_vectors())
        self._indexer.wake()

    def forget(self, ids: Sequence[int]) -> int:
        """Remove commands from store, text index, vectors and spool; how many there were."""
        with self._lock:
            self.drain()
            forgotten = self._store.forget(ids)
            self._spool.wipe()
            found = self.catalogue.vectors
            self.catalogue.remove_text_file()
            self.catalogue = Catalogue(self._lookup, self._config.text_file)
            if found is not None:
                found.drop(ids)
                self.catalogue.attach(found)
        return forgotten

    def status(self) -> dict[str, object]:
        """Figures for `deja status`. Takes no lock: it answers while a search is at work."""
        return {
            "commands": len(self.catalogue),
            "embedded": self.catalogue.embedded(),
            "damaged_records": self._spool.damaged,
            **self._meaning.status(),
        }


def _masked(record: Record) -> Record:
    """The record with the values of secrets masked."""
    command = redact(record.command)
    return record if command == record.command else replace(record, command=command)
