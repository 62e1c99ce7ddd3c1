"""Full-text index over commands: words, prefixes, pieces of words and typing errors.

One thread at a time.
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from backend.query import words
from backend.query.parse import LITERAL, Query
from backend.system import memory
from backend.system.cache_file import Stale as Stale  # part of this module's interface
from backend.text import containment, segment, segment_file
from backend.text import scores as word_scores
from backend.text.notes import Notes
from backend.text.segment import Segment

Rows = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# Rows added one by one wait in a list until there are this many, then become a segment.
FRESH_ROWS = 256
# Larger parts wait for an idle moment to become one: searches wait for whoever adds.
MERGED_AT_ONCE = 16_384
# Queries that are surely text of commands; up to so many rows that hold it exactly are looked for.
EXACT_TEXT, MOST_EXACT = 0.5, 50


UNLOCKED: AbstractContextManager[object] = nullcontext()


@dataclass(frozen=True)
class TextMatch:
    """What a query's words found.

    rows: int32 (m,) best first. scores: float32 (n,) for every row, 0 where nothing matched.
    covered: uint8 (n,) how many query words a row has. words: how many words were looked up.
    noted: int32 (l,), rows whose note has some of them.
    """

    rows: Rows
    scores: Floats
    covered: npt.NDArray[np.uint8]
    words: int
    noted: Rows


class TextIndex:
    """Commands by row number, in the order added, and the words they hold."""

    def __init__(self) -> None:
        self._parts: list[Segment] = []
        self._fresh: list[bytes] = []
        self._frozen_rows = 0
        self._view: Segment | None = None
        self._notes = Notes({}, {})

    def __len__(self) -> int:
        return self._frozen_rows + len(self._fresh)

    def add(self, texts: Sequence[str]) -> None:
        """Append commands; the first gets row len(self). Text added is found at once."""
        encoded = [words.encode(text) for text in texts]
        self._view = None
        self._fresh.extend(encoded)
        if len(self._fresh) >= FRESH_ROWS:
            self._freeze()

    def annotate(self, notes: Mapping[int, str]) -> None:
        """Let rows have the words of these notes, by row, in place of the notes before."""
        self._notes = Notes(notes, {row: self.data(row) for row in notes})

    @property
    def has_notes(self) -> bool:
        return len(self._notes) > 0

    def noted(self, row: int) -> bytes:
        """The command of a row, as `data`, with its note behind it."""
        return self._notes.beside(row, self.data(row))

    def noted_like(self, text: str) -> list[int]:
        """The rows whose note is this text, or nearly, the nearest first."""
        return self._notes.like(text)

    def give_back_pages(self) -> None:
        """Let go of what searches have brought into memory of the saved index."""
        for part in self._parts:
            if isinstance(part.texts, mmap.mmap):
                memory.give_back_pages(part.texts)

    def data(self, row: int) -> bytes:
        """The command of a row as bytes; see `words.decode`. IndexError where there is none."""
        if not 0 <= row < len(self):
            raise IndexError(f"row {row} of {len(self)}")
        if row >= self._frozen_rows:
            return self._fresh[row - self._frozen_rows]
        number = 0
        while row >= len(self._parts[number]):
            row -= len(self._parts[number])
            number += 1
        return self._parts[number].text(row)

    def text(self, row: int) -> str:
        return words.decode(self.data(row))

    def knows(self, word: str) -> bool:
        """Whether some command has this word, or flag with its dashes, whole."""
        sought = words.encode(word.lower())
        known = any(word_scores.has(part, sought) for part in self._all())
        return known or self._notes.knows(sought)

    def search(
        self,
        query: Query,
        k: int = 300,
        *,
        allowed: Mask | None = None,
        prior: Floats | None = None,
    ) -> TextMatch:
        """The k rows that match a query's words best.

        allowed: bool (n,), rows that may be found. prior: float32 (n,) in 0..1, decides between
        rows that match equally; without it the later row wins.
        """
        parts = self._all()
        total = len(self)
        scores = np.zeros(total, np.float32)
        covered = np.zeros(total, np.uint8)
        sought = [words.encode(word) for word in query.words]
        in_notes = np.zeros(len(self._notes), np.bool_)
        for word, weight in zip(sought, query.weights, strict=True):
            into = word, weight, query.literalness, scores, covered
            if self.has_notes:
                in_notes |= self._notes.add_word(parts, *into)
            else:
                word_scores.add_word(parts, *into)
        word_scores.shorten(parts, scores)
        if allowed is not None:
            scores[~allowed] = 0
        if query.excluded:
            scores[self.excluded(query)] = 0
        best = _best(scores, covered, len(sought), query, k, prior)
        piece = max(query.fragments, key=len, default="")
        telling = piece.isalnum() or (sought and np.count_nonzero(covered == len(sought)) <= k)
        if query.literalness >= EXACT_TEXT and not telling:
            best = self._with_exact(parts, query, words.encode(piece), best, allowed)
        return TextMatch(best, scores, covered, len(sought), self._notes.rows[in_notes])

    def levels(self, query: Query) -> containment.Levels:
        """How each row holds what was typed, uint8 (n,): containment's NOT to OPENS."""
        found = containment.levels(
            self._all(), (*query.fragments, *query.phrases), " ".join(query.fragments)
        )
        if self.has_notes:
            self._notes.raise_levels(query, found)
        return found

    def opening(self, typed: bytes) -> Rows:
        """The rows whose command begins with these very bytes, int32 (m,), in their order."""
        frozen = containment.opening(self._parts, typed)
        fresh = [row for row, text in enumerate(self._fresh) if text.startswith(typed)]
        return np.concatenate([frozen, np.array(fresh, np.int32) + self._frozen_rows])

    def excluded(self, query: Query) -> Mask:
        """bool (n,): rows that have a word which the query rules out."""
        mask = np.zeros(len(self), np.bool_)
        parts = self._all()
        for word in query.excluded:
            mask[word_scores.holding(parts, words.encode(word))] = True
            mask[self._notes.holding(words.encode(word))] = True
        return mask

    def compact(self, lock: AbstractContextManager[object] = UNLOCKED) -> None:
        """Make one part of all; about 1 µs a row. For idle moments. The lock is held to take the
        parts and to put the one in their place, unless they have become others meanwhile.
        """
        with lock:
            parts = self.parts()
        if len(parts) < 2:
            return
        whole = segment.merge(parts)
        with lock:
            if list(map(id, self._parts[: len(parts)])) == list(map(id, parts)):
                self._parts[: len(parts)] = [whole]

    def parts(self) -> list[Segment]:
        """All rows, in parts that never change."""
        if self._fresh:
            self._freeze()
        return list(self._parts)

    def save(self, path: Path | str, stamp: str) -> None:
        """Write beside, then rename. OSError if the place cannot be written."""
        segment_file.save(Path(path), self._all(), stamp)

    @classmethod
    def load(cls, path: Path | str, stamp: str) -> TextIndex:
        """An index as saved, mapped, not read. Stale: no such file, damaged, or another stamp."""
        index = cls()
        index._parts = segment_file.load(Path(path), stamp)
        index._frozen_rows = sum(map(len, index._parts))
        return index

    def _all(self) -> list[Segment]:
        """Frozen parts, and one made of the fresh rows as long as none was added."""
        if self._view is None and self._fresh:
            self._view = segment.build(self._fresh)
        return [*self._parts, self._view] if self._view else self._parts

    def _freeze(self) -> None:
        """Fresh rows become a part; parts of like size become one, so that few remain."""
        self._parts.append(segment.build(self._fresh))
        self._frozen_rows += len(self._fresh)
        self._fresh, self._view = [], None
        while len(self._parts) > 1 and len(self._parts[-2]) < 2 * len(self._parts[-1]):
            if len(self._parts[-2]) > MERGED_AT_ONCE:
                return
            self._parts[-2:] = [segment.merge(self._parts[-2:])]

    def _with_exact(
        self,
        parts: Sequence[Segment],
        query: Query,
        piece: bytes,
        best: Rows,
        allowed: Mask | None,
    ) -> Rows:
        """The rows that hold `piece`, the query's longest fragment, exactly, then the best ones.

        For fragments such as `/./d` or `|`, whose words, if any, are in too many rows to tell.
        """
        found: list[int] = []
        start = len(self)
        for part in reversed(parts):
            start -= len(part)
            found.extend(row + start for row in part.holding(piece, MOST_EXACT - len(found)))
        rows = np.array(found, np.int32)
        if allowed is not None:
            rows = rows[allowed[rows]]
        if query.excluded:
            rows = rows[~self.excluded(query)[rows]]
        return np.array(list(dict.fromkeys([*rows.tolist(), *best.tolist()])), np.int32)


def _best(
    scores: Floats,
    covered: npt.NDArray[np.uint8],
    sought: int,
    query: Query,
    k: int,
    prior: Floats | None,
) -> Rows:
    """Rows of the k highest scores; for literal queries those with all words come first."""
    rows = np.flatnonzero(scores > 0)  # of a mask it is four times as fast as of floats
    keys = scores[rows].astype(np.float64)
    if sought > 1 and query.literalness >= LITERAL:
        keys += 1000.0 * (covered[rows] == sought)
    keys += 1e-3 * (prior[rows] if prior is not None else rows / max(1, len(scores)))
    if len(rows) > k:
        chosen = np.argpartition(keys, len(rows) - k)[-k:]
        rows, keys = rows[chosen], keys[chosen]
    return rows[np.argsort(-keys, kind="stable")].astype(np.int32)
