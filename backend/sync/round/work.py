"""What the steps of a round share."""

from backend.sync import key_check
from backend.sync.history import History, Known
from backend.sync.identity import Identity
from backend.sync.layout import Layout
from backend.sync.places import Settings
from backend.sync.round.seen import Seen
from backend.sync.segment import Seal
from backend.sync.stores.counted import Counted


class Again(Exception):
    """Somebody changed the storage meanwhile: the round begins anew with what it holds now."""


class Work:
    """One look at the storage and at the store. `problems`: lines for people. `is_holed`: own
    segments are missing. `is_last_try`: what is not to be had now is given up.
    `read`, `wrote`: runs that were added here, records that were written.
    """

    def __init__(
        self,
        settings: Settings,
        identity: Identity,
        storage: Counted,
        history: History,
        known: Known,
        seen: Seen,
    ) -> None:
        self.settings = settings
        self.identity = identity
        self.storage = storage
        self.history = history
        self.seen = seen
        self.known = known
        self.layout = Layout(())
        self.problems: list[str] = []
        self.is_holed = False
        self.has_merged = False
        self.is_last_try = False
        self.read = self.wrote = 0
        self._seal: Seal | None = None

    @property
    def own(self) -> str:
        return self.settings.host

    def seal(self) -> Seal:
        """Made when the first file is read or written, and only if the storage is this identity's:
        pyrage is not loaded before. Raises WrongKey.
        """
        if self._seal is None:
            seal = Seal(self.identity)
            key_check.check(self.storage, seal, self.settings.url)
            self._seal = seal
        return self._seal

    def files(self, host: str) -> dict[int, int]:
        """Sizes by number, in order."""
        return self.layout.hosts.get(host, {})

    def title(self, host: str) -> str:
        """A host as people call it."""
        peer = self.known.peer(host)
        return f"{peer.name} ({host})" if peer.name else host
