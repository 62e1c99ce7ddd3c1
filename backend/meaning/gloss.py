"""Plain words for what a command does, to be embedded beside it: "tar -xzf a.tgz" unpacks.

The words come from the glossary alone; nothing is looked up on the machine, so every
machine makes the same text. Values of options are told as values.py says.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from backend.meaning import glossary as glossaries
from backend.meaning.glossary import Glossary, Key
from backend.redaction.mask import MARK

# What decides the words that are told beside a command, but for the glossary itself.
CODE = tuple(Path(__file__).with_name(f"{name}.py") for name in ("gloss", "glossary", "values"))
# Longer commands are scripts; their opening says what they are for.
LONGEST = 2000
MOST_PHRASES = 16
SEPARATOR = " # "
SAYS_ALL = "="
NEGATION = "--no-"
ANY_TOOL = ("*",)

Aliases = Mapping[str, str]
NO_ALIASES: Aliases = MappingProxyType({})

# Not what is an argument of find: `\;`, `';'` and `\)`.
_ENDS = re.compile(r"\|\||&&|(?<!\\)(?:[|&\n)]|;(?!['\"]))|\$\(|`|<\(")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
# As git takes it with dots for blanks, so that it stays one word.
_QUOTED_SPAN = re.compile(r"(?<=['\"=])[-+]?\d{1,6} [a-z]{1,8}( ago)?(?=['\"])")
_REDIRECTION = re.compile(r"([12&]?>>?|<<?<?)(?!\()\s*(/dev/null|&[12])?")
_TO_ANOTHER = re.compile(r"[12&]?>&[12]|&>>?")
_QUOTES = str.maketrans("\"'", "  ")
_ASSIGNMENT = re.compile(r"\w+=")
_VERSIONED = re.compile(r"(python|pip)[\d.]+")
_PACKED = re.compile(r"-?[A-Za-z0-9]{2,6}")
_ENDING = re.compile(r"\.\w+$")
# Words before the command proper; of some the glossary knows what they do.
_BEFORE = frozenset(
    "sudo nohup env time exec nice watch timeout then do else if while until ! { (".split()
)
_RUNNERS = frozenset(("xargs", "-exec", "-execdir", "-ok"))
_RUN_ENDS = frozenset(("\\;", ";", "+"))
# Options of tools that run others, whose value is the next word.
_VALUED = {
    "xargs": frozenset("-I -n -P -L -d -a -s -E".split()),
    "sudo": frozenset("-u -g -h -p".split()),
    "timeout": frozenset(("-k", "-s")),
    "nice": frozenset(("-n",)),
    "watch": frozenset(("-n",)),
    "env": frozenset(("-u", "-C")),
}
_SPAN = re.compile(r"[\d.]+[smhd]?", re.ASCII)
# Tools whose long flags have one dash: their letters stand for nothing.
_ONE_DASH = frozenset(("find", "ffmpeg", "ffprobe", "openssl", "convert", "mogrify", "java"))
_LONGEST_KEY = 4


def embedded(command: str, note: str = "", aliases: Aliases = NO_ALIASES) -> str:
    """The text to embed for a command: itself, what was noted about it, and what it does where that
    is known. Without the mark of a masked value, which would draw it to "redacted".
    """
    words = ", ".join(filter(None, (note, gloss(command, aliases))))
    return (f"{command}{SEPARATOR}{words}" if words else command).replace(MARK, "")


def gloss(command: str, aliases: Aliases = NO_ALIASES) -> str:
    """What a command does, phrase by phrase; empty if its tools are unknown. Never raises.

    aliases: commands by the name that stands for them; where one is run, its command is told, too.
    """
    glossary = glossaries.read()
    told = dict.fromkeys(_told(command[:LONGEST], glossary, aliases))
    if told:
        told.update(dict.fromkeys(_redirections(command[:LONGEST], glossary.phrases)))
    return ", ".join(list(told)[:MOST_PHRASES])


def _told(command: str, glossary: Glossary, aliases: Aliases) -> Iterator[str]:
    command = _QUOTED_SPAN.sub(lambda span: span[0].replace(" ", "."), command)
    for part in _ENDS.split(_TO_ANOTHER.sub(" ", command)):
        for words in _commands(part.translate(_QUOTES).split()):
            body = aliases.get(words[0])
            if body is None:
                yield from _phrases(words, glossary)
            else:
                yield body
                others = {name: aliases[name] for name in aliases if name != words[0]}
                yield from _told(" ".join((body, *words[1:])), glossary, others)


def stamp(aliases: Aliases) -> str:
    """Another one whenever `embedded` may make another text of some command."""
    names = json.dumps(sorted(aliases.items()))
    return hashlib.sha256(f"{_rules()}{names}".encode()).hexdigest()[:16]


@functools.cache
def _rules() -> str:
    sources = (glossaries.FILE, *CODE)
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def digest(text: str) -> int:
    """32 bits of an embedded text, by which another one is told from it. Never 0."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) or 1


def _commands(words: Sequence[str]) -> Iterator[list[str]]:
    """A simple command, then those that it runs for others: `find -exec`, `xargs`."""
    start = 0
    while start < len(words) and _opens(words[start]):
        end = _after_options(words, start)
        if words[start] in _BEFORE:
            yield list(words[start:end])
        start = end
    own: list[str] = []
    run: list[list[str]] = []
    while start < len(words):
        runner = next((at for at in range(start, len(words)) if words[at] in _RUNNERS), len(words))
        begin = _after_options(words, runner)
        stop = next((at for at in range(begin, len(words)) if words[at] in _RUN_ENDS), len(words))
        own += words[start:begin]
        run.append(list(words[begin:stop]))
        start = stop + 1
    yield from filter(None, (own, *run))


