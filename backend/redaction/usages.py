"""Secrets that a program's own flags, operands or input hold: the rules over PROGRAMS.

Standard library only; linear in the length of the command.
"""

import re
from collections.abc import Iterator
from itertools import dropwhile

from backend.redaction.formats import Span
from backend.redaction.names import is_secret_name, is_value, looks_random
from backend.redaction.programs import (
    ATTACHED,
    BY_NAME,
    NOT_VALUES,
    ORACLE,
    OTHER_MEANINGS,
    PASSWORD_FLAGS,
    POSITIONS,
    PREFIXES,
    READERS,
    SPACED,
    STORES,
    TEXT_PROGRAMS,
    USER_FLAGS,
    VALUE,
)
from backend.redaction.randomness import looks_typed
from backend.redaction.shell_words import Command, Word, inside_quotes, unquoted

_PORTS = re.compile(r"(?:[\d.]+:){1,2}\d+(?:/\w+)?|\d+-\d+(?::\d+-\d+)?|\d{1,5}")
# Not npm:lodash@4.17 and the like, which name a package and its version.
_LOGIN = re.compile(
    r"""(?!(?:npm|jsr|node|file|git|github|gitlab|pkg|workspace|docker|oci):)
    ['"]?(?:[\w.-]{1,64}/)?[\w.-]{1,64}:["']?([^@\s/:'"$]{1,128})["']?
    (@(?!(?:v?\d+(?:\.\d+){0,2}|latest|next)$)(?!sha256)[\w.-]{1,255}(?::\d{1,5})?(?:/[\w-]*)?)?['"]?""",
    re.VERBOSE,
)
_WRITERS = frozenset(("echo", "printf", "yes", "print"))
_VERB = re.compile(r"[-+]{0,2}(?:login|signin|sign-in|authenticate|logon)")
_NO_PASSWORD = re.compile(r"\.[a-z]\w{1,4}$|[:,\s]")  # a file, ports, prose
_SHORT_SECRET = re.compile(r"-[pP]|-pw")


# The rows of the tables by the word that they begin with.
_POSITIONS = {
    first: [row for row in POSITIONS if row[0][0] == first]
    for first in {row[0][0] for row in POSITIONS}
}
_STORES = {
    first: [row for row in STORES if row[0] == first] for first in {row[0] for row in STORES}
}
_READERS = {
    first: [row for row in READERS if row[0] == first] for first in {row[0] for row in READERS}
}


def value_span(start: int, text: str, kind: str) -> Iterator[Span]:
    """The span of a value written as `text` at `start`, unless it can be no secret."""
    if is_value(text, unquoted(text)):
        yield *inside_quotes(start, text), kind


def value_after(start: int, text: str, separator: str, kind: str) -> Iterator[Span]:
    """The same for what follows the first `separator` in a value, as in user:password."""
    inner_start, inner_end = inside_quotes(start, text)
    inner = text[inner_start - start : inner_end - start]
    head, found, tail = inner.partition(separator)
    if not found or "${" in head:
        return
    literal = inner_start > start and text[inner_start - start - 1] == "'"
    # Within single quotes a dollar sign is one.
    if is_value(f"'{tail}'" if literal else tail, tail if literal else unquoted(tail)):
        place = inner_start + len(head) + 1
        yield (place, inner_end, kind) if literal else (*inside_quotes(place, tail), kind)


def flags(words: list[Word], plains: list[str]) -> Iterator[Span]:
    """What PROGRAMS says: from the name of a program on, its flags count."""
    active: dict[str, str] = {}
    prefixes: tuple[str, ...] = ()
    for n, plain in enumerate(plains):
        name = plain.rpartition("/")[2]
        if plain.startswith("-") and active:
            yield from _flag(words, plains, n, active)
        elif name in BY_NAME:
            for program in BY_NAME[name]:
                if not program.needs or program.needs in plains:
                    active = {**active, **program.flags}
        elif prefixes and plain.startswith(prefixes):
            separator = next(p for p in prefixes if plain.startswith(p))[-1]
            yield from value_after(
                words[n].start, words[n].text, separator, "value of a secret flag"
            )
        prefixes = PREFIXES.get(name, prefixes)


def _flag(words: list[Word], plains: list[str], n: int, active: dict[str, str]) -> Iterator[Span]:
    """The secret in the flag that is word `n`, or in the word after it."""
    form, start, text = _flag_value(words, plains[n], n, active)
    if not text or (_PORTS.fullmatch(text) and not text.isdigit()):
        return
    if form in (VALUE, SPACED, ATTACHED):
        yield from value_span(start, text, "value of a secret flag")
    elif form:
        yield from value_after(start, text, form, "value of a secret flag")


