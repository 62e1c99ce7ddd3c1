"""Encryption to one identity: age (age-encryption.org/v1), by pyrage."""

from backend.sync import extra
from backend.sync.identity import Identity


class CannotOpen(Exception):
    """Another key, or bytes that are damaged: age does not say which in every case."""


class Age:
    """Raises MissingExtra when it is made without pyrage."""

    def __init__(self, identity: Identity) -> None:
        self._pyrage = extra.load("pyrage")
        self._identity = self._pyrage.x25519.Identity.from_str(identity.text())

    def encrypt(self, data: bytes) -> bytes:
        return bytes(self._pyrage.encrypt(data, [self._identity.to_public()]))

    def decrypt(self, data: bytes) -> bytes:
        """Raises CannotOpen."""
        try:
            return bytes(self._pyrage.decrypt(data, [self._identity]))
        except self._pyrage.DecryptError as error:
            raise CannotOpen(str(error)) from error
