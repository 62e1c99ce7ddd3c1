"""Secrets that can be told by where they stand: after a flag, a name, or in a pipe.

Standard library only; linear in the length of the text.
"""

import re
from collections.abc import Callable, Iterator

from backend.redaction.names import is_secret_name, is_weak_name, looks_random
from backend.redaction.programs import MESSAGES, NOT_VALUES, SETTERS
from backend.redaction.shapes import Span
from backend.redaction.shell_words import Command, Word, commands, interiors, unquoted
from backend.redaction.usages import flags, logins, operands, piped, value_span

# Quotes in quotes in a substitution … are looked into this deep.
_DEPTH = 4

# None of the rules below can apply to a command that holds none of these.
_HINTS = [
    *(
        "pass pwd secret token key auth cred psk jwt sess sid= login curl mysql mariadb mycli "
        "redis valkey ldap openssl sqlcmd bcp mongo zip 7z rar snmp smb rpcclient wmic ftp "
        "etcdctl skopeo twine http xh rabbit ipmi mosquitto cqlsh cypher rdesktop freerdp user "
        "wpa_ vault sudo mc bw net literal value sqlplus rman dp ldr beeline obscure unlock "
        "kinit exec sqlline @ .py oathtool travis miniserve lwp ss- crackmap nxc olevba uv "
        "fs_cli memtier opw upw"
    ).split(),
    " -p ",
]

_LONGEST_WEAK = 512
_NAME = re.compile(r"""(?<![\w.$-])([\w.-]{2,64})\\?["']?(=>|:=|=|:)(?!=|//)""")
_NEXT_FIELD = re.compile(r"[,&;][\w.-]{1,64}[=:]|[&]")
_CLOSING = re.compile(r"[,&;})\]]|\\?[\"']")
_ATTACHED_PASSWORD = re.compile(r"-[a-z]{1,2}pass(?:word|wd)?")
_SED = re.compile(r"[\d,$]{0,16}s([/#@!,])")
_TRAILING = re.compile(r"[,;})\]]+$")


def arguments(text: str) -> Iterator[Span]:
    """Start, end and kind of each secret that its place gives away; they may overlap."""
    yield from _scan(text, 0, _DEPTH)


def _scan(text: str, base: int, depth: int) -> Iterator[Span]:
    lower = text.lower()
    if not any(hint in lower for hint in _HINTS):
        return
    found = commands(text, base)
    for n, command in enumerate(found):
        yield from _command(command)
        if n + 1 < len(found):
            yield from piped(command, found[n + 1])
        if depth and not _is_message(command):
            for word in command.words:
                for start, inner in interiors(word.text, word.start):
                    yield from _scan(inner, start, depth - 1)


def _is_message(command: Command) -> bool:
    """`git commit -m "Add --password option"`: prose, in which only shapes are looked for."""
    plains = [word.plain for word in command.words[:4]]
    return plains[:1] == ["git"] and not MESSAGES.isdisjoint(plains)


def _command(command: Command) -> Iterator[Span]:
    words = command.words
    plains = [word.plain for word in words]
    for word in words:
        if plains[0] != "alias":  # what an alias stands for is a command, and looked into
            yield from _assignments(word)
    yield from _named(words, plains)
    yield from flags(words, plains)
    yield from operands(words, plains)
    yield from logins(words, plains)


def _is_secret(name: str, plain: str) -> bool:
    return is_secret_name(name) or (is_weak_name(name) and looks_random(plain))


def _assignments(word: Word) -> Iterator[Span]:
    """NAME=value, --name=value, name=value&…, {"name":"value"} … inside one word."""
    text = word.text
    if "=" not in text and ":" not in text:
        return
    # What stands in quotes is found again, and better, when those are looked into.
    bare = _outside(text)
    sed = _SED.match(text)
    match = _NAME.search(text)
    while match:
        resume = match.end()
        strong = is_secret_name(match[1])
        if bare(match.start(2)) and (strong or is_weak_name(match[1])):
            # A weak name takes a short look, a strong one all there is and goes on after it:
            # that keeps a word full of names linear.
            rest = text[resume:] if strong else text[resume : resume + _LONGEST_WEAK]
            value = _assigned(rest, match.start(), sed[1] if sed else "")
            plain = unquoted(value)
            if (strong or looks_random(plain)) and not _is_tag(match, plain):
                yield from value_span(word.start + resume, value, "value of a secret name")
                resume += len(value)
        match = _NAME.search(text, resume)


def _outside(text: str) -> Callable[[int], bool]:
    """Whether a place of `text` is outside its quotes; to be asked in rising order."""
    spans = interiors(text, 0)
    start, inner = next(spans, (len(text), ""))

    def bare(place: int) -> bool:
        nonlocal start, inner
        while place >= start + len(inner) and inner:
            start, inner = next(spans, (len(text), ""))
        return place < start

    return bare


def _is_tag(match: re.Match[str], plain: str) -> bool:
    """token:1.0, the tag of an image or the key of a record, is no assignment."""
    if match[2] != ":" or match[0][-2] in "\"'":
        return False
    return len(plain) < 6 or not re.search(r"[-_]", match[1])


def _assigned(rest: str, name_start: int, sed: str) -> str:
    """How much of `rest`, which follows `name=`, is the value."""
    if rest.startswith('\\"'):
        end = rest.find('\\"', 2)
        return rest[: end + 2] if end > 0 else rest
    if rest[:1] in ("'", '"'):
        end = rest.find(rest[0], 1)
        return rest[: end + 1] if name_start and end > 0 else rest
    if sed:
        return rest.partition(sed)[0]
    stop = _CLOSING.search(rest) if name_start else _NEXT_FIELD.search(rest)
    return rest[: stop.start()] if stop else rest


def _named(words: list[Word], plains: list[str]) -> Iterator[Span]:
    """A name and its value as words: `--password x`, `password: x`, `set NAME x`, `name = x`."""
    setting, not_value = False, ""
    for n, plain in enumerate(plains[:-1]):
        after = words[n + 1]
        not_value = NOT_VALUES.get(plain, not_value)
        if plain.startswith("-"):
            if re.fullmatch(r"--?[\w.-]{3,64}", plain) and plain != not_value:
                yield from _option(plain, after)
        elif plain.endswith(":"):
            yield from _field(words, n)
        elif plains[n + 1] in ("=", ":=", ":") and n + 2 < len(words) and plains[0] != "[":
            yield from _pair(plain, words[n + 2])
        elif setting and is_secret_name(re.split(r"[/:]", plain)[-1]):
            yield from _option(plain, after)
        setting = setting or plain in SETTERS


def _option(name: str, value: Word) -> Iterator[Span]:
    if value.plain.startswith("-") or _ATTACHED_PASSWORD.fullmatch(name):
        return
    if not _is_secret(name, value.plain):
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
    if n and not quoted and not re.search(r"[-_]", word.plain):
        return
    if n + 2 == len(words) or value.text.endswith(","):
        yield from _pair(word.plain.strip("{\"',:"), value)
