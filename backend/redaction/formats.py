"""Tokens that a provider's format gives away, wherever they stand: the table in formats.tsv.

Standard library only. One pass over the text finds where words begin; only a word that begins
as a format does is looked at with that format's own pattern. All patterns take linear time.
"""

import functools
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Span = tuple[int, int, str]

_ALPHABETS = {
    "a": "A-Za-z0-9",
    "l": "a-z0-9",
    "u": "A-Z0-9",
    "d": "0-9",
    "h": "0-9a-f",
    "x": "0-9A-Fa-f",
    "w": r"\w",
    "b": r"\w-",
    "t": r"\w~.=-",
    "s": "A-Za-z0-9+/",
    "e": r"\w+/=-",
    "p": "A-Za-z0-9%",
    "v": r"\w~.,:@%&=?+/-",
}
_PIECE = re.compile(r"\{([a-z])(\d+)(?:-(\d+))?(\+?)(!?)\}")
_LONGEST = 4096

# Where a word of twelve characters or more begins (also after the \n of a printf).
_STARTS = re.compile(r"(?:(?<![A-Za-z0-9_])|(?<=\\[nrt]))(\w\S)(?=\S{10})", re.ASCII)
_BOUNDARY = r"(?<![\w/+-])"

# GitHub's tokens and npm's end in a CRC-32 of what is before it, so they are known inside words.
_CHECKED = re.compile(r"(?:gh[pousr]|npm)_([A-Za-z0-9]{30})([A-Za-z0-9]{6})")
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of token: what it begins with (after `…`: what it holds), and the rest."""

    kind: str
    prefix: str
    body: str


def table() -> list[Format]:
    """The formats of formats.tsv, one for each prefix."""
    lines = Path(__file__).with_name("formats.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [Format(kind, prefix, body) for kind, many, body in rows for prefix in many.split()]


def _by_start(formats: list[Format]) -> dict[str, list[Format]]:
    """The formats by the first two characters of a token, or the one that the prefix has."""
    found: dict[str, list[Format]] = {}
    for format in formats:
        found.setdefault(format.prefix[:2], []).append(format)
    return {start: sorted(some, key=_strictest) for start, some in found.items()}


def _strictest(format: Format) -> tuple[int, int]:
    return -len(format.prefix), -len(format.body)


_TABLE = table()
_HOLDING = [format for format in _TABLE if format.prefix.startswith("…")]
_BY_START = _by_start([format for format in _TABLE if not format.prefix.startswith("…")])


@functools.cache
def _pattern(format: Format) -> re.Pattern[str]:
    """The pattern of a whole token; compiled at its first use, for there are hundreds."""
    body = "".join(_pieces(format.body))
    if format.prefix.startswith("…"):
        return re.compile(_BOUNDARY + body, re.ASCII)
    return re.compile(re.escape(format.prefix) + body, re.ASCII)


def _pieces(body: str) -> Iterator[str]:
    done = 0
    for match in _PIECE.finditer(body):
        yield re.escape(body[done : match.start()])
        done = match.end()
        letter, least, most, open_ended, ends = match.groups()
        alphabet = f"[{_ALPHABETS[letter]}]"
        if ends:
            yield f"{alphabet}{{{least},{most or least}}}+(?!{alphabet})"
        elif open_ended or done == len(body):  # a token that has grown since is one as well
            yield f"{alphabet}{{{least},{_LONGEST}}}+"
        else:
            yield f"{alphabet}{{{least},{most or least}}}+"
    yield re.escape(body[done:])


def formatted(text: str) -> Iterator[Span]:
    """Start, end and kind of each token in `text` that has a documented format."""
    done = 0
    for match in _STARTS.finditer(text):
        if match.start() < done:
            continue
        for format in _candidates(match[1]):
            found = text.startswith(format.prefix, match.start()) and _pattern(format).match(
                text, match.start()
            )
            if found:
                done = found.end()
                if _is_filled(found[0][len(format.prefix) :]):
                    yield *found.span(), format.kind
                break
    for format in _HOLDING:
        if format.prefix[1:] in text:
            for found in _pattern(format).finditer(text):
                yield *found.span(), format.kind
    if "gh" in text or "npm_" in text:
        yield from _checked(text)


def _candidates(start: str) -> list[Format]:
    exact, one = _BY_START.get(start), _BY_START.get(start[0])
    return [*(exact or ()), *(one or ())]


def _is_filled(body: str) -> bool:
    """Not a placeholder in words, as in sk_test_your_key_goes_here."""
    return (
        any(char.isdigit() for char in body)
        or not (body.islower() or body.isupper())
        or not re.search("[-_.]", body)
    )


def _checked(text: str) -> Iterator[Span]:
    for match in _CHECKED.finditer(text):
        if checksum(match[1]) == match[2]:
            yield *match.span(), "github token" if match[0].startswith("gh") else "npm token"


def checksum(body: str) -> str:
    """The last six characters of a GitHub or npm token: CRC-32 of the others, in base 62."""
    rest, digits = zlib.crc32(body.encode()), ""
    while rest:
        rest, digit = divmod(rest, 62)
        digits = _BASE62[digit] + digits
    return digits.rjust(6, "0")
