"""Text to the numbers of its pieces, as BERT's uncased WordPiece cuts it.

Does what tokenizer.json of the model asks of Hugging Face's tokenizers (BertNormalizer,
BertPreTokenizer, WordPiece), whose library would take 14 MB of the daemon's memory and 30 ms of its
start; a test holds both beside each other. Of the file the vocabulary alone is read.
"""

from __future__ import annotations

import json
import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path

# Longer words are not cut but unknown.
LONGEST_WORD = 100
# Words whose pieces are remembered: those of a batch come again in the next one.
MOST_KNOWN = 1000
INNER = "##"
UNKNOWN, FIRST, LAST = "[UNK]", "[CLS]", "[SEP]"

# Stand for themselves in a text, whatever is around them.
_SPECIAL = re.compile(r"(\[(?:PAD|UNK|CLS|SEP|MASK)\])")
_ASCII_WORDS = re.compile(r"[0-9a-z]+|[!-/:-@\[-`{-~]")
# What is neither text nor a blank; of ASCII in one go, the rest by category.
_NO_TEXT = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])
_BLANKS = "\t\n\r"
_REMOVED = frozenset(("Cc", "Cf", "Co", "Cs"))
# Scripts that are cut into single characters: CJK unified and compatibility ideographs.
_IDEOGRAPHS = (
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F), (0x2B740, 0x2B81F), (0x2B920, 0x2CEAF), (0x2F800, 0x2FA1F),
)  # fmt: skip


class Tokenizer:
    """Of a tokenizer.json; texts become at most `longest` pieces. Raises OSError, ValueError."""

    def __init__(self, path: Path, longest: int) -> None:
        vocabulary = json.loads(path.read_bytes())["model"]["vocab"]
        self._vocabulary = _Vocabulary(vocabulary)
        self._longest = longest
        self._known: dict[str, list[int]] = {}
        self._unknown, self._first, self._last = (
            vocabulary[name] for name in (UNKNOWN, FIRST, LAST)
        )

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The pieces of each text between the marks of its beginning and its end."""
        if len(self._known) > MOST_KNOWN:
            self._known = {}
        return [[self._first, *self._pieces(text, self._known), self._last] for text in texts]

    def _pieces(self, text: str, known: dict[str, list[int]]) -> list[int]:
        found: list[int] = []
        for word in _words(text):
            if word not in known:
                known[word] = self._cut(word)
            found += known[word]
            if len(found) > self._longest:
                break
        return found[: self._longest - 2]

    def _cut(self, word: str) -> list[int]:
        """The longest piece that begins the word, then the longest that goes on with it, and so
        on; one unknown piece if that does not reach its end.
        """
        pieces: list[int] = []
        start = len(word) if len(word) > LONGEST_WORD else 0
        while start < len(word):
            id, start = self._longest_piece(word, start)
            if id is None:
                return [self._unknown]
            pieces.append(id)
        return pieces or [self._unknown]

    def _longest_piece(self, word: str, start: int) -> tuple[int | None, int]:
        """Its number and where it ends; None if no piece fits there."""
        before = INNER if start else ""
        for end in range(min(len(word), start + self._vocabulary.longest), start, -1):
            id = self._vocabulary.id(before + word[start:end])
            if id is not None:
                return id, end
        return None, start


class _Vocabulary:
    """The number of each piece, in a tenth of the memory that a dictionary takes."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        # Sorted as text they are sorted as UTF-8, too.
        ordered = sorted(ids)
        pieces = [piece.encode() for piece in ordered]
        self.longest = max(map(len, pieces), default=0)
        self._pieces = b"".join(pieces)
        self._ends = array("I", accumulate(map(len, pieces), initial=0))
        self._ids = array("I", map(ids.__getitem__, ordered))

    def _piece(self, at: int) -> bytes:
        return self._pieces[self._ends[at] : self._ends[at + 1]]

    def id(self, piece: str) -> int | None:
        sought = piece.encode()
        at = bisect_left(range(len(self._ids)), sought, key=self._piece)
        return self._ids[at] if at < len(self._ids) and self._piece(at) == sought else None


def _words(text: str) -> Iterator[str]:
    """Words and single signs, without case and accents."""
    for at, part in enumerate(_SPECIAL.split(text)):
        if at % 2:
            yield part
        elif part.isascii():
            yield from _ASCII_WORDS.findall(part.translate(_NO_TEXT).lower())
        else:
            yield from _other_words(part)


def _other_words(text: str) -> Iterator[str]:
    cleaned = "".join(map(_cleaned, text))
    plain = (c for c in unicodedata.normalize("NFD", cleaned) if unicodedata.category(c) != "Mn")
    # One by one: a final sigma is a sigma.
    lowered = "".join(c.lower() for c in plain)
    yield from "".join(f" {c} " if _is_sign(c) else c for c in lowered).split()


def _cleaned(c: str) -> str:
    if c in _BLANKS or (c.isspace() and unicodedata.category(c) != "Cc"):
        return " "
    if c == "\ufffd" or unicodedata.category(c) in _REMOVED:
        return ""
    return f" {c} " if any(first <= ord(c) <= last for first, last in _IDEOGRAPHS) else c


def _is_sign(c: str) -> bool:
    return unicodedata.category(c)[0] == "P" or (c.isascii() and not c.isalnum() and c != " ")
