"""Whether the words of a question are told about a command: exact words, where a cosine blurs.

Words are compared without their endings, and the rarer one is in the glossary the more it counts.
"""

import functools
import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from backend.meaning import gloss, glossary
from backend.query.literalness import STOP_WORDS
from backend.query.parse import Query

Floats = NDArray[np.float32]

# Commands, and phrases, whose words are remembered: while a line is typed, the same come up again.
REMEMBERED = 2048

_WORD = re.compile(r"[a-z0-9]+")
_ENDINGS = "ies", "ing", "ed", "es", "s", "e", "y"
_SHORTEST = 3


class Telling:
    """The words told about commands, with the aliases of one moment."""

    def __init__(self, aliases: gloss.Aliases) -> None:
        self._aliases = aliases
        self._told = functools.lru_cache(REMEMBERED)(self._read)

    def shares(self, asked: Query, commands: Sequence[str]) -> Floats:
        """How much of a question is told about each command, 0..1, float32 (n,)."""
        rarities = _rarities()
        unknown = max(rarities.values())
        wanted = {word: rarities.get(word, unknown) for word in stems(asked.meaning_text)}
        whole = sum(wanted.values()) or 1.0
        held = [wanted.keys() & self._told(command) for command in commands]
        return np.array([sum(map(wanted.__getitem__, each)) / whole for each in held], np.float32)

    def _read(self, command: str) -> tuple[str, ...]:
        phrases = gloss.gloss(command, self._aliases).split(", ")
        return tuple({word for phrase in phrases for word in _of_phrase(phrase)})


@functools.lru_cache(REMEMBERED)
def _of_phrase(phrase: str) -> tuple[str, ...]:
    return tuple(stems(phrase))


def stems(text: str) -> dict[str, None]:
    """The distinct words of a text that tell something, in lower case and without endings."""
    found = _WORD.findall(text.lower())
    return dict.fromkeys(_stem(word) for word in found if word not in STOP_WORDS)


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word.removesuffix(ending)
    return word


@functools.cache
def _rarities() -> dict[str, float]:
    """Of each word of the glossary, the more the fewer of its phrases have it."""
    phrases = glossary.phrases()
    counts = Counter(word for phrase in phrases for word in stems(phrase))
    return {word: math.log(1 + len(phrases) / (1 + count)) for word, count in counts.items()}
