"""The one secret of a history: an age identity (X25519), its text, its words, and keys made of it.

Whoever has it reads and writes the history on every machine; the storage never sees it.
"""

import hashlib
import hmac
import os

from backend.sync import bech32, extra

_PREFIX = "age-secret-key-"
_BYTES = 32
_WORDS = 24


class NoIdentity(Exception):
    """A text that is no identity; the line says why and what to do."""


class Identity:
    """32 random bytes. Nothing prints them by accident."""

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != _BYTES:
            raise NoIdentity("an identity has 32 bytes; give the 24 words, or AGE-SECRET-KEY-1…")
        self._secret = secret

    @classmethod
    def generate(cls) -> "Identity":
        return cls(os.urandom(_BYTES))

    def text(self) -> str:
        """AGE-SECRET-KEY-1…, as `age` and `rage` read it from a file."""
        return bech32.encode(_PREFIX, self._secret).upper()

    def words(self) -> str:
        """24 English words (BIP 39), to be written down. Raises MissingExtra."""
        return str(extra.load("mnemonic").Mnemonic("english").to_mnemonic(self._secret))

    def key(self, purpose: str) -> bytes:
        """32 bytes for one purpose: HKDF-SHA256 (RFC 5869), no salt, `deja sync 1 ` and the purpose
        as info.
        """
        extracted = hmac.digest(bytes(32), self._secret, hashlib.sha256)
        return hmac.digest(extracted, f"deja sync 1 {purpose}".encode() + b"\x01", hashlib.sha256)

    def fingerprint(self) -> str:
        """16 hex digits that tell one identity from another and nothing else of it."""
        return self.key("fingerprint")[:8].hex()


def parse(text: str) -> Identity:
    """The identity in a text: AGE-SECRET-KEY-1… on a line, comments beside it, or 24 words.

    Raises NoIdentity, and MissingExtra for words.
    """
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if len(lines) == 1 and lines[0].lower().startswith(_PREFIX):
        return _from_key(lines[0])
    words = " ".join(lines).lower().split()
    if len(words) != _WORDS:
        raise NoIdentity(
            f"this is no identity: {len(words)} words; give the 24 words, or AGE-SECRET-KEY-1…"
        )
    return _from_words(words)


def _from_key(line: str) -> Identity:
    try:
        return Identity(bech32.decode(_PREFIX, line))
    except ValueError as error:
        raise NoIdentity(f"this AGE-SECRET-KEY is mistyped: {error}; copy it again") from error


def _from_words(words: list[str]) -> Identity:
    english = extra.load("mnemonic").Mnemonic("english")
    known = set(english.wordlist)
    for at, word in enumerate(words, 1):
        if word not in known:
            raise NoIdentity(f"word {at} is none of the list; look at it again")
    try:
        return Identity(bytes(english.to_entropy(words)))
    except ValueError as error:
        raise NoIdentity("a word is wrong or out of its place: look at them again") from error
