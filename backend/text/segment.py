"""A frozen part of the text index: texts, sorted vocabulary and postings in flat arrays.

Arrays may lie in a mapped file; nothing here is ever changed.
"""

from __future__ import annotations

import functools
import mmap
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from backend.query import words
from backend.text import typos

Blob = bytes | mmap.mmap
Ints = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Segment:
    """Rows 0..len-1 of one part. `vocabulary` holds b"\\n"-separated words in byte order.

    text_ends, word_ends: uint32 end offsets into `texts` and `vocabulary`; posting_ends: uint32
    ends into `postings` (uint32 rows, ascending per word); lengths: uint8 words per row (capped);
    letters: uint64 letter masks per word, for typing errors.
    """

    texts: Blob
    texts_at: int
    vocabulary: Blob
    vocabulary_at: int
    text_ends: Ints
    word_ends: Ints
    posting_ends: Ints
    postings: Ints
    lengths: npt.NDArray[np.uint8]
    letters: npt.NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.text_ends)

    @property
    def word_count(self) -> int:
        return len(self.word_ends)

    def text(self, row: int) -> bytes:
        start = int(self.text_ends[row - 1]) if row else 0
        return self.texts[self.texts_at + start : self.texts_at + int(self.text_ends[row])]

    def word(self, number: int) -> bytes:
        start = int(self.word_ends[number - 1]) + 1 if number else 0
        at = self.vocabulary_at
        return self.vocabulary[at + start : at + int(self.word_ends[number])]

    def words(self) -> list[bytes]:
        """The whole vocabulary, in byte order."""
        at = self.vocabulary_at
        return self.vocabulary[at : at + self._vocabulary_size].split(b"\n")[: self.word_count]

    @functools.cached_property
    def text_bytes(self) -> npt.NDArray[np.uint8]:
        """The texts of all rows, behind one another, uint8 (text_size,)."""
        return np.frombuffer(self.texts, np.uint8, self.text_size, self.texts_at)

    def starts(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
        """Where the texts of these rows begin in `text_bytes`, int64 (m,)."""
        ends = self.text_ends[np.maximum(rows - 1, 0)].astype(np.int64)
        return np.where(rows > 0, ends, 0)

    def texts_of(self, rows: npt.NDArray[np.intp]) -> tuple[npt.NDArray[np.uint8], Ints]:
        """The texts of these rows behind one another, uint8, and where each ends, (m,)."""
        starts = self.starts(rows)
        sizes = self.text_ends[rows] - starts
        ends = np.cumsum(sizes)
        return self.text_bytes[_runs(starts, sizes)], ends.astype(np.uint32)

    def all_texts(self) -> bytes:
        """The texts of all rows, behind one another."""
        return self.texts[self.texts_at : self.texts_at + self.text_size]

    def rows_of(self, first: int, last: int) -> Ints:
        """Rows of the words numbered first..last-1, one slice; a row may come several times."""
        if last <= first:
            return self.postings[:0]
        start = int(self.posting_ends[first - 1]) if first else 0
        return self.postings[start : int(self.posting_ends[last - 1])]

    def rows_of_each(self, numbers: npt.NDArray[np.intp]) -> Ints:
        """Rows of several words, one after another."""
        ends = self.posting_ends[numbers].astype(np.int64)
        starts = np.where(numbers > 0, self.posting_ends[numbers - 1], 0).astype(np.int64)
        return self.postings[_runs(starts, ends - starts)]

    def number(self, word: bytes) -> int:
        """Number of the first word that is not before `word` in byte order."""
        return bisect_left(range(self.word_count), word, key=self.word)

    def prefixed(self, start: bytes) -> tuple[int, int]:
        """Range of the words that open with `start`; the word itself, if there, comes first."""
        first = self.number(start)
        # 0xff is in no word: UTF-8 has no such byte.
        return first, bisect_left(range(self.word_count), start + b"\xff", first, key=self.word)

    def inner(self, piece: bytes) -> npt.NDArray[np.intp]:
        """Numbers of the words that hold `piece` anywhere."""
        letters = np.frombuffer(
            self.vocabulary, np.uint8, self._vocabulary_size, self.vocabulary_at
        )
        at = np.flatnonzero(letters[: max(0, len(letters) - len(piece) + 1)] == piece[0])
        for step in range(1, len(piece)):
            at = at[letters[at + step] == piece[step]]
        found = np.searchsorted(self.word_ends, at, side="right")
        # Each once. They come in order; np.unique would load numpy.ma, 2 MB.
        return found[np.diff(found, prepend=-1) > 0]

    def holding(self, piece: bytes, most: int) -> list[int]:
        """The last rows, at most `most`, whose text holds `piece` as it is, newest first."""
        found: list[int] = []
        end = self.texts_at + self.text_size
        while piece and len(found) < most:
            at = self.texts.rfind(piece, self.texts_at, end)
            if at < 0:
                break
            row = int(np.searchsorted(self.text_ends, at - self.texts_at, side="right"))
            start = self.texts_at + (int(self.text_ends[row - 1]) if row else 0)
            if at + len(piece) <= self.texts_at + int(self.text_ends[row]):
                found.append(row)
                end = start
            else:
                end = at + len(piece) - 1  # it runs over into the next text
        return found

    def similar(self, word: bytes, errors: int) -> npt.NDArray[np.intp]:
        """Numbers of the words exactly `errors` wrong letters away."""
        near = typos.maybe(self.letters, word, errors).tolist()
        words = [
            number for number in near if typos.distance(word, self.word(number), errors) == errors
        ]
        return np.array(words, np.intp)

    @functools.cached_property
    def average_length(self) -> float:
        """Words per row, at least 1."""
        return max(1.0, float(self.lengths.mean())) if len(self.lengths) else 1.0

    @property
    def text_size(self) -> int:
        return int(self.text_ends[-1]) if len(self) else 0

    @property
    def _vocabulary_size(self) -> int:
        return int(self.word_ends[-1]) if len(self.word_ends) else 0


def _runs(starts: npt.NDArray[np.int64], sizes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The indices start..start+size-1 of every run, one run after another."""
    # Each run counts on from its own start: 0..total, shifted run by run.
    shifts = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes)
    return shifts + np.arange(len(shifts))


def build(texts: Sequence[bytes]) -> Segment:
    """Index texts in bulk: about 7 µs each."""
    numbers: dict[bytes, int] = {}
    seen: dict[bytes, tuple[int, ...]] = {}
    flat = array("I")
    counts = np.empty(len(texts), np.uint32)
    for row, text in enumerate(texts):
        of_row: set[int] = set()
        for chunk in words.chunks(text):
            known = seen.get(chunk)
            if known is None:
                known = tuple(numbers.setdefault(w, len(numbers)) for w in words.parts(chunk))
                seen[chunk] = known
            of_row.update(known)
        flat.extend(of_row)
        counts[row] = len(of_row)
    return _assemble(texts, list(numbers), np.frombuffer(flat, np.uint32), counts)


def _assemble(texts: Sequence[bytes], vocabulary: list[bytes], flat: Ints, counts: Ints) -> Segment:
    """Sort the vocabulary; number the words anew in that order."""
    order = sorted(range(len(vocabulary)), key=vocabulary.__getitem__)
    renamed = np.empty(len(order), np.uint32)
    renamed[order] = np.arange(len(order), dtype=np.uint32)
    ordered = [vocabulary[number] for number in order]
    sizes = np.fromiter(map(len, texts), np.uint32, len(texts))
    return _segment(
        texts=b"".join(texts),
        text_ends=np.cumsum(sizes, dtype=np.uint32),
        lengths=np.minimum(counts, 255).astype(np.uint8),
        vocabulary=ordered,
        letters=np.fromiter(map(typos.letters, ordered), np.uint64, len(ordered)),
        by_word=renamed[flat] if len(flat) else flat,
        rows=np.repeat(np.arange(len(texts), dtype=np.uint32), counts),
    )


def _segment(
    texts: bytes,
    text_ends: Ints,
    lengths: npt.NDArray[np.uint8],
    vocabulary: Sequence[bytes],
    letters: npt.NDArray[np.uint64],
    by_word: Ints,
    rows: Ints,
) -> Segment:
    """Lay out sorted words, and the postings, (word, row) pairs in order of row, by word."""
    sizes = np.fromiter(map(len, vocabulary), np.uint32, len(vocabulary))
    held = np.bincount(by_word, minlength=len(vocabulary))
    return Segment(
        texts=texts,
        texts_at=0,
        vocabulary=b"\n".join(vocabulary),
        vocabulary_at=0,
        text_ends=text_ends,
        word_ends=(np.cumsum(sizes + 1, dtype=np.uint32) - 1).astype(np.uint32),
        posting_ends=np.cumsum(held, dtype=np.uint32),
        postings=rows[np.argsort(by_word, kind="stable")],
        lengths=lengths,
        letters=letters,
    )


def merge(parts: Sequence[Segment]) -> Segment:
    """One segment of the rows of several, in their order: about 1 µs a row."""
    vocabularies = [part.words() for part in parts]
    vocabulary = list(dict.fromkeys(sorted(chain.from_iterable(vocabularies))))
    numbers = {word: number for number, word in enumerate(vocabulary)}
    letters = np.empty(len(vocabulary), np.uint64)
    by_word = []
    for part, of_part in zip(parts, vocabularies, strict=True):
        renamed = np.fromiter(map(numbers.__getitem__, of_part), np.uint32, len(of_part))
        letters[renamed] = part.letters
        by_word.append(np.repeat(renamed, np.diff(part.posting_ends, prepend=np.uint32(0))))
    return _segment(
        texts=b"".join(part.all_texts() for part in parts),
        text_ends=_shifted([part.text_ends for part in parts], [part.text_size for part in parts]),
        lengths=np.concatenate([part.lengths for part in parts]),
        vocabulary=vocabulary,
        letters=letters,
        by_word=np.concatenate(by_word),
        rows=_shifted([part.postings for part in parts], [len(part) for part in parts]),
    )


def _shifted(arrays: Sequence[Ints], sizes: Sequence[int]) -> Ints:
    """The arrays behind one another, each shifted by the sizes of those before it."""
    starts = np.cumsum([0, *sizes[:-1]]).astype(np.uint32)
    return np.concatenate([array + start for array, start in zip(arrays, starts, strict=True)])