def _flag_value(
    words: list[Word], plain: str, n: int, active: dict[str, str]
) -> tuple[str, int, str]:
    """Form, start and text of the value of the flag that is word `n`."""
    word, form = words[n], active.get(plain, "")
    if re.fullmatch(r"-[a-zA-Z]{1,8}[uU]", plain):
        form = active.get(f"-{plain[-1]}", "")  # curl -su user:password
    if form:
        if form == ATTACHED or n + 1 == len(words) or _is_flag(words[n + 1]):
            return "", 0, ""
        return form, words[n + 1].start, words[n + 1].text
    if plain.startswith("--"):
        flag, _, text = word.text.partition("=")
        return active.get(flag, ""), word.start + len(flag) + 1, text
    flag = plain[:3] if plain[:3] in active else plain[:2]
    form = active.get(flag, "")
    skip = len(flag) + (form == VALUE and word.text[len(flag) : len(flag) + 1] == "=")
    return "" if form == SPACED else form, word.start + skip, word.text[skip:]


def _is_flag(word: Word) -> bool:
    """Whether a word is an option; quoted ones that begin so are passwords."""
    return (
        word.text.startswith("-") and re.match(r"--?[A-Za-z][\w-]*(?:=|$)", word.plain) is not None
    )


def _follows(plains: list[str], pattern: tuple[str, ...]) -> int:
    """The index after the words of `pattern`, found in their order; 0 if they are not there."""
    n = 0
    for want in pattern:
        try:
            n = plains.index(want, n) + 1
        except ValueError:
            return 0
    return n


def operands(words: list[Word], plains: list[str]) -> Iterator[Span]:
    """Arguments that are secrets by their place: POSITIONS, STORES, htpasswd -b, ORACLE."""
    for pattern, place in (row for word in _POSITIONS.keys() & plains for row in _POSITIONS[word]):
        if n := _follows(plains, pattern):
            rest = list(_operands(words[n:]))
            if -len(rest) <= place < len(rest) and not re.match("[a-z_-]{3,32}=", rest[place].text):
                yield from value_span(rest[place].start, rest[place].text, "password")
    for pattern in (row for word in _STORES.keys() & plains for row in _STORES[word]):
        if n := _follows(plains, pattern):
            for word in words[n:]:
                yield from value_after(word.start, word.text, "=", "value in a secret store")
    if "htpasswd" in plains:
        yield from _htpasswd(words, plains)
    if not ORACLE.isdisjoint(plains):
        yield from _oracle(words)


def _htpasswd(words: list[Word], plains: list[str]) -> Iterator[Span]:
    """`htpasswd -b FILE USER PASSWORD`, or with -n, which prints, `htpasswd -nb USER PASSWORD`."""
    options = "".join(plain for plain in plains if re.fullmatch(r"-[a-zA-Z]+", plain))
    rest = [w for w in words[plains.index("htpasswd") + 1 :] if not w.text.startswith("-")]
    place = 1 if "n" in options else 2
    if "b" in options and len(rest) > place:
        yield from value_span(rest[place].start, rest[place].text, "password")


def _oracle(words: list[Word]) -> Iterator[Span]:
    for word in words:
        if match := re.fullmatch(r"""['"]?[\w.]+/("?[^@/]+)(?:@.*)?""", word.text):
            yield word.start + match.start(1), word.start + match.end(1), "password"


def _operands(words: list[Word]) -> Iterator[Word]:
    """Words that are neither options nor, after a long option without `=`, its value."""
    before = ""
    for word in words:
        option = word.text.startswith(("-", "/u", "/add", "/del"))
        valued = before.startswith("--") and "=" not in before and before != "--raw"
        if not option and not valued:
            yield word
        before = word.plain


def logins(words: list[Word], plains: list[str]) -> Iterator[Span]:
    """`-u NAME -p SECRET` side by side, `tool login NAME SECRET`, user:SECRET@host and the like."""
    asks = any(plain in NOT_VALUES for plain in plains)
    for n, word in enumerate(words):
        if n > 2 and plains[n - 1] in PASSWORD_FLAGS and not (asks or _is_flag(words[n - 2])):
            named = plains[n - 3] in USER_FLAGS or plains[n - 3] == "-e"
            if named and "://" not in plains[n - 2] and not _PORTS.fullmatch(word.plain):
                yield from value_span(word.start, word.text, "password")
        if match := _LOGIN.fullmatch(word.text):
            # Without a host only impacket's scripts mean that; `./x.py module:app` does not.
            impacket = plains[0].endswith(".py") and (
                "/" in word.text or plains[n - 1] == "-hashes"
            )
            impacket = impacket or plains[:2] == ["bundle", "config"] or plains[n - 1] == "digest"
            if (match[2] or impacket) and is_value(match[1], match[1]) and not match[1].isdigit():
                yield word.start + match.start(1), word.start + match.end(1), "password"
    yield from _signed_in(words, plains)


