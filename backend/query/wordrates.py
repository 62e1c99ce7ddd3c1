"""How likely a word of a description stands in the command too: "docker" does, "display" does not.

Learnt by scripts/quality/train_adapter.py from tldr-pages (CC BY 4.0).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

LEARNT = Path(__file__).with_name("word_rates.tsv")
# For words that descriptions rarely use: names of files, hosts and tools, mostly.
UNSEEN = 0.6


def rate(word: str) -> float:
    """0..1 for a lower-case index word."""
    return _rates().get(word, UNSEEN)


def is_known(word: str) -> bool:
    """Whether descriptions of commands use this lower-case index word."""
    return word in _rates()


@functools.cache
def _rates() -> Mapping[str, float]:
    """word, tab, per cent, a line each."""
    pairs = (line.split("\t") for line in LEARNT.read_text(encoding="utf-8").splitlines())
    return {word: int(percent) / 100 for word, percent in pairs}
