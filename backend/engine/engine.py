"""record() and search(): the one composer of history, model and background work.

Public methods hold the engine's lock while they touch the history; embedding in bulk runs outside
it, so that a search never waits for a batch.
"""

import contextlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from backend.config import Config
from backend.engine import keeping, removal
from backend.engine.backups import Backups
from backend.engine.embedding import Embedding
from backend.engine.exchange.exchange import Exchange
from backend.engine.held.catalogue import Catalogue
from backend.engine.history import History
from backend.engine.indexer import Indexer
from backend.engine.inspection import Inspected, inspect
from backend.engine.search.answer import Result
from backend.engine.search.blanks import Alike, alike
from backend.engine.search.episodes import find as episodes
from backend.engine.search.everything import everything
from backend.engine.search.find import Request, find
from backend.engine.unasked.likely import following, mending
from backend.meaning.model import Meaning, ModelUnavailable
from backend.meaning.vectors import DamagedVectors
from backend.query.place import NOWHERE, Place
from backend.storage.condition import damage
from backend.system import memory
from backend.wire import protocol
from backend.wire.episode import Episode
from backend.wire.record import Record

log = logging.getLogger(__name__)

# A thread that waits for the lock has it by then.
BETWEEN_LOTS_S = 0.001

T = TypeVar("T")