def _signed_in(words: list[Word], plains: list[str]) -> Iterator[Span]:
    """What follows the verb `login`: its short flags for a secret, or NAME SECRET."""
    verb = next((n for n, plain in enumerate(plains[:5]) if n and _VERB.fullmatch(plain)), 0)
    if not verb or plains[0] in ("git", "grep", "cd", "man", "ssh", "echo", "ls", "cat", "vim"):
        return
    for n in range(verb + 2, len(words)):
        if _SHORT_SECRET.fullmatch(plains[n - 1]) and not _is_flag(words[n]):
            yield from value_span(words[n].start, words[n].text, "password")
    rest = [word for word in words[verb + 1 :] if word.plain[:1] not in "-+"]
    if len(rest) == 2 and words[verb + 1 : verb + 3] == rest and "://" not in rest[0].plain:
        yield from value_span(rest[1].start, rest[1].text, "password")
    elif len(rest) == 1 and looks_random(rest[0].plain) and "." not in rest[0].plain:
        yield from value_span(rest[0].start, rest[0].text, "password")


def typed(words: list[Word], plains: list[str]) -> Iterator[Span]:
    """What looks like a password where one may stand in any program: behind a name, `-p VALUE`,
    `-x name:VALUE`.
    """
    options = plains[0] not in OTHER_MEANINGS
    for n, word in enumerate(words[1:], 1):
        before = plains[n - 1]
        if _is_told(before) and looks_typed(word.plain):
            yield from value_span(word.start, word.text, "value of a secret name")
        elif options and n > 1 and before.startswith("-"):
            yield from _typed_option(before, word)


def _typed_option(name: str, word: Word) -> Iterator[Span]:
    user, colon, value = word.plain.rpartition(":")
    if not looks_typed(value) or _NO_PASSWORD.search(value):
        return
    if user.isidentifier():
        yield from value_after(word.start, word.text, ":", "password")
    elif not colon and name in PASSWORD_FLAGS:
        yield from value_span(word.start, word.text, "password")


def _is_told(plain: str) -> bool:
    return is_secret_name(re.split("[/:]", plain.rstrip(":"))[-1])


def piped(command: Command, after: Command) -> Iterator[Span]:
    """`echo SECRET | sudo -S …`, `chpasswd <<< user:SECRET` and the like."""
    if command.operator in ("|", "|&") and not _reads_secret(after):
        if len(command.words) == 2 and command.words[0].plain in _WRITERS:
            yield from _typed_input(command.words[1], after)
    elif command.operator in ("|", "|&"):
        if command.words and command.words[0].plain in _WRITERS:
            chpasswd = any(word.plain == "chpasswd" for word in after.words)
            for word in command.words[1:]:
                yield from _input(word, chpasswd)
    elif command.operator == "<<<" and after.words:
        word = after.words[0]
        if _reads_secret(command):
            yield from _input(word, any(w.plain == "chpasswd" for w in command.words))
        else:
            yield from _typed_input(word, command)


def _typed_input(word: Word, reader: Command) -> Iterator[Span]:
    """A word that looks like a password, given to a program that is not known to read text."""
    if looks_typed(word.plain) and reader.words and reader.words[0].plain not in TEXT_PROGRAMS:
        yield from value_span(word.start, word.text, "password")


def _input(word: Word, with_user: bool) -> Iterator[Span]:
    if with_user:
        yield from value_after(word.start, word.text, ":", "password")
    elif not re.fullmatch(r"-[neE]{1,3}|--|%s(?:\\n)?", word.plain):
        yield from value_span(word.start, word.text, "password")


def _reads_secret(command: Command) -> bool:
    plains = [word.plain for word in command.words]
    plains[:1] = [plain.rpartition("/")[2] for plain in plains[:1]]
    # sudo -kS and the like ask for the password on the standard input.
    plains += ["-S" for plain in plains if re.fullmatch(r"-[a-zA-Z]*S[a-zA-Z]*|--stdin", plain)]
    while plains and plains[0] in ("sudo", "doas", "tee", "xargs", "env") and "-S" not in plains:
        plains = list(dropwhile(lambda plain: plain.startswith("-"), plains[1:]))
    if len(plains) > 1 and _VERB.fullmatch(plains[1]):
        return True
    if plains[:1] == ["read"]:
        return is_secret_name(plains[-1])
    return any(
        _follows(plains, pattern) and (pattern[0].startswith("-") or plains[0] == pattern[0])
        for word in _READERS.keys() & plains
        for pattern in _READERS[word]
    )
