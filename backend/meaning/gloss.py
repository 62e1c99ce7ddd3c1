"""Plain words for what a command does, to be embedded beside it: "tar -xzf a.tgz" unpacks.

The words come from glossary.tsv, written for deja; nothing is looked up on the machine, so every
machine makes the same text.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

GLOSSARY = Path(__file__).with_name("glossary.tsv")
# Longer commands are scripts; their opening says what they are for.
LONGEST = 2000
MOST_PHRASES = 16
SEPARATOR = " # "
SAYS_ALL = "="

Phrases = Mapping[tuple[str, ...], str]

_ENDS = re.compile(r"\|\||&&|[|;&\n]|\$\(|`|<\(|\)")
_QUOTES = str.maketrans("\"'", "  ")
_ASSIGNMENT = re.compile(r"\w+=")
_VERSIONED = re.compile(r"(python|pip)[\d.]+")
_PACKED = re.compile(r"-?[A-Za-z0-9]{2,6}")
_ENDING = re.compile(r"\.\w+$")
# Words before the command proper; of some the glossary knows what they do.
_BEFORE = frozenset(
    "sudo nohup env time exec command nice watch timeout then do else if while until ! { (".split()
)
_RUNNERS = frozenset(("xargs", "-exec", "-execdir"))
# Tools whose long flags have one dash: their letters stand for nothing.
_ONE_DASH = frozenset(("find", "ffmpeg", "ffprobe", "openssl", "convert", "mogrify", "java"))
_LONGEST_KEY = 4


def embedded(command: str, note: str = "") -> str:
    """The text to embed for a command: itself, what was noted about it, and what it does where that
    is known.
    """
    words = ", ".join(filter(None, (note, gloss(command))))
    return f"{command}{SEPARATOR}{words}" if words else command


def gloss(command: str) -> str:
    """What a command does, phrase by phrase; empty if its tools are unknown. Never raises."""
    phrases = _glossary()
    told: dict[str, None] = {}
    for part in _ENDS.split(command[:LONGEST]):
        for words in _commands(part.translate(_QUOTES).split()):
            told.update(dict.fromkeys(_phrases(words, phrases)))
    return ", ".join(list(told)[:MOST_PHRASES])


def stamp(model_id: str) -> str:
    """What vectors of `embedded` texts belong to: the model, and the words told beside commands."""
    words = hashlib.sha256(GLOSSARY.read_bytes() + b"1").hexdigest()
    return f"{model_id}+{words[:12]}"


@functools.cache
def _glossary() -> Phrases:
    lines = GLOSSARY.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("# "))
    return {tuple(key.split()): phrase for key, phrase in pairs}


def _commands(words: Sequence[str]) -> Iterator[list[str]]:
    """A simple command, then those that it runs for others: `find -exec`, `xargs`."""
    start = 0
    while start < len(words) and _opens(words[start]):
        if words[start] in _BEFORE:
            yield [words[start]]
        start += 1
    runs = [at for at in range(start, len(words)) if words[at] in _RUNNERS]
    ends = [at + 1 for at in runs] + [len(words)]
    for begin, end in zip([start, *ends], ends, strict=False):
        while start < begin < end and words[begin].startswith("-"):
            begin += 1
        if begin < end:
            yield list(words[begin:end])


def _opens(word: str) -> bool:
    return word in _BEFORE or _ASSIGNMENT.match(word) is not None


def _phrases(words: Sequence[str], phrases: Phrases) -> Iterator[str]:
    """Of the tool with its subcommand first, then of each argument that tells something."""
    named = _named(words)
    key = _longest(named, phrases)
    plain = tuple(word for word in key if not word.startswith("-"))
    says_all = phrases.get(key, "").startswith(SAYS_ALL)
    for known in dict.fromkeys((key,) if says_all else (plain, key)):
        if known in phrases:
            yield phrases[known].removeprefix(SAYS_ALL)
    tool = key[0]
    if tool == "find":
        yield from _where(named, phrases)
    for at, word in enumerate(named[1:], 1):
        following = named[at + 1] if at + 1 < len(named) else ""
        packed = (tool not in _ONE_DASH and word.startswith("-")) or (tool == "tar" and at == 1)
        for stem in dict.fromkeys((plain, (tool,))):
            for form in _forms(word.lstrip("\\"), following, packed):
                known = (*stem, *form)
                if known not in (key, plain) and known in phrases:
                    yield phrases[known].removeprefix(SAYS_ALL)


def _named(words: Sequence[str]) -> list[str]:
    """The command with its tool under the name that the glossary has."""
    tool = words[0].rsplit("/", 1)[-1]
    versioned = _VERSIONED.fullmatch(tool)
    if versioned:
        tool = versioned[1]
    if tool == "docker-compose":
        return ["docker", "compose", *words[1:]]
    return [tool, *words[1:]]


def _longest(words: Sequence[str], phrases: Phrases) -> tuple[str, ...]:
    """The longest key that opens the command, flags before a subcommand passed over."""
    plain = [words[0], *(word.lower() for word in words[1:] if not word.startswith("-"))]
    for candidate in (words, plain):
        for length in range(min(_LONGEST_KEY, len(candidate)), 1, -1):
            key = tuple(candidate[:length])
            if key in phrases:
                return key
    return (words[0],)


def _forms(word: str, following: str, packed: bool) -> Iterator[tuple[str, ...]]:
    """Under what an argument may be known: with the next, before its `=`, letter by letter."""
    yield (word, following)
    yield (word.split("=")[0],)
    if packed and _PACKED.fullmatch(word):
        for letter in word.lstrip("-"):
            yield (f"-{letter}",)
    ending = _ENDING.search(word)
    if ending:
        yield (ending[0],)


def _where(words: Sequence[str], phrases: Phrases) -> Iterator[str]:
    """Where `find` looks when it is not told, or told in another way."""
    first = words[1] if len(words) > 1 else "-"
    if first.startswith("-") or first == "./":
        yield phrases["find", "."]
    if first == "$HOME":
        yield phrases["find", "~"]
