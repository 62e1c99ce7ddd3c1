"""What sync asks of a storage: five calls, which any place for files can answer."""

from typing import NamedTuple, Protocol


class Entry(NamedTuple):
    """A file: its name from the root of the storage, `/` between, and its size in bytes."""

    name: str
    size: int


class StorageError(Exception):
    """The storage cannot be used now; one line, with what mends it."""


class Missing(StorageError):
    """There is no file of that name."""


class Exists(StorageError):
    """There is a file of that name, which `create` leaves as it is."""


class ObjectStore(Protocol):
    """Names are relative: letters, digits, `-`, `.`, `/`. Every call raises StorageError.

    A file is never seen half-written, but where its docstring says so.
    """

    def list(self) -> list[Entry]:
        """All files below `v1/`; none where there is nothing yet."""

    def get(self, name: str) -> bytes:
        """Raises Missing."""

    def create(self, name: str, data: bytes) -> None:
        """Raises Exists, whoever was first."""

    def replace(self, name: str, data: bytes) -> None:
        """Write over the file, or where there is none."""

    def delete(self, name: str) -> None:
        """Nothing where there is none."""
