"""What a round costs: requests and bytes, as a provider would bill them."""

from backend.sync.stores.store import Entry, ObjectStore

# Object storage answers a listing in pages of this many.
_PAGE = 1000


class Counted:
    """Another storage, counted. `sent`, `received`: bytes of files."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.requests = self.sent = self.received = 0

    def list(self) -> list[Entry]:
        entries = self._store.list()
        self.requests += 1 + len(entries) // _PAGE
        return entries

    def get(self, name: str) -> bytes:
        self.requests += 1
        data = self._store.get(name)
        self.received += len(data)
        return data

    def create(self, name: str, data: bytes) -> None:
        self.requests += 1
        self._store.create(name, data)
        self.sent += len(data)

    def replace(self, name: str, data: bytes) -> None:
        self.requests += 1
        self._store.replace(name, data)
        self.sent += len(data)

    def delete(self, name: str) -> None:
        self.requests += 1
        self._store.delete(name)
