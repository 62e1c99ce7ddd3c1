"""record() and search(): the one place where store, text index, vectors and ranking meet.

Knows nothing of sockets. Public methods hold the engine's lock while they touch the history;
embedding in bulk runs outside it, so that a search never waits for a batch.
"""

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from backend import context, evidence, memory, query, ranking, recovery
from backend.catalogue import Catalogue
from backend.config import Config
from backend.history import History
from backend.indexer import Indexer
from backend.matching import matching
from backend.meaning import NO_VECTORS, Meaning, ModelUnavailable
from backend.records import Record
from backend.vectors import DamagedVectors

log = logging.getLogger(__name__)

# Candidates that each side, meaning and text, brings to the ranking.
CANDIDATES = 300

# Commands embedded between two looks at what else there is to do.
BATCH = 32

# How long the first searches tell that a damaged store was replaced.
NOTICE_S = 60.0

T = TypeVar("T")


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
        self._history = History(config)
        self._meaning = Meaning(config)
        self._told: float | None = None
        self._searched = True
        self._indexer = Indexer(self.prepare, self.drain, self.embed_waiting, self.tidy)

    @property
    def catalogue(self) -> Catalogue:
        """Every command in memory."""
        return self._history.catalogue

    def start(self) -> None:
        """Begin to load the model and to embed, in the background."""
        self._indexer.start()

    def close(self) -> None:
        """Stop the background work and close the store."""
        self._indexer.stop()
        self.drain()
        with self._lock:
            self._history.close()

    def is_in_place(self) -> bool:
        """Whether the store is still the file of that name: what was removed is not written to."""
        return self._history.store.is_in_place()

    def _safely(self, work: Callable[[], T]) -> T:
        """Do it under the lock, and once more if it showed that store or vectors are damaged."""
        with self._lock:
            try:
                return work()
            except sqlite3.DatabaseError as error:
                self._history.mend(error)
            except DamagedVectors as error:
                log.error("%s; they are made anew", error)
            self._renew_vectors()
            return work()

    def _renew_vectors(self) -> None:
        self.catalogue.attach(None)
        with contextlib.suppress(ModelUnavailable):
            self.catalogue.attach(self._meaning.new_vectors())

    # Recording

    def drain(self) -> int:
        """Move what the hooks have written into the store; the number of runs added.

        If the store cannot be written (a full disk), the spool keeps everything.
        """
        return self._safely(self._history.drain)

    def record(self, records: Sequence[Record], imported: bool = False) -> int:
        """Add runs to the history, secrets masked; the number added."""
        added = self._safely(lambda: self._history.record(records, imported))
        self._indexer.wake()
        return added

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
        self._searched = True
        result = self._safely(lambda: self._search(text, limit, mode, place))
        self._indexer.wake()
        return replace(result, took_ms=(time.perf_counter() - started) * 1000)

    def _search(self, text: str, limit: int, mode: str, place: context.Place) -> Result:
        self._history.drain()
        asked = query.parse(text, time.time(), self.catalogue.text)
        allowed = self._allowed(asked, place)
        if asked.is_empty:
            used, found = "text", self._newest(allowed, limit)
        else:
            used, found = self._ranked(asked, allowed, mode, place, limit)
        note = self._notice() or next(iter(asked.hints), None) or found.note
        return Result(used, 0.0, len(self.catalogue), note, self._rows(found.hits))

    def _notice(self) -> str | None:
        """What the user must know of the store: for a minute, since a picker asks at every key."""
        if self._history.notice is None:
            return None
        if self._told is None:
            self._told = time.monotonic()
            return self._history.tell()
        return self._history.notice if time.monotonic() - self._told < NOTICE_S else None

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
            context.gather(catalogue.columns, self._history.lookup, place, rows),
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
            if self.catalogue.vectors is None:
                raise ModelUnavailable(self._meaning.problem or NO_VECTORS)
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
        ids = matching(self._history.store.db, asked.filters, place)
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
            for hit, command in zip(hits, self._history.lookup.commands(ids), strict=True)
        ]

    # In the background

    def prepare(self) -> None:
        """Load the model, and look through the store for damage that no query has met yet."""
        self.load_model()
        damage = recovery.damage(self._config.store_file)
        if damage is not None:
            with self._lock:
                self._history.mend(damage)
                self._renew_vectors()

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
        if not waiting or self._meaning.problem or self.catalogue.vectors is None:
            return False
        made = self._meaning.embed([text for _, text in waiting])
        with self._lock:
            self.catalogue.add_vectors([id for id, _ in waiting], made)
        return True

    def tidy(self) -> None:
        """Secure what was drained on the disk, wipe it from the spool, give memory back."""
        self._safely(self._history.tidy)
        if self._searched:
            self._searched = False
            with self._lock:
                self.catalogue.give_back_pages()
            memory.give_back_heap()

    def rebuild_vectors(self) -> None:
        """Throw the vectors away; the indexer makes them again. Raises ModelUnavailable."""
        with self._lock:
            self.catalogue.attach(self._meaning.new_vectors())
        self._indexer.wake()

    def forget(self, ids: Sequence[int]) -> int:
        """Remove commands from store, text index, vectors and spool; how many there were."""
        return self._safely(lambda: self._history.forget(ids))

    def mask(self, ids: Sequence[int]) -> int:
        """Mask the secrets in commands recorded before there was a rule; how many held any."""
        masked = self._safely(lambda: self._history.mask(ids))
        self._indexer.wake()
        return masked

    def status(self) -> dict[str, object]:
        """Figures for `deja status`. Takes no lock: it answers while a search is at work."""
        return {**self._history.status(), **self._meaning.status()}
