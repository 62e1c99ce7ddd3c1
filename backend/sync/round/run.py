"""The round from end to end."""

import os

from backend.sync import key_check, places
from backend.sync.history import History
from backend.sync.layout import Layout
from backend.sync.places import Places, Settings
from backend.sync.round import reading, rewriting, writing
from backend.sync.round.seen import Seen
from backend.sync.round.work import Again, Work
from backend.sync.stores.counted import Counted
from backend.sync.stores.store import StorageError

# Two machines can take a number from each other a few times; more often, something is wrong.
_TRIES = 4


def run(where: Places, storage: Counted, history: History, forgetting: str = "") -> Work:
    """One round, and what it did. forgetting: the id of a host whose runs are to go everywhere.

    Raises NotSetUp, StorageError, MissingExtra, Unavailable, Refused: nothing is lost then, and the
    next round goes on.
    """
    for left in reversed(range(_TRIES)):
        work = _begin(where, storage, history)
        work.is_last_try = not left
        try:
            _steps(work, forgetting)
        except Again:
            continue
        except reading.Copied as copied:
            _name(where, work.settings, history, _digest_key(work), copied.after)
            continue
        finally:
            work.seen.save()
        return work
    raise StorageError(
        f"{work.settings.url} changes while it is read, again and again; wait, then run: deja sync"
    )


def _begin(where: Places, storage: Counted, history: History) -> Work:
    settings = where.read_settings()
    identity = where.read_identity(settings.key)
    seen = Seen(where.seen, settings.key)
    work = Work(settings, identity, storage, history, history.known(), seen)
    if work.known.host != settings.host:
        # A store that is new here, or one that had a name under this very key before.
        work.settings = _name(where, settings, history, _digest_key(work))
        work.known = history.known()
    return work


def _steps(work: Work, forgetting: str) -> None:
    entries = work.storage.list()
    work.layout = Layout(entries)
    if not work.layout.has_key_check:
        raise key_check.nothing_at(work.settings.url)
    reading.take_back(work)
    reading.read_others(work)
    work.seen.keep_only({entry.name for entry in entries})
    if forgetting:
        work.history.forget_host(forgetting)
    if work.has_merged or forgetting:
        work.known = work.history.known()
    writing.write_news(work)
    rewriting.rewrite_stale(work)
    rewriting.merge_small(work)
    if forgetting:
        rewriting.empty_host(work, forgetting)


def _digest_key(work: Work) -> str:
    return work.identity.key("digest").hex()


def _name(
    where: Places, settings: Settings, history: History, key: str, after: int | None = None
) -> Settings:
    """The store's own id becomes that of the settings, or a new one for a copy of a machine; the
    store has the last word.
    """
    host = settings.host if after is None else os.urandom(8).hex()
    changed = settings._replace(host=history.name_host(host, settings.name, key, after))
    places.write_json(where.settings, changed._asdict())
    return changed