class Engine:
    """The history of one data directory, open for recording and searching."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = threading.RLock()
        self._history = History(config)
        self._meaning = Meaning(config)
        self._searched = time.monotonic()
        self._backups = Backups(config.store_file)
        self._embedding = Embedding(self._history, self._meaning, self._lock)
        self._beside = ThreadPoolExecutor(1, "text search")
        self._indexer = Indexer(self.prepare, self.drain, self.embed_waiting, self.tidy)
        woken, searched = self._indexer.wake, lambda: self._searched
        self.exchange = Exchange(self._history, self._safely, woken, searched)

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
            self._safely(self._history.close)
            self.catalogue.attach(None)
        self._beside.shutdown()
        self._meaning.close()

    def is_in_place(self) -> bool:
        """Whether the store is still the file of that name: what was removed is not written to."""
        return self._history.store.is_in_place()

    def put_back(self) -> bool:
        """Write the store, which was removed, back to its place; False if another is there now."""
        try:
            return self._safely(self._history.put_back)
        except (sqlite3.Error, OSError) as error:
            log.error("the history was removed and cannot be written back: %s", error)
            return True

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

    def record(self, records: Sequence[Record], imported: bool = False, exact: bool = False) -> int:
        """Add runs, secrets masked; the number added. imported, exact: as in Store.add."""
        added = self._safely(lambda: self._history.record(records, imported, exact))
        self._indexer.wake()
        return added

    # Searching

    def search(
        self,
        text: str,
        *,
        limit: int = 50,
        offset: int = 0,
        mode: str = protocol.AUTO,
        place: Place = NOWHERE,
        narrow: str = "",
        hidden: Sequence[int] = (),
    ) -> Result:
        """The commands that match `text` best, `offset` passed over. `mode` is one of
        protocol.MODES. `narrow`: more filters, as in a text; `hidden`: commands not to be shown.
        Raises ModelUnavailable if meaning alone was asked for and there is no model.
        """
        return self.answer(Request(text, limit, mode, place, offset, narrow, frozenset(hidden)))

    def answer(self, request: Request) -> Result:
        """As `search`."""
        work = self._history, self._meaning, request, self._beside
        result = self._up_to_date(lambda: find(*work))
        notice = self._safely(lambda: self._history.trouble() or self._history.tell())
        return replace(result, note=notice) if notice else result

    def next(self, prefix: str, *, limit: int = 10, place: Place = NOWHERE) -> Result:
        """The commands that begin with `prefix` and are likely next at `place`, best first."""
        return self._safely(lambda: following(self._history, place, prefix, limit))

    def fix(self, *, limit: int = 10, place: Place = NOWHERE) -> Result:
        """What fixed failures like the last one at `place`, best first."""
        return self._safely(lambda: mending(self._history, place, limit))

    def likes(self, id: int, request: Request) -> Alike | None:
        """Commands that differ in an argument or two alone from this one; None if it is gone."""
        return self._safely(lambda: alike(self._history, id, request))

    def episodes(self, request: Request) -> episodes.Found:
        """The stretches of work that match best. Raises episodes.NotRead, and as `search` does."""
        work = self._history, self._meaning, request, self._beside
        return self._up_to_date(lambda: episodes.find(*work))

    def episode(self, run: int, hidden: frozenset[int] = frozenset()) -> Episode | None:
        """The one that this run is part of, without these commands. Raises episodes.NotRead."""
        return self._up_to_date(lambda: episodes.with_run(self._history, run, hidden))

    def _up_to_date(self, search: Callable[[], T]) -> T:
        """What is found once all that the hooks have written is taken in."""
        self._searched = time.monotonic()
        if self._meaning.expect_use() | bool(self.drain()):
            self._indexer.wake()
        return self._safely(search)

    def matches(self, request: Request) -> list[int]:
        """Numbers of all commands that hold what was typed. Raises everything.Unclear."""
        return self._safely(lambda: everything(self._history, request))

    def inspect(self, id: int, limit: int, offset: int) -> Inspected | None:
        """A command and some of its runs, newest first; None if there is none of this number."""
        return self._safely(lambda: inspect(self._history, id, limit, offset))

    def pick(self, query: str, command: str) -> None:
        """Learn that this command was picked for this query."""
        self._safely(lambda: self._history.pick(query, command, time.time()))

    # Keeping

    def pin(self, id: int, on: bool) -> bool:
        """Pin a command or let it go; whether there is one of this number."""
        return self._safely(lambda: keeping.pin(self._history, id, on))

    def note(self, id: int, text: str) -> str | None:
        """Keep a note about a command, none if it is empty; the note masked as it is kept, or None
        if there is no command of this number.
        """
        kept = self._safely(lambda: keeping.note(self._history, id, text))
        self._indexer.wake()
        return kept

    # In the background

    def prepare(self) -> None:
        """Load the model, learn what is needed, and look for damage that no query has met yet."""
        self.load_model()
        self.learn_needs()
        self.catalogue.likes.learn(self._lock)
        found = damage.in_all(self._config.store_file)
        if found is not None and self.is_in_place():
            with self._lock:
                self._history.mend(found)
                self._renew_vectors()
        memory.give_back_unused()

    def learn_needs(self) -> None:
        """Take in what was run before, a lot at a time, with a moment for searches in between."""
        while self._safely(self._history.learn):
            time.sleep(BETWEEN_LOTS_S)

    def load_model(self) -> None:
        """Load the model; without one, searching stays by text."""
        found = self._meaning.load()
        with self._lock:
            self.catalogue.attach(found)

    def embed_waiting(self) -> bool:
        """Embed a batch of what has no vector, or an old one; whether there is more to do."""
        self._meaning.keep_or_release()
        self.learn_needs()
        self.catalogue.likes.learn(self._lock)
        return self._reread() | self._embedding.step()

    def _reread(self) -> bool:
        """Hold a lot of the store against rules for secrets that are newer; whether to go on."""
        with self._lock:
            rereading = self._history.rereading
            lot = rereading.next_lot()
        if lot is not None:
            rereading.judge(lot)
            return True
        if rereading.is_due and self._safely(lambda: removal.mend_reread(self._history)):
            self._history.told = None
            self._indexer.wake()
        return False

    def tidy(self) -> None:
        """Secure what was drained on the disk, wipe it from the spool, give memory back."""
        self._safely(self._history.tidy)
        catalogue = self.catalogue
        if self.is_in_place():
            catalogue.save(self._lock, lambda: self.catalogue is catalogue)
        self._backups.take(self._history, self._lock)
        if self._searched:
            self._searched = 0.0
            with self._lock:
                self.catalogue.give_back_pages()
            memory.give_back_unused()

    def rebuild_vectors(self) -> None:
        """Throw the vectors away; the indexer makes them again. Raises ModelUnavailable."""
        with self._lock:
            self.catalogue.attach(self._meaning.new_vectors())
        self._indexer.wake()

    def forget(self, ids: Sequence[int], shells: Sequence[int] = ()) -> int:
        """Remove commands from store, text index, vectors and spool; how many there were. shells:
        process ids of those whose open line asked for it, and is not to be kept either.
        """
        self._history.leave_out(shells)
        return self._safely(lambda: removal.forget(self._history, ids))

    def forget_runs(self, runs: Sequence[int]) -> tuple[int, int]:
        """Remove single runs; how many commands went with their last, and how many other runs."""
        return self._safely(lambda: removal.forget_runs(self._history, runs))

    def mask(self, ids: Sequence[int]) -> int:
        """Mask the secrets in commands recorded before there was a rule; how many held any."""
        masked = self._safely(lambda: removal.mask(self._history, ids))
        self._indexer.wake()
        return masked

    def status(self) -> dict[str, object]:
        """Figures for `deja status`. Takes no lock: it answers while a search is at work."""
        return {**self._history.status(), **self._embedding.status(), **self._meaning.status()}
