"""How each row holds what was typed: the command opens with it, a word does, or it lies inside.

Answers for all rows, not for the best: a plain list would show them all. Letters and digits are
looked for in the vocabulary, which is small; everything else in the bytes of the texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from backend.query import words
from backend.text import occurrences
from backend.text.segment import Ints, Segment

Levels = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

NOT, INSIDE, WORD, OPENS = 0, 1, 2, 3
# A single letter is inside nearly everything: only where few words open with it does that count.
FEW = 50
# Of fewer rows than one in so many the texts are copied together rather than all texts read.
FEWER = 16
# Rows whose texts are read in one go, for the processor's cache.
ROWS = 1024
# A word behind a sign, and the sign behind it. Bytes beyond ASCII count as letters.
_WORDS = re.compile(rb"(?<=[^a-z0-9\x80-\xff])(?P<word>[a-z0-9]{1,64})(?P<end>[^a-z0-9\x80-\xff])?")


def levels(parts: Sequence[Segment], fragments: Sequence[str], typed: str) -> Levels:
    """uint8 (n,): for each row the least of NOT, INSIDE and WORD over the fragments, each of which
    must be there; OPENS where the whole row begins with `typed`.

    The case counts for fragments that hold a capital letter.
    """
    pieces = [words.encode(fragment) for fragment in fragments]
    found = [of_part(part, pieces, words.encode(typed)) for part in parts]
    total = np.concatenate([np.zeros(0, np.uint8), *found])
    single = len(pieces) == 1 and len(pieces[0]) == 1 and _is_word(pieces[0])
    if single and np.count_nonzero(total > NOT) < FEW:
        inside = [_anywhere(part, pieces[0]) for part in parts]
        np.maximum(total, np.concatenate(inside) if inside else total, out=total)
    return total


def opening(parts: Sequence[Segment], typed: bytes) -> npt.NDArray[np.int32]:
    """The rows that begin with `typed`, whose case counts, int32 (m,), in their order."""
    found, start = [np.zeros(0, np.intp)], 0
    for part in parts:
        found.append(_opens(part, np.arange(len(part)), typed, cased=True) + start)
        start += len(part)
    return np.concatenate(found).astype(np.int32)


def of_part(part: Segment, pieces: Sequence[bytes], typed: bytes) -> Levels:
    """As `levels`, of one part, where a single letter must open a word."""
    least = np.full(len(part), WORD if pieces else NOT, np.uint8)
    # Words first, then the longest: what they leave is read for the others.
    for piece in sorted(pieces, key=lambda piece: (_is_word(piece), len(piece)), reverse=True):
        np.minimum(least, _of_piece(part, piece, least), out=least)
        if not least.any():
            return least
    rows = np.flatnonzero(least > NOT)
    cased = words.lower(typed) != typed
    least[rows[_opens(part, rows, typed, cased)]] = OPENS
    return least


def _of_piece(part: Segment, piece: bytes, least: Levels) -> Levels:
    """NOT, INSIDE or WORD a row, for one fragment; it need not be right where `least` is NOT."""
    if not _is_word(piece):
        is_everywhere = len(piece) == 1 and piece[0] in occurrences.COMMON
        return (_of_common if is_everywhere else _in_bytes)(part, piece, least > NOT)
    found = np.zeros(len(part), np.uint8)
    if len(piece) > 1:
        found[part.rows_of_each(part.inner(piece))] = INSIDE
    found[part.rows_of(*part.prefixed(piece))] = WORD
    return found


def _is_word(piece: bytes) -> bool:
    """Whether the vocabulary tells where a fragment is: small letters and digits, not too many, and
    not in a script without blanks, of whose words only the beginnings are there.
    """
    if words.is_unspaced(piece):
        return False
    plain = len(piece) <= words.LONGEST and words.chunks(piece) == [piece] and b"-" not in piece
    return plain and words.lower(piece) == piece


def _anywhere(part: Segment, letter: bytes) -> Levels:
    found = np.zeros(len(part), np.uint8)
    found[part.rows_of_each(part.inner(letter))] = INSIDE
    return found


def _of_common(part: Segment, sign: bytes, left: Mask) -> Levels:
    """As `_in_bytes`, of one sign that stands in every other row, several times: a look at all
    bytes is sooner done than a list of where it is.
    """
    found, rows = np.zeros(len(part), np.uint8), np.flatnonzero(left)
    for first in range(0, len(rows), ROWS):
        of_lot = rows[first : first + ROWS]
        starts, ends = part.starts(of_lot), part.text_ends[of_lot]
        texts = part.text_bytes[starts[0] : ends[-1]]
        found[of_lot] = _most(texts, sign[0], starts - starts[0], ends - starts[0])
    return found


def _most(
    texts: occurrences.Bytes, sign: int, starts: occurrences.Offsets, ends: occurrences.Offsets
) -> Levels:
    """NOT, INSIDE or WORD of the stretches of `texts` from each start to its end."""
    # One byte more: the last stretch ends where no byte is.
    held = np.zeros(len(texts) + 1, np.uint8)
    np.equal(texts, sign, out=held[:-1].view(np.bool_))
    held[1:-1] += held[1:-1] & (texts[:-1] <= 0x20)
    held[starts] = np.where(held[starts] > NOT, WORD, NOT)
    # The most between each start and its end, and between that and the next start.
    most = np.maximum.reduceat(held, np.stack([starts, ends], axis=1).ravel())[::2]
    return np.where(starts < ends, most, np.uint8(NOT))


def _in_bytes(part: Segment, piece: bytes, left: Mask) -> Levels:
    """NOT, INSIDE or WORD a row, of the rows that are left; any for the others."""
    _narrow(part, piece, left)
    if np.count_nonzero(left) * FEWER > len(part):
        return _held(part.text_bytes, part.text_ends, piece)
    found, rows = np.zeros(len(part), np.uint8), np.flatnonzero(left)
    for first in range(0, len(rows), ROWS):
        of_lot = rows[first : first + ROWS]
        found[of_lot] = _held(*part.texts_of(of_lot), piece)
    return found


def _narrow(part: Segment, piece: bytes, left: Mask) -> None:
    """Take away rows that lack a word of the piece. A word behind a sign begins in the command
    where it does in the piece, and ends there if a sign is behind it.
    """
    for word in _WORDS.finditer(words.lower(piece)):
        first, last = part.prefixed(word["word"])
        if word["end"]:
            last = first + (first < last and part.word(first) == word["word"])
        rows = part.rows_of(first, last)
        if len(rows) < len(part) // 4:
            has = np.zeros(len(part), np.bool_)
            has[rows] = True
            left &= has


def _held(texts: occurrences.Bytes, ends: Ints, piece: bytes) -> Levels:
    """NOT, INSIDE or WORD of each of the texts, which stand behind one another."""
    found = np.zeros(len(ends), np.uint8)
    at = occurrences.find(texts, piece, cased=words.lower(piece) != piece)
    rows = np.searchsorted(ends, at, side="right")
    inside = at + len(piece) <= ends[np.minimum(rows, len(ends) - 1)]
    at, rows = at[inside], rows[inside]
    found[rows] = INSIDE
    first = at == np.where(rows > 0, ends[rows - 1], 0)
    found[rows[first | _begins_word(texts, at, piece)]] = WORD
    return found


def _begins_word(texts: occurrences.Bytes, at: occurrences.Offsets, piece: bytes) -> Mask:
    """Whether a word begins at each offset: behind no letter or digit, or, for a fragment that
    opens with a sign, behind a blank.
    """
    before = texts[np.maximum(at - 1, 0)]
    return before <= 0x20 if not _LETTERS[piece[0]] else ~_LETTERS[before]


_LETTERS = np.array([bytes([b]).isalnum() or b >= 0x80 for b in range(256)], np.bool_)


def _opens(
    part: Segment, rows: npt.NDArray[np.intp], typed: bytes, cased: bool
) -> npt.NDArray[np.intp]:
    """Which of the rows begin with `typed`: indices into `rows`."""
    starts = part.starts(rows)
    left = np.flatnonzero(starts + len(typed) <= part.text_ends[rows])
    for step, byte in enumerate(typed):
        alike = occurrences.same(part.text_bytes[starts[left] + step], byte, cased)
        left = left if alike.all() else left[alike]
    return left
