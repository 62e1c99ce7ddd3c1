"""What is read from one store, since another store has another; what a lost one is made of."""

import contextlib
import logging
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from backend.config import Config
from backend.engine.held.aliases import Aliases
from backend.engine.held.catalogue import Catalogue, remember
from backend.engine.held.columns import Columns
from backend.engine.held.episodes import Episodes
from backend.engine.held.needs import Needs
from backend.engine.held.passing import Passing
from backend.engine.held.picks import Picks
from backend.meaning import vectors
from backend.storage import picks, snapshots, spool
from backend.storage.condition.damage import is_damage
from backend.storage.lookup import Lookup
from backend.storage.rescue import recovery
from backend.storage.rescue.merge import Known
from backend.storage.rescue.recovery import Remembered
from backend.storage.store import Store
from backend.system import cache_file
from backend.text.index import Stale, TextIndex

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Contents:
    """An open store, and what was made of it."""

    store: Store
    lookup: Lookup
    spool: spool.Reader
    catalogue: Catalogue
    needs: Needs
    episodes: Episodes
    picks: Picks
    passing: Passing
    aliases: Aliases


def open_(config: Config) -> Contents:
    """The history as it is on the disk; a store that cannot be used is replaced by what is left.

    Raises sqlite3.Error or OSError if the disk does not let it be opened.
    """
    store = recovery.open_store(config.store_file, lambda least: saved(config, least))
    try:
        return read(config, store)
    except sqlite3.DatabaseError as error:
        found = replaced(config, store, error, lambda least: saved(config, least))
        return read(config, found)


def read(config: Config, store: Store) -> Contents:
    """Raises sqlite3.Error."""
    if store.is_new:
        # They belong to a store that is gone, and would name other commands by its numbers.
        remove_saved(config)
        vectors.remove(config.vectors_dir)
    lookup = Lookup(store.db)
    snapshots.drop_stale(config.store_file, int(lookup.generation()))
    reader = spool.Reader(config.spool_dir, store.progress())
    found = catalogue(config, lookup)
    columns = found.columns
    needs, passing = Needs(lookup, columns), Passing(store.db, columns)
    return Contents(
        *(store, lookup, reader, found, needs, Episodes(lookup, columns)),
        *(Picks(picks.read(store.db)), passing, Aliases(store, lookup)),
    )


def catalogue(config: Config, lookup: Lookup) -> Catalogue:
    """Every command of the store in memory."""
    return Catalogue(lookup, config.text_file, config.columns_file)


def saved(config: Config, least: int) -> Iterable[Known]:
    """The commands in the saved text index, if that is of a store from which commands were removed
    `least` times or more: an older one has some that are gone for good.
    """
    stamp = cache_file.stamp(config.text_file)
    if not (stamp.isascii() and stamp.isdigit() and int(stamp) >= least):
        return []
    text, columns = TextIndex(), Columns()
    with contextlib.suppress(Stale):
        text = TextIndex.load(config.text_file, stamp)
    with contextlib.suppress(Stale):
        columns, _ = Columns.load(config.columns_file, stamp)
    rest = range(len(columns), len(text))
    return [*remember(columns, text), *(Known(0, text.text(row)) for row in rest)]


def remove_saved(config: Config) -> None:
    """Delete what the catalogue saved: the text index holds the texts of commands."""
    for file in (config.text_file, config.columns_file):
        file.unlink(missing_ok=True)


def replaced(config: Config, store: Store, error: sqlite3.Error, remembered: Remembered) -> Store:
    """A store in place of a damaged one. Raises `error` if it does not say that it is damaged."""
    if not is_damage(error):
        raise error
    made = recovery.replace(config.store_file, str(error), remembered, store)
    log.error("%s", Lookup(made.db).note("recovery"))
    return made
