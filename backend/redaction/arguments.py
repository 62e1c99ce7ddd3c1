"""Secrets that can be told by where they stand: after a flag, a name, or in a pipe.

Standard library only; linear in the length of the text.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from backend.redaction.assignments import assignments
from backend.redaction.formats import Span
from backend.redaction.names import is_regex, is_secret_name, is_weak_name, looks_random
from backend.redaction.programs import (
    BASIC_FLAGS,
    BY_NAME,
    MESSAGES,
    NOT_VALUES,
    ORACLE,
    PATTERN_PROGRAMS,
    POSITIONS,
    PREFIXES,
    READERS,
    SETTERS,
    STORES,
)
from backend.redaction.shell_words import Command, Word, commands, interiors
from backend.redaction.snippets import markup, strings, written
from backend.redaction.usages import (
    flags,
    logins,
    operands,
    piped,
    typed,
    value_after,
    value_span,
)

# Quotes in quotes in a substitution … are looked into this deep.
_DEPTH = 4

# None of the rules below can apply to a command that holds none of these, nor a program's name.
_HINTS = (
    *(
        "pass pw token secret key auth cred psk jwt sess sid= sig= login user pat= _pat mnemonic"
        " seed code= pin= otp phrase mdp senha contrase kennwort passwort wachtwoord haslo heslo"
        " salasana losenord 密 пароль sudo .py @ connect pdo cookie hmac send crypt"
    ).split(),
    *(" -p ", " -k ", " -w ", "<<<", "<(", "/secure"),
)
_HINT_WORDS = re.compile(r"[\w.+-]{2,32}")
_PROGRAM_NAMES = (
    frozenset(BY_NAME)
    | ORACLE
    | set(PREFIXES)
    | {words[0] for words, _ in POSITIONS}
    | {words[0] for words in (*READERS, *STORES)}
)

_ATTACHED_PASSWORD = re.compile(r"-[a-z]{1,2}pass(?:word|wd)?")
_OPTION_NAME = re.compile(r"(?:--?|/)[\w.-]{2,64}:?")
_TRAILING = re.compile(r"[,;})\]]+$")
_ARRAY = re.compile(r"(?:\w+\s+)?([\w.-]{2,64})\+?=$")
_LINE_NAMES = frozenset("password requirepass masterauth secret passphrase psk pass token".split())


def arguments(text: str) -> Iterator[Span]:
    """Start, end and kind of each secret that its place gives away; they may overlap."""
    if not _is_worth_reading(text):
        return
    if '"' in text or "'" in text:
        seeks = not PATTERN_PROGRAMS.isdisjoint(_HINT_WORDS.findall(text))
        yield from strings(text, seeks)
    if "<" in text or ">" in text or "tee" in text or "expect" in text or "echo" in text:
        yield from markup(text)
        yield from written(text)
    yield from _scan(text, 0, _DEPTH)


def _is_worth_reading(text: str) -> bool:
    lower = text.lower()
    for hint in _HINTS:  # faster than any(…), and this is asked of every command
        if hint in lower:
            return True
    return not _PROGRAM_NAMES.isdisjoint(_HINT_WORDS.findall(text))


def _scan(text: str, base: int, depth: int) -> Iterator[Span]:
    found = commands(text, base)
    for command in found:
        yield from _command(command)
        if depth and not _is_message(command):
            for word in command.words:
                for start, inner in interiors(word.text, word.start):
                    yield from _scan(inner, start, depth - 1)
    for n, (command, after) in enumerate(pairwise(found)):
        yield from piped(command, after)
        if command.operator in (")|", ")|&"):
            yield from _grouped(found[: n + 1], after)
        yield from _array(command, after)
        if command.operator.startswith("\n") and "<<" in text:
            yield from _line(after)


def _is_message(command: Command) -> bool:
    """`git commit -m "Add --password option"`: prose, in which only shapes are looked for."""
    plains = [word.plain for word in command.words[:4]]
    return plains[:1] == ["git"] and not MESSAGES.isdisjoint(plains)


def _command(command: Command) -> Iterator[Span]:
    words = command.words
    if not words:
        return
    plains = [word.plain for word in words]
    seeks = not PATTERN_PROGRAMS.isdisjoint(plains[:2])
    for word in words:
        if plains[0] != "alias":  # what an alias stands for is a command, and looked into
            for start, end, kind in assignments(word):
                if not (seeks and is_regex(word.text[start - word.start : end - word.start])):
                    yield start, end, kind
    yield from _named(words, plains)
    yield from flags(words, plains)
    yield from operands(words, plains)
    yield from logins(words, plains)
    yield from typed(words, plains)


def _grouped(before: list[Command], after: Command) -> Iterator[Span]:
    """`(echo value; echo value) | passwd`"""
    for command in reversed(before):
        if command is not before[-1] and not command.operator.startswith(";"):
            return
        yield from piped(Command(command.words, "|"), after)


def _array(command: Command, after: Command) -> Iterator[Span]:
    """PASSWORDS=(one two)"""
    if command.operator.startswith("(") and command.words:
        named = _ARRAY.fullmatch(command.words[-1].plain)
        if named and is_secret_name(named[1].rstrip("sS")):
            for word in after.words:
                yield from value_span(word.start, word.text, "value of a secret name")


def _line(command: Command) -> Iterator[Span]:
    """`requirepass value`, a line of a file that the command writes."""
    words = command.words
    if len(words) == 2 and words[0].plain.lower() in _LINE_NAMES:
        yield from value_span(words[1].start, words[1].text, "value of a secret name")


def _is_secret(name: str, plain: str) -> bool:
    return is_secret_name(name) or (is_weak_name(name) and looks_random(plain))


def _named(words: list[Word], plains: list[str]) -> Iterator[Span]:
    """A name and its value as words: `--password x`, `password: x`, `set NAME x`, `name = x`."""
    setting, not_value = False, ""
    for n, plain in enumerate(plains[:-1]):
        after = words[n + 1]
        not_value = NOT_VALUES.get(plain, not_value)
        if plain.startswith("-") or (plain[:1] == "/" and _OPTION_NAME.fullmatch(plain)):
            if plain != not_value and _OPTION_NAME.fullmatch(plain):
                yield from _option(plain, after)
            yield from _basic(plain, after)
        elif plain.endswith(":"):
            yield from _field(words, n)
        elif plains[n + 1] in ("=", ":=", ":", "+=", "=>") and n + 2 < len(words):
            if plains[0] not in ("[", "test", "[["):
                yield from _pair(plain, words[n + 2])
        elif setting and _is_setting(plain):
            yield from value_span(after.start, after.text, "value of a secret name")
        elif setting and plain.startswith("http-basic.") and n + 2 < len(words):
            yield from value_span(words[n + 2].start, words[n + 2].text, "password")
        setting = setting or plain.lower().rpartition(":")[2] in SETTERS


def _is_setting(plain: str) -> bool:
    """`DB_PASSWORD`, `aws:secretKey`, `pypi-token.pypi`"""
    name = re.split(r"[/:]", plain)[-1]
    return is_secret_name(name) or name.partition(".")[0].endswith("token")


def _basic(name: str, value: Word) -> Iterator[Span]:
    """`--auth user:value`, whatever the program."""
    if name in BASIC_FLAGS and not value.text.startswith("-") and "/" not in value.plain:
        yield from value_after(value.start, value.text, ":", "password")


def _option(name: str, value: Word) -> Iterator[Span]:
    """The word after an option, unless that is an option as well (a quoted one is a password)."""
    if value.text.startswith("-") and re.match(r"--?[A-Za-z][\w-]*(?:=|$)|-$|--", value.plain):
        return
    if _ATTACHED_PASSWORD.fullmatch(name) or not _is_secret(name.strip("/:"), value.plain):
        return
    if len(value.plain) > 2 or not value.plain.isdigit():
        yield from value_span(value.start, value.text, "value of a secret name")


def _pair(name: str, value: Word) -> Iterator[Span]:
    if re.fullmatch(r"[\w.\"'-]+", name) and _is_secret(name, value.plain):
        text = _TRAILING.sub("", value.text)
        yield from value_span(value.start, text, "value of a secret name")


def _field(words: list[Word], n: int) -> Iterator[Span]:
    """`X-Api-Key: value`, `password: value`; the last word, so that prose is left alone."""
    word, value = words[n], words[n + 1]
    quoted = word.text[0] in "\"'\\{"
    listed = n == 1 and words[0].plain == "-"  # - password: value, in YAML
    if n and not quoted and not listed and not re.search(r"[-_]", word.plain):
        return
    if n + 2 == len(words) or value.text.endswith(","):
        yield from _pair(word.plain.strip("{\"',:"), value)
