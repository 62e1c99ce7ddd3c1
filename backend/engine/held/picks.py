"""What was picked before for the same or a like question comes first the next time.

It moves nothing else: a few commands go to the top, the others keep their order below them.
"""

from __future__ import annotations

from collections.abc import Iterable

from backend.query.literalness import STOP_WORDS
from backend.query.parse import Query

# So many picked commands go before all others.
MOST = 3
# Shorter text is the beginning of too many things; what is needed decides there.
SHORTEST = 3
# Questions of so many telling words are alike if they share most of them.
WORDY, ALIKE = 3, 0.75
# What was picked for a like question is worth so much of what was picked for this one.
FARTHER = 0.5


def question(query: Query) -> str:
    """What a pick is kept under: the words asked for, or empty if they are too few to mean one."""
    text = " ".join(query.text.lower().split())[:200]
    return text if len(text) >= SHORTEST else ""


class Picks:
    """The picks of a store, by question."""

    def __init__(self, picks: Iterable[tuple[str, int, float]]) -> None:
        self._commands: dict[str, list[tuple[int, float]]] = {}
        self._with_word: dict[str, list[str]] = {}
        for asked, command_id, weight in picks:
            if asked not in self._commands:
                for word in _telling(asked):
                    self._with_word.setdefault(word, []).append(asked)
            self._commands.setdefault(asked, []).append((command_id, weight))

    def commands(self, query: Query) -> list[int]:
        """Ids of the commands picked for this question or ones like it, the best first."""
        asked = question(query)
        weights: dict[int, float] = {}
        for other in self._like(asked):
            nearer = 1.0 if other == asked else FARTHER
            for command_id, weight in self._commands[other]:
                weights[command_id] = weights.get(command_id, 0.0) + nearer * weight
        return sorted(weights, key=lambda id: -weights[id])[:MOST]

    def _like(self, asked: str) -> set[str]:
        alike = {asked} & self._commands.keys()
        words = _telling(asked)
        if len(words) < WORDY:
            return alike
        near = {other for word in words for other in self._with_word.get(word, ())}
        return alike | {other for other in near if _overlap(words, _telling(other)) >= ALIKE}


def _telling(asked: str) -> frozenset[str]:
    return frozenset(asked.split()) - STOP_WORDS


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
