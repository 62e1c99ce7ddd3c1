"""The glossary, read: phrases for tools, subcommands and options, written for deja.

glossary.tsv says in its head what a line is; values.py, what may stand in a hole.
"""

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from backend.meaning.values import Shape, shape

FILE = Path(__file__).with_name("glossary.tsv")

Key = tuple[str, ...]


class Glossary(NamedTuple):
    """Phrases by key, shapes of values by what stands before them, and tools that have any."""

    phrases: Mapping[Key, str]
    shapes: Mapping[Key, Sequence[Shape]]
    tools: frozenset[str]


@functools.cache
def read() -> Glossary:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    phrases: dict[Key, str] = {}
    shapes: dict[Key, list[Shape]] = {}
    for line in lines:
        if line and not line.startswith("# "):
            words, phrase = line.split("\t")
            *before, last = key = tuple(words.split())
            value = shape(last, phrase)
            if value is None:
                phrases[key] = phrase
            else:
                shapes.setdefault(tuple(before), []).append(value)
    return Glossary(phrases, shapes, frozenset(key[0] for key in (*phrases, *shapes)))


def phrases() -> list[str]:
    """Every phrase that the glossary has, values left open."""
    found = read()
    valued = [shape.phrase for shapes in found.shapes.values() for shape in shapes]
    return [*found.phrases.values(), *valued]
