"""What a query line asks for: words, exact text, exclusions, filters, and what kind it is.

`parse` never raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Protocol

from backend.query import filters, quantities, wordrates, words
from backend.query.filters import Filters as Filters  # part of this module's interface
from backend.query.literalness import STOP_WORDS, literalness
from backend.query.names import names

# A quoted stretch must start a chunk; `--name="a b"` is text of a command.
_TOKEN = re.compile(r"""(?P<filter>[a-z]+:"[^"\n]*"(?=\s|$))|"(?P<phrase>[^"\n]+)"(?=\s|$)|\S+""")
_EXCLUSION = re.compile(r"-[a-z][a-z0-9]{2,}", re.ASCII | re.IGNORECASE)
_SHELL_SIGNS = re.compile(r"[|;&<>$(){}`\\]")
LONGEST = 2000
# From here on a query is taken for text of commands, below for a sentence.
LITERAL = 0.25
NO_FILTERS = Filters()


class Lexicon(Protocol):
    """What the history holds."""

    def knows(self, word: str) -> bool:
        """Whether some command has this word, or flag with its dashes, whole."""
        ...


@dataclass(frozen=True)
class Query:
    """A query line, read.

    text: what was typed without filters and exclusions. words: index words, lower case. weights:
    how much each word tells, 0..1. fragments: its chunks as typed. phrases: what stood in quotes,
    as typed. names: what a sentence names outright, lower case. excluded: words that must not be
    there, lower case. applied: the chunks, as typed, that narrow the search and are not looked for.
    mistakes: one line for each filter whose value makes no sense; it narrows nothing.
    hints: other one-line remarks. meaning_text: what to embed. literalness: 0 for a sentence, 1 for
    text of a command.
    """

    text: str
    words: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    fragments: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    filters: Filters = NO_FILTERS
    applied: tuple[str, ...] = ()
    mistakes: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    meaning_text: str = ""
    literalness: float = 0.5

    @property
    def is_empty(self) -> bool:
        """Nothing to look for; filters and exclusions may still hold."""
        return not self.fragments and not self.phrases


def parse(text: str, now: float, lexicon: Lexicon | None = None) -> Query:
    """Read a query line. now: epoch seconds, for filters of time.

    lexicon tells `-word`, which excludes, from a flag of a command; without it every `-word` of
    three letters or more that is not the first chunk excludes, where no shell syntax is near.
    """
    line = text[:LONGEST]
    kept: list[str] = []
    phrases: list[str] = []
    excluded: list[str] = []
    applied: list[str] = []
    mistakes: list[str] = []
    active = NO_FILTERS
    rules = _Exclusions(line, lexicon)
    for match in _TOKEN.finditer(line):
        token, told = match[0], len(mistakes)
        if match["phrase"]:
            phrases.append(match["phrase"])
            kept.append(token)
        elif (narrowed := _narrowed(active, token, now, mistakes)) is not None:
            active = narrowed
            applied.extend([token] if len(mistakes) == told else [])
        elif rules.excludes(token, first=not kept):
            excluded.append(token[1:].lower())
            applied.append(token)
        else:
            kept.append(token)
    query = _of_text(" ".join(kept), tuple(phrases), lexicon)
    return replace(
        query,
        excluded=tuple(excluded),
        filters=active,
        applied=tuple(applied),
        mistakes=tuple(mistakes),
        hints=tuple(rules.hints),
    )


def narrowing(text: str, now: float) -> tuple[Filters, tuple[str, ...]]:
    """Filters alone, separated by blanks, and one line for each chunk that makes no sense as one.
    now: as for `parse`.
    """
    active = NO_FILTERS
    mistakes: list[str] = []
    for match in _TOKEN.finditer(text[:LONGEST]):
        narrowed = _narrowed(active, match[0], now, mistakes)
        if narrowed is None:
            mistakes.append(f"{match[0][:40]}: no filter")
        active = narrowed or active
    return active, tuple(mistakes)


def _of_text(text: str, phrases: tuple[str, ...], lexicon: Lexicon | None) -> Query:
    """The part of a query that is left when filters and exclusions are taken out."""
    unquoted = text.replace('"', " ") if phrases else text
    likely = literalness(text)
    is_sentence = likely < LITERAL
    if is_sentence:
        spelt = [*_words(quantities.unspoken(unquoted), None), *quantities.words(unquoted)]
        found = list(dict.fromkeys(spelt))
    else:
        found = _words(unquoted, lexicon)
    if likely < 0.5:
        telling = [word for word in found if word not in STOP_WORDS]
        found = telling or found
    return Query(
        text=text,
        words=tuple(found),
        weights=tuple(likely + (1 - likely) * wordrates.rate(word) for word in found),
        fragments=tuple(unquoted.split()),
        phrases=phrases,
        names=names(quantities.fixed(text) if is_sentence else text),
        meaning_text=quantities.spoken(text) if is_sentence else text,
        literalness=likely,
    )


def _words(text: str, lexicon: Lexicon | None) -> list[str]:
    """Index words; of a chunk that history has whole, no parts, which would only blur it."""
    known = (lambda word: lexicon.knows(words.decode(word))) if lexicon else None
    return [words.decode(word) for word in words.words(words.encode(text), known)]


def _narrowed(active: Filters, token: str, now: float, mistakes: list[str]) -> Filters | None:
    """Filters with the one a token spells; None if it is text. A value that makes no sense is a
    mistake and narrows nothing: while it is being typed, the rows stay as they are.
    """
    key, colon, value = token.partition(":")
    value = value.strip('"')
    if not colon or not filters.is_key(key) or value.startswith("//"):
        return None
    try:
        return filters.apply(
            active,
            key,
            value if key in ("cwd", "in", "repo", "session", "host") else value.lower(),
            now,
        )
    except filters.BadFilter as problem:
        mistakes.append(f"{token[:40]}: {problem}")
        return active


class _Exclusions:
    """Which `-word` of a line rules a word out, and which is a flag of a command."""

    def __init__(self, line: str, lexicon: Lexicon | None) -> None:
        self._lexicon = lexicon
        self._near_syntax = _SHELL_SIGNS.search(line) is not None
        chunks = line.split()
        words = [chunk for chunk in chunks if not _EXCLUSION.fullmatch(chunk)]
        self._is_plain = bool(words) and all(word.isalpha() for word in words)
        self.hints: list[str] = []

    def excludes(self, token: str, first: bool) -> bool:
        """History has the word, but no flag of that name. One that it has neither way is text; that
        is worth a remark beside nothing but plain words.
        """
        if self._near_syntax or not _EXCLUSION.fullmatch(token):
            return False
        if self._lexicon is None:
            return not first
        if self._lexicon.knows(token.lower()):
            return False
        if self._lexicon.knows(token[1:]):
            return True
        if self._is_plain:
            self.hints.append(f"{token[:40]} excludes nothing: no command has {token[1:41]}")
        return False
