"""Secrets after a name inside one word: NAME=value, --name=value, name=value&…, {"name":"value"}.

Standard library only; linear in the length of the word.
"""

import re
from collections.abc import Callable, Iterator

from backend.redaction.formats import Span
from backend.redaction.names import is_secret_name, is_weak_name, looks_random
from backend.redaction.randomness import looks_typed
from backend.redaction.shell_words import Word, interiors, unquoted
from backend.redaction.usages import value_span

_LONGEST_WEAK = 512
_NAME = re.compile(
    r"""(?<![\w.$-])([\w.-]{2,64})(?:\[[\d@*]{0,8}\])?\\?["']?\]?(\+=|=>|:=|:-|:\+|=(?![=~])|:)(?!//)"""
)
_NEXT_FIELD = re.compile(r"(?<!\\)(?:[,&;][\w.-]{1,64}[=:]|[&])")
_CLOSING = re.compile(r"(?<!\\)[,&;})\]]|\\?[\"']")
# Where a value ends, by what the name before it follows: a form's fields, a connection string's …
_ENDS = {"&": re.compile("&"), "?": re.compile("[&#]"), ";": re.compile(";")}
_SED = re.compile(r"[\d,$]{0,16}s([/#@!,|])")
_DOUBLE_QUOTED = re.compile(r'"(?:[^"\\]|\\[\s\S])*+"')


def assignments(word: Word) -> Iterator[Span]:
    """The values in `word` that follow the name of a secret."""
    text = word.text
    if "=" not in text and ":" not in text:
        return
    # What stands in quotes is found again, and better, when those are looked into.
    bare = _outside(text)
    sed = _SED.match(text)
    match = _NAME.search(text)
    while match:
        resume = match.end()
        strong = is_secret_name(match[1]) or match[1] == "PWD"  # of a server: no path
        if bare(match.start(2)) and (strong or is_weak_name(match[1])):
            # A weak name takes a short look, a strong one all there is and goes on after it:
            # that keeps a word full of names linear.
            rest = text[resume:] if strong else text[resume : resume + _LONGEST_WEAK]
            value = _assigned(rest, text[: match.start()], sed[1] if sed else "")
            plain = unquoted(value)
            if (strong or looks_random(plain) or looks_typed(plain)) and not _is_tag(match, plain):
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
    """token:1.0, the tag of an image or the key of a record, is no assignment; /password:x is."""
    if match[2] != ":" or match[0][-2] in "\"'" or match.string[: match.start()] in ("/", "-"):
        return False
    return len(plain) < 6 or not re.search(r"[-_]", match[1])


def _assigned(rest: str, before: str, sed: str) -> str:
    """How much of `rest`, which follows `name=`, is the value; `before` precedes the name."""
    if rest.startswith('\\"'):
        end = rest.find('\\"', 2)
        return rest[: end + 2] if end > 0 else rest
    if rest[:1] == '"' and (quoted := _DOUBLE_QUOTED.match(rest)):
        return quoted[0] if before else rest
    if rest[:1] == "'":
        end = rest.find("'", 1)
        return rest[: end + 1] if before and end > 0 else rest
    if sed:
        return rest.partition(sed)[0]
    if before.endswith(("--", "-")) or not before:
        stop = _NEXT_FIELD.search(rest)
    else:
        stop = _ENDS.get(before[-1:], _CLOSING).search(rest)
    return rest[: stop.start()] if stop else rest
