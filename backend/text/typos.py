"""Typing errors between words: letter masks to discard most words, then a true distance.

The distance counts a swap of two neighbours as one error (optimal string alignment).
"""

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

Masks = npt.NDArray[np.uint64]


def letters(word: bytes) -> int:
    """64-bit mask of the bytes in a word, and of which come twice.

    One wrong letter changes at most two bits, one too many or too few at most one, a swap none; so
    words whose masks differ in more than 2 bits per error cannot be that near.
    """
    once = twice = 0
    for byte in word:
        bit = 1 << (byte & 31)
        twice |= once & bit
        once |= bit
    return once | twice << 32


def maybe(masks: Masks, word: bytes, errors: int) -> npt.NDArray[np.intp]:
    """Numbers of the masks that a word with at most `errors` errors can have."""
    differing = np.bitwise_count(masks ^ np.uint64(letters(word)))
    return np.flatnonzero(differing <= 2 * errors)


def distance(one: bytes, other: bytes, most: int) -> int:
    """Errors between two words; most + 1 if there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    return int(OSA.distance(one, other, score_cutoff=most))


def tolerated(word: bytes) -> int:
    """How many errors still make it the same word: none in short ones and in numbers."""
    if len(word) < 3 or word.strip(b"-").isdigit():
        return 0
    return 1 if len(word) < 6 else 2
