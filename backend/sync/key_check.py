"""`v1/key-check.age`: the first file of a storage, which only its own identity opens."""

import shlex

from backend.sync.age import CannotOpen
from backend.sync.layout import KEY_CHECK
from backend.sync.segment import Broken, Seal
from backend.sync.stores.store import Missing, ObjectStore, StorageError

_KIND = "key-check"


class WrongKey(StorageError):
    """The storage belongs to another identity."""


def write(store: ObjectStore, seal: Seal) -> None:
    """Begin a storage. Raises Exists where somebody has."""
    store.create(KEY_CHECK, seal.close({"kind": _KIND}))


def is_there(store: ObjectStore) -> bool:
    """Whether a storage has begun."""
    try:
        return bool(store.get(KEY_CHECK))
    except Missing:
        return False


def nothing_at(url: str, is_on: bool = True) -> Missing:
    """What is said of a storage without this file. is_on: sync is on here."""
    return Missing(
        f"{url} holds no history: emptied, or another place; to begin one there run: "
        f"{_first(is_on)}deja sync init {shlex.quote(url)}"
    )


def _first(is_on: bool) -> str:
    return "deja sync off, then: " if is_on else ""


def check(store: ObjectStore, seal: Seal, url: str, is_on: bool = True) -> None:
    """Raises WrongKey, and Missing where no storage has begun. is_on: sync is on here."""
    try:
        facts, _ = seal.open(store.get(KEY_CHECK))
    except Missing as error:
        raise nothing_at(url, is_on) from error
    except (CannotOpen, Broken) as error:
        raise WrongKey(
            f"the history at {url} has another identity than this one, and nothing was written; "
            f"give its own: {_first(is_on)}deja sync join {shlex.quote(url)}"
        ) from error
    if facts.get("kind") != _KIND:
        raise WrongKey(f"{KEY_CHECK} at {url} is another file; put the right one back")
