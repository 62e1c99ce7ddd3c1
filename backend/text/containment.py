"""How each row holds what was typed: the command opens with it, a word does, or it lies inside.

Answers for all rows, not for the best: a plain list would show them all. Letters and digits are
looked for in the vocabulary, which is small; everything else in the bytes of the texts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from backend.query import words
from backend.text.segment import Segment

Levels = npt.NDArray[np.uint8]
Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

NOT, INSIDE, WORD, OPENS = 0, 1, 2, 3
# A single letter is inside nearly everything: only where few words open with it does that count.
FEW = 50
# Bytes that so many commands hold that any other one finds a fragment sooner.
_COMMON = frozenset(b" -/.")


def levels(parts: Sequence[Segment], fragments: Sequence[str], typed: str) -> Levels:
    """uint8 (n,): for each row the least of NOT, INSIDE and WORD over the fragments, each of which
    must be there; OPENS where the whole row begins with `typed`.

    The case counts for fragments that hold a capital letter.
    """
    pieces = [words.encode(fragment) for fragment in fragments]
    found = [of_part(part, pieces, words.encode(typed)) for part in parts]
    total = np.concatenate([np.zeros(0, np.uint8), *found])
    single = len(pieces) == 1 and len(pieces[0]) == 1 and _is_word(pieces[0])
    if single and np.count_nonzero(total) < FEW:
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
    for piece in sorted(pieces, key=len, reverse=True):
        np.minimum(least, _of_piece(part, piece), out=least)
        if not least.any():
            return least
    rows = np.flatnonzero(least)
    cased = words.lower(typed) != typed
    least[rows[_opens(part, rows, typed, cased)]] = OPENS
    return least


def _of_piece(part: Segment, piece: bytes) -> Levels:
    """NOT, INSIDE or WORD a row, for one fragment."""
    if not _is_word(piece):
        return _in_bytes(part, piece, cased=words.lower(piece) != piece)
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


def _in_bytes(part: Segment, piece: bytes, cased: bool) -> Levels:
    """By its rarest byte, then by those around it."""
    found = np.zeros(len(part), np.uint8)
    at = _positions(part.text_bytes, piece, cased)
    rows = np.searchsorted(part.text_ends, at, side="right")
    inside = at + len(piece) <= part.text_ends[np.minimum(rows, len(part) - 1)]
    at, rows = at[inside], rows[inside]
    found[rows] = INSIDE
    found[rows[_begins_word(part, at, rows, piece)]] = WORD
    return found


def _positions(texts: Bytes, piece: bytes, cased: bool) -> Offsets:
    """Where `piece` begins in the texts, wherever one text ends and the next begins."""
    anchor = max(range(len(piece)), key=lambda at: _rarity(piece[at]))
    at = np.flatnonzero(_same(texts, piece[anchor], cased)) - anchor
    at = at[(at >= 0) & (at + len(piece) <= len(texts))]
    for step, byte in enumerate(piece):
        if step != anchor:
            at = at[_same(texts[at + step], byte, cased)]
    return at


def _rarity(byte: int) -> int:
    if bytes([byte]).isupper():
        return 2
    return 0 if bytes([byte]).isalnum() or byte >= 0x80 else 1 if byte in _COMMON else 3


def _same(found: Bytes, byte: int, cased: bool) -> Mask:
    alike: Mask = found == byte if cased or not bytes([byte]).isalpha() else found | 0x20 == byte
    return alike


def _begins_word(part: Segment, at: Offsets, rows: npt.NDArray[np.intp], piece: bytes) -> Mask:
    """Whether a word begins at each offset: behind no letter or digit, or, for a fragment that
    opens with a sign, behind a blank.
    """
    first = at == part.starts(rows)
    before = part.text_bytes[np.maximum(at - 1, 0)]
    is_sign = not _LETTERS[piece[0]]
    begins: Mask = first | (before <= 0x20 if is_sign else ~_LETTERS[before])
    return begins


_LETTERS = np.array([bytes([b]).isalnum() or b >= 0x80 for b in range(256)], np.bool_)


def _opens(
    part: Segment, rows: npt.NDArray[np.intp], typed: bytes, cased: bool
) -> npt.NDArray[np.intp]:
    """Which of the rows begin with `typed`: indices into `rows`."""
    left = np.arange(len(rows))
    starts = part.starts(rows)
    left = left[starts + len(typed) <= part.text_ends[rows]]
    for step, byte in enumerate(typed):
        left = left[_same(part.text_bytes[starts[left] + step], byte, cased)]
    return left
