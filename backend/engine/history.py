"""The history of one data directory: store, spool and catalogue, kept in step.

Not thread-safe: the engine locks.
"""

import contextlib
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from backend.config import Config
from backend.engine import contents
from backend.engine.held.catalogue import Catalogue
from backend.engine.held.episodes import Episodes
from backend.engine.held.needs import Needs
from backend.engine.held.passing import Passing
from backend.engine.held.picks import Picks, question
from backend.engine.rereading import MASKED, Rereading, as_kept
from backend.engine.wanted import OpenLines, is_wanted
from backend.query.parse import Query, parse
from backend.redaction.mask import redact
from backend.storage import picks, snapshots, spool
from backend.storage.condition.damage import is_damage
from backend.storage.lookup import Lookup
from backend.storage.rescue import recovery
from backend.storage.store import Added, Store
from backend.wire.limits import limited
from backend.wire.record import Record

log = logging.getLogger(__name__)


# How long the first searches tell that a damaged store was replaced.
NOTICE_S = 60.0


class History:
    """Open for recording and reading: `store`, `lookup` and `catalogue`.

    A store that cannot be used is replaced by what could be read of it; `notice` says so. Raises
    sqlite3.Error or OSError if the disk does not let it be opened.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self.problem: str | None = None
        self._contents = contents.open_(config)
        self.notice = self.lookup.note("recovery")
        self.told: float | None = None
        self._log_is_clear = True
        # How often each field was too long to be kept as it came.
        self.limited: Counter[str] = Counter()
        self._open_lines = OpenLines()
        self.masked = int(self.lookup.note(MASKED) or 0)
        self.rereading = Rereading(self.store, self.lookup)

    @property
    def store(self) -> Store:
        return self._contents.store

    @property
    def lookup(self) -> Lookup:
        return self._contents.lookup

    @property
    def catalogue(self) -> Catalogue:
        return self._contents.catalogue

    @property
    def needs(self) -> Needs:
        return self._contents.needs

    @property
    def episodes(self) -> Episodes:
        return self._contents.episodes

    def learn(self) -> bool:
        """Take in a lot of what was run before; whether there is more to do."""
        return self.needs.learn() or self.episodes.learn()

    @property
    def passing(self) -> Passing:
        return self._contents.passing

    @property
    def aliases(self) -> Mapping[str, str]:
        """The commands that the user's aliases stand for."""
        return self._contents.aliases.known

    def pick(self, query: str, command: str, now: float) -> None:
        """Keep that this command was picked for the query; what is no question is not kept."""
        asked = question(parse(redact(query), now, self.catalogue.text))
        if asked and self._config.learn and picks.add(self.store.db, asked, command, now):
            self.store.changes += 1
            self.reread_picks()

    def reread_picks(self) -> None:
        """Take in what has been picked, as the store has it now."""
        self._contents = replace(self._contents, picks=Picks(picks.read(self.store.db)))

    def picked(self, query: Query) -> list[int]:
        """Rows of the commands that were picked for such a question, the best first."""
        if not self._config.learn:
            return []
        return self.catalogue.columns.rows_of(self._contents.picks.commands(query))

    def mend(self, error: sqlite3.Error) -> None:
        """Replace a store that turned out to be damaged. Raises `error` if it does not say so."""
        memory = list(self.catalogue.known())
        self.catalogue.attach(None)
        made = contents.replaced(self._config, self.store, error, lambda _: memory)
        self._contents = contents.read(self._config, made)
        self.notice = self.lookup.note("recovery")
        self._log_is_clear = True
        self.rereading = Rereading(self.store, self.lookup)

    def put_back(self) -> bool:
        """Write the store to the place from which it was taken; False if another is there now.

        Raises sqlite3.Error or OSError.
        """
        made = recovery.put_back(self.store)
        if made is None:
            return False
        found = self.catalogue.vectors
        self._contents = contents.read(self._config, made)
        self.catalogue.attach(found)
        self.rereading = Rereading(self.store, self.lookup)
        log.warning("the store was removed from under the daemon; it is written back")
        return True

    def close(self) -> None:
        """Raises sqlite3.DatabaseError if store or log are damaged: nothing is written then."""
        if self.store.is_in_place():
            self.store.check()
            with contextlib.suppress(OSError):  # what it saves is a cache
                self.catalogue.save(least=1)
        self.store.close()

    def drain(self) -> int:
        """Move what the hooks have written into the store; the number of runs added.

        If the store cannot be written (a full disk), the spool keeps everything, and `problem`
        says so.
        """
        added = 0
        if not self.store.is_in_place():
            self._report("the history was removed; the spool keeps the commands")
            return 0
        try:
            for chunk in self._contents.spool.read():
                stored = self._store(chunk.records, [chunk.progress], imported=False)
                # Committed: from here on nothing may cause the chunk to be read again.
                self._contents.spool.advance(chunk)
                self.take_in(stored)
                self._contents.aliases.take(chunk.aliases)
                added += stored.runs
        except sqlite3.OperationalError as error:
            if is_damage(error):
                raise
            self._report(f"cannot write the history ({error}); the spool keeps the commands")
        else:
            self._report(None)
        self._tell_mended()
        return added

    def trouble(self) -> str | None:
        """What keeps new commands from being taken in, if anything does."""
        return self.problem or self._contents.spool.problem()

    def _tell_mended(self) -> None:
        """That the spool could not be read, and can be now."""
        mended = self._contents.spool.mended
        for line in mended:
            log.warning("put right: %s", line)
        if mended and not self.notice:
            self.notice = "; ".join(mended)
        mended.clear()

    def _report(self, problem: str | None) -> None:
        """Say it in the log once, not every second."""
        if problem != self.problem:
            log.error("%s", problem) if problem else log.info("the history can be written again")
            self.problem = problem

    def record(self, records: Sequence[Record], imported: bool, exact: bool = False) -> int:
        """Add runs, secrets masked; the number added."""
        added = self._store(records, [], imported, exact)
        self.take_in(added)
        return added.runs

    def _store(
        self,
        records: Sequence[Record],
        progress: Sequence[spool.Progress],
        imported: bool,
        exact: bool = False,
    ) -> Added:
        wanted = (each for each in records if is_wanted(each.command, self._config, each.cwd))
        kept = [self.fit(record) for record in wanted if not self._open_lines.hold(record)]
        return self.store.add(kept, progress, imported, exact)

    def leave_out(self, shells: Sequence[int]) -> None:
        """Do not keep the line that each of these shells has open now."""
        self._open_lines.add(shells, time.time())

    def is_wanted(self, command: str) -> bool:
        """Whether the settings let it be kept."""
        return is_wanted(command, self._config)

    def fit(self, record: Record) -> Record:
        """The record as it may be kept: within the limits, the values of secrets masked."""
        short, names = limited(record)
        if names:
            self.limited.update(names)
            log.warning("longer than allowed, cut or left out: %s", ", ".join(names))
        command = as_kept(short.command, short.exit)
        return short if command == short.command else replace(short, command=command)

    def take_in(self, added: Added) -> None:
        """Tell the catalogue. It is a copy: if that fails, it is made anew from the store."""
        try:
            if added.new:
                self.catalogue.add(added.new)
            if added.again:
                self.catalogue.update(added.again)
            self.needs.follow()
            self.episodes.follow()
        except sqlite3.Error:
            raise
        except Exception as error:
            log.error("the catalogue is made anew: %s", type(error).__name__)
            self._renew_catalogue()

    def _renew_catalogue(self) -> None:
        """From the store alone: what was saved of it may be what is wrong."""
        found = self.catalogue.vectors
        contents.remove_saved(self._config)
        catalogue = contents.catalogue(self._config, self.lookup)
        self._contents = replace(
            self._contents,
            catalogue=catalogue,
            needs=Needs(self.lookup, catalogue.columns),
            episodes=Episodes(self.lookup, catalogue.columns),
            passing=Passing(self.store.db, catalogue.columns),
        )
        self.catalogue.attach(found)

    def tidy(self) -> None:
        """Secure what was drained on the disk, then wipe it from the spool."""
        if not self.store.is_in_place():
            return
        self.store.check()
        if not self._log_is_clear:
            self._log_is_clear = self.store.clear_log()
        if self._contents.spool.has_unwiped() and self.store.checkpoint():
            self.store.drop_progress(self._contents.spool.wipe())

    def remove_traces(self, ids: Sequence[int]) -> None:
        """Of commands and runs that are gone: in snapshots, log, spool, text index and vectors."""
        self.remove_copies()
        self.store.drop_progress(self._contents.spool.wipe())
        if ids and self.catalogue.vectors is not None:
            self.catalogue.vectors.drop(ids)
        self.reread_picks()
        self._renew_catalogue()

    def remove_copies(self) -> None:
        """Of what is gone from the store: in its snapshots and in its log."""
        snapshots.remove(self._config.store_file)
        self._log_is_clear = self.store.clear_log()

    def tell(self) -> str | None:
        """The notice, for a minute, since a picker asks at every key; not after the next start."""
        if self.notice is None:
            return None
        if self.told is None:
            self.told = time.monotonic()
            with contextlib.suppress(sqlite3.OperationalError):
                self.store.set_note("recovery", "")
        return self.notice if time.monotonic() - self.told < NOTICE_S else None

    def status(self) -> dict[str, object]:
        """`commands`, `embedded` and `damaged_records`; `problem`, `recovered`, `masked` (commands,
        when the rules changed last) and `limited` (fields that were too long), where there are.
        """
        return {
            "commands": len(self.catalogue),
            "embedded": self.catalogue.embedded(),
            "damaged_records": self._contents.spool.damaged,
            "problem": self.trouble(),
            "recovered": self.notice,
            "masked": self.masked or None,
            "limited": ", ".join(f"{name} {n}" for name, n in self.limited.items()) or None,
        }
