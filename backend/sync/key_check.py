"""`v1/key-check.age`: the first file of a storage, which only its own identity opens."""

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


def nothing_at(url: str) -> Missing:
    """What is said of a storage without this file."""
    return Missing(
        f"{url} holds no history: emptied, or another place; to begin one there run: "
        f"deja sync off, then: deja sync init {url}"
    )


def check(store: ObjectStore, seal: Seal, url: str) -> None:
    """Raises WrongKey, and Missing where no storage has begun."""
    try:
        facts, _ = seal.open(store.get(KEY_CHECK))
    except Missing as error:
        raise nothing_at(url) from error
    except (CannotOpen, Broken) as error:
        raise WrongKey(
            f"the history at {url} has another identity than this one, and nothing was written; "
            f"give its own: deja sync off, then: deja sync join {url}"
        ) from error
    if facts.get("kind") != _KIND:
        raise WrongKey(f"{KEY_CHECK} at {url} is another file; put the right one back")
