"""What gets a vector: commands without one, then those of which more or other words are known than
their vector was made of.

That is found out by comparing digests, once for each change of the words: an upgrade, or another
alias. Meanwhile the vectors of before answer. One thread embeds; the history is touched under the
engine's lock.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

import numpy as np

from backend.engine.history import History
from backend.meaning import gloss
from backend.meaning.model import Meaning

# Commands compared in one go: some 15 ms, during which no lock is held.
LOT = 500


class Embedding:
    """The work of one history, a step at a time."""

    def __init__(
        self, history: History, meaning: Meaning, lock: AbstractContextManager[bool]
    ) -> None:
        self._history, self._meaning, self._lock = history, meaning, lock
        self._words = ""
        self._after = 0
        self._outdated: list[int] = []

    def step(self) -> bool:
        """Embed a batch, or compare a lot; whether there was any. Raises ModelUnavailable."""
        words = gloss.stamp(self._history.aliases.known)
        with self._lock:
            catalogue = self._history.catalogue
            if self._meaning.problem or catalogue.vectors is None:
                return False
            waiting = catalogue.waiting(self._meaning.lot)
            if not len(catalogue.vectors):
                catalogue.vectors.compared(words)
            is_compared = catalogue.vectors.words == words
        if waiting:
            self._embed(waiting)
        elif not is_compared:
            return self._compare(words) or self._renew(words)
        return bool(waiting)

    def _embed(self, commands: Sequence[tuple[int, str]]) -> None:
        """Make vectors of commands, id and text, in place of those that they have."""
        ids, texts = zip(*commands, strict=True)
        kept = self._history.catalogue.kept
        told = self._told(ids, texts, kept.notes)
        made = self._meaning.embed(told)
        digests = np.array([gloss.digest(text) for text in told], np.uint32)
        with self._lock:
            self._history.catalogue.add_vectors(ids, made, digests, kept)

    def _compare(self, words: str) -> bool:
        """Look through a lot for vectors of other words; False when all were looked through."""
        if self._words != words:
            self._words, self._after, self._outdated = words, 0, []
        with self._lock:
            catalogue = self._history.catalogue
            lot, notes = catalogue.made_of(self._after, LOT), catalogue.kept.notes
        if not lot:
            return False
        ids, texts, digests = zip(*lot, strict=True)
        told = self._told(ids, texts, notes)
        each = zip(ids, told, digests, strict=True)
        self._outdated += [id for id, text, was in each if was and gloss.digest(text) != was]
        self._after = ids[-1]
        return True

    def _told(
        self, ids: Sequence[int], texts: Sequence[str], notes: Mapping[int, str]
    ) -> list[str]:
        """What is to be embedded for commands, with the note about each."""
        aliases, pairs = self._history.aliases.known, zip(ids, texts, strict=True)
        return [gloss.embedded(text, notes.get(id, ""), aliases) for id, text in pairs]

    def _renew(self, words: str) -> bool:
        """Embed a batch of what is outdated, the newest first; when nothing is, that is noted."""
        lot = self._outdated[-self._meaning.lot :]
        with self._lock:
            vectors = self._history.catalogue.vectors
            if not lot and vectors is not None:
                vectors.compared(words)
            texts = self._history.lookup.texts_of(lot)
        if texts:
            self._embed(list(texts.items()))
        del self._outdated[-self._meaning.lot :]
        return bool(lot)

    def status(self) -> dict[str, object]:
        """`outdated`: commands that are found by a vector of before, and wait for their new one."""
        return {"outdated": len(self._outdated) or None}