def _after_options(words: Sequence[str], at: int) -> int:
    """Where the command begins that the word at `at` runs: after its options and their values."""
    valued = _VALUED.get(words[at], ()) if at < len(words) else ()
    spans = words[at : at + 1] == ["timeout"]
    at += 1
    while at < len(words) and (words[at].startswith("-") or (spans and _SPAN.fullmatch(words[at]))):
        at += 2 if words[at] in valued else 1
    return min(at, len(words))


def _opens(word: str) -> bool:
    return word in _BEFORE or _ASSIGNMENT.match(word) is not None


def _phrases(words: Sequence[str], glossary: Glossary) -> Iterator[str]:
    """Of the tool with its subcommand first, then of each argument that tells something."""
    phrases = glossary.phrases
    named = _named(words)
    if named[0] not in glossary.tools:
        return
    key = _longest(named, phrases)
    opening = key if phrases.get(key, "").startswith(SAYS_ALL) else _plain(key, phrases)
    if opening in phrases:
        yield phrases[opening].removeprefix(SAYS_ALL)
    if key[0] == "find":
        yield from _where(named, phrases)
    told = {opening, _plain(key, phrases)}
    stems = tuple(dict.fromkeys((_plain(key, phrases), key[:1])))
    for at, word in enumerate(named[1:], 1):
        following = named[at + 1] if at + 1 < len(named) else ""
        packed = (key[0] not in _ONE_DASH and word.startswith("-")) or (key[0] == "tar" and at == 1)
        for stem in stems:
            value = _value(stem, word, following, glossary)
            if value is not None:
                yield value
                continue
            for form in _forms(word.lstrip("\\"), following, packed):
                known = (*stem, *form)
                # A value is told where it stands, behind its option.
                is_valued = stem != stems[0] and known in glossary.shapes
                if known not in told and known in phrases and not is_valued:
                    yield phrases[known].removeprefix(SAYS_ALL)
        if word.startswith(NEGATION) and not any((*stem, word) in phrases for stem in stems):
            yield _negated(word, stems[0], phrases)


def _negated(word: str, stem: Key, phrases: Mapping[Key, str]) -> str:
    """Of an option that switches another one off."""
    name = word.removeprefix(NEGATION).partition("=")[0]
    known = phrases.get((*stem, f"--{name}"))
    return f"not {known.removeprefix(SAYS_ALL)}" if known else f"without {name.replace('-', ' ')}"


def _plain(key: Key, phrases: Mapping[Key, str]) -> Key:
    """The tool and its subcommands of a key, without flags and their values."""
    plain = (key[0], *(word for word in key[1:] if word[:1].isalpha()))
    while len(plain) > 1 and plain not in phrases:
        plain = plain[:-1]
    return plain


def _value(stem: Key, word: str, following: str, glossary: Glossary) -> str | None:
    """The phrase of an argument for its value: the next word, what is after `=` or the letter, or
    the word by itself.
    """
    places = [(stem, word)]
    if word.startswith("-"):
        option, equals, value = word.partition("=")
        places.insert(0, ((*stem, option), value if equals else following))
        if len(word) > 2 and word[1] != "-":
            places.insert(1, ((*stem, word[:2]), word[2:]))
    for before, told in places:
        known = (*before, told)
        if known in glossary.phrases:
            return glossary.phrases[known].removeprefix(SAYS_ALL) if before != stem else None
        for known_shape in glossary.shapes.get(before, ()):
            phrase = known_shape.told(told)
            if phrase is not None:
                return phrase
    return None


def _named(words: Sequence[str]) -> list[str]:
    """The command with its tool under the name that the glossary has."""
    tool = words[0].rsplit("/", 1)[-1]
    versioned = _VERSIONED.fullmatch(tool)
    if versioned:
        tool = versioned[1]
    if tool == "docker-compose":
        return ["docker", "compose", *words[1:]]
    return [tool, *words[1:]]


def _longest(words: Sequence[str], phrases: Mapping[Key, str]) -> Key:
    """The longest key that opens the command, flags before a subcommand passed over."""
    plain = [words[0], *(word.lower() for word in words[1:] if not word.startswith("-"))]
    for candidate in (words, plain):
        for length in range(min(_LONGEST_KEY, len(candidate)), 1, -1):
            key = tuple(candidate[:length])
            if key in phrases:
                return key
    return (words[0],)


def _forms(word: str, following: str, packed: bool) -> Iterator[Key]:
    """Under what an argument may be known: with the next, before its `=`, letter by letter."""
    yield (word, following)
    yield (word,)
    yield (word.split("=")[0],)
    if packed and _PACKED.fullmatch(word):
        for letter in word.lstrip("-"):
            yield (f"-{letter}",)
    ending = _ENDING.search(word)
    if ending:
        yield (ending[0],)


def _where(words: Sequence[str], phrases: Mapping[Key, str]) -> Iterator[str]:
    """Where `find` looks when it is not told, or told in another way."""
    first = words[1] if len(words) > 1 else "-"
    if first.startswith("-") or first == "./":
        yield phrases["find", "."]
    if first == "$HOME":
        yield phrases["find", "~"]


def _redirections(command: str, phrases: Mapping[Key, str]) -> Iterator[str]:
    """Where input and output go: `> /dev/null`, `2>&1`, `>>`."""
    for found in _REDIRECTION.finditer(_QUOTED.sub(" ", command)):
        known = (*ANY_TOOL, found[1] + (found[2] or ""))
        if known in phrases:
            yield phrases[known]
