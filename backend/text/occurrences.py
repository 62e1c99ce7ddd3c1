"""Where a piece of text stands in a long run of bytes: all places at once, by comparing arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

# Bytes compared in one go: what is made of them stays in the processor's cache.
LOT = 1 << 19
# So many bytes of a piece are compared everywhere, the others where these are; of a piece with a
# byte that few commands hold that one will do.
ANCHORS = 3
# Signs that so many commands hold that any other finds a piece sooner.
COMMON = frozenset(b" -/.")
_RARE = 2
# One in so many is not little.
DENSE = 64


def find(found: Bytes, piece: bytes, cased: bool) -> Offsets:
    """The offsets at which `piece` begins in `found`, (m,), ascending; letters of ASCII in any case
    unless `cased`, where a letter of `piece` must be small.
    """
    order = sorted(range(len(piece)), key=lambda at: -_rarity(piece[at]))
    everywhere = 1 if _rarity(piece[order[0]]) >= _RARE else ANCHORS
    places = len(found) - len(piece) + 1
    lots = [np.zeros(0, np.int64)]
    for start in range(0, places, LOT):
        end = min(start + LOT, places)
        mask = np.ones(end - start, np.bool_)
        for step in order[:everywhere]:
            mask &= same(found[start + step : end + step], piece[step], cased)
        lots.append(_where(mask) + start)
    at = np.concatenate(lots)
    for step in order[everywhere:]:
        at = at[same(found[at + step], piece[step], cased)]
    return at


def same(found: Bytes, byte: int, cased: bool) -> Mask:
    """Which of these bytes are this one, or the same letter unless `cased`."""
    alike: Mask = found == byte if cased or not bytes([byte]).isalpha() else found | 0x20 == byte
    return alike


def _rarity(byte: int) -> int:
    if bytes([byte]).isupper():
        return 2
    return 0 if bytes([byte]).isalnum() or byte >= 0x80 else 1 if byte in COMMON else 3


def _where(mask: Mask) -> Offsets:
    """Indices of what is true: where that is little, eight at a time are passed over."""
    whole = len(mask) // 8 * 8
    eights = np.flatnonzero(mask[:whole].view(np.uint64) != 0)
    if len(eights) > len(mask) // DENSE:
        return np.flatnonzero(mask)
    at = np.flatnonzero(mask[:whole].reshape(-1, 8)[eights])
    rest = np.flatnonzero(mask[whole:]) + whole
    return np.concatenate([eights[at >> 3] * 8 + (at & 7), rest])
