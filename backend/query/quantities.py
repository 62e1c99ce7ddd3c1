"""Numbers with their units, whatever their form: "two days", 2d and 48h are the same span.

    quantity  number unit, with or without a blank, dot or dash between:   2 days, 2d, 100 MB, 100M
    number    digits, or in words up to thousands: two, twenty four, a hundred, three dozen;
              "a", "an" and "half an" before a unit that is spelt out
    unit      of time: seconds, minutes, hours, days, weeks, months, years; s, min, h, d, w, y
              of size: kilobytes, megabytes, gigabytes, terabytes; KB, K, MB, M, GB, G, TB, T

A lone M behind a number is mega in either case, for minutes are seldom written so. From two on, a
number in words counts without a unit, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_GREAT = {"dozen": 12, "hundred": 100, "thousand": 1000}
_NUMBERS = _GREAT | {
    word: number
    for first, step, words in (
        (0, 1, "zero one two three four five six seven eight nine ten eleven twelve thirteen"),
        (14, 1, "fourteen fifteen sixteen seventeen eighteen nineteen"),
        (20, 10, "twenty thirty forty fifty sixty seventy eighty ninety"),
    )
    for number, word in zip(range(first, 100, step), words.split(), strict=False)
}

# Seconds of each unit, and how many of it people say at most for what has a name in smaller ones.
_SPANS = {
    "second": (1, 0),
    "minute": (60, 60),
    "hour": (3600, 48),
    "day": (86400, 48),
    "week": (7 * 86400, 4),
    "month": (30 * 86400, 4),
    "year": (365 * 86400, 4),
}
# The unit below, in which people say up to so many: 3 days are 72 hours.
_BELOW, _FEW = {"hour": "minute", "day": "hour", "week": "day"}, 3
SPAN_UNITS = {
    "s": "second", "sec": "second", "secs": "second", "min": "minute", "mins": "minute",
    "h": "hour", "hr": "hour", "hrs": "hour", "d": "day", "w": "week", "y": "year", "yr": "year",
    **{f"{name}{end}": name for name in _SPANS for end in ("", "s")},
}  # fmt: skip
_SIZES = {"K": "kilobyte", "M": "megabyte", "G": "gigabyte", "T": "terabyte"}
_SIZE_UNITS = {
    spelt: letter
    for letter, name in _SIZES.items()
    for spelt in (
        *(f"{letter}{end}".lower() for end in ("", "b", "ib")),
        *(name, f"{name}s"),
    )
} | {"meg": "M", "megs": "M", "gig": "G", "gigs": "G"}


def _any(words: Iterator[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_NUMBER = _any(iter(_NUMBERS))
_UNIT = _any(iter(SPAN_UNITS | _SIZE_UNITS))
_SPELT = _any(unit for unit in SPAN_UNITS | _SIZE_UNITS if len(unit) > 3)
# Not within a word, a path or another number: `a2d`, `/2d`, `1.2d`, `-2`.
_QUANTITY = re.compile(
    rf"(?<![\w./+-])(?:(?P<digits>\d{{1,6}})[ .-]?(?P<unit>{_UNIT})"
    rf"|(?P<words>(?:(?:a|{_NUMBER})[ -])?(?:{_NUMBER}))(?:[ -](?P<after>{_UNIT}))?"
    rf"|(?P<one>an?|half an) (?P<spelt>{_SPELT}))(?![\w/-])",
    re.IGNORECASE,
)


def span(count: int, unit: str) -> list[str]:
    """A span in words, in its own unit first: `2 days`, `48 hours`. unit: second to year."""
    length, _ = _SPANS[unit]
    told = [_many(count, unit)]
    if unit in _BELOW and 0 < count <= _FEW:
        below = _BELOW[unit]
        told.append(_many(count * length // _SPANS[below][0], below))
    for other, (seconds, most) in _SPANS.items():
        whole, rest = divmod(count * length, seconds)
        if seconds > length and not rest and 0 < whole <= most:
            told.append(_many(whole, other))
    return told


def size(count: int, letter: str) -> str:
    """A size in words: `100 MB, megabytes`. letter: one of KMGT."""
    return f"{count} {letter}B, {_SIZES[letter]}s"


def spoken(text: str) -> str:
    """The text with its quantities in words: `48h` is `48 hours, 2 days`."""
    return _QUANTITY.sub(lambda match: ", ".join(_told(*_read(match)) or [match[0]]), text)


def unspoken(text: str) -> str:
    """The text without its quantities."""
    return _QUANTITY.sub(" ", text)


def fixed(text: str) -> str:
    """The text without those of its quantities that commands may write with another number."""
    return _QUANTITY.sub(lambda match: " " if len(_told(*_read(match))) > 1 else match[0], text)


def words(text: str) -> list[str]:
    """Words by which commands may have the quantities of a text: `2d`, `2`, `48h` and `48`."""
    found: list[str] = []
    for match in _QUANTITY.finditer(text):
        for told in _told(*_read(match)):
            number, _, unit = told.lower().partition(" ")
            found += [f"{number}{unit[:1]}", number]
    return list(dict.fromkeys(found))


def _many(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _told(number: int, unit: str) -> list[str]:
    """The same quantity with each of its numbers; nothing for one thing without a unit."""
    if unit in SPAN_UNITS:
        return span(number, SPAN_UNITS[unit])
    if unit:
        return [size(number, _SIZE_UNITS[unit])]
    return [str(number)] if number > 1 else []


def _read(match: re.Match[str]) -> tuple[int, str]:
    """Number and unit, which may be empty; half an hour is 30 minutes."""
    unit = (match["unit"] or match["after"] or match["spelt"] or "").lower()
    if match["digits"]:
        return int(match["digits"]), unit
    if match["one"]:
        is_half = match["one"].lower() == "half an"
        return (30, "minutes") if is_half and unit == "hour" else (1, unit)
    *before, last = re.split("[ -]", match["words"].lower())
    number = _NUMBERS[last]
    if before and before[0] != "a":
        first = _NUMBERS[before[0]]
        number = first * number if last in _GREAT else first + number
    return number, unit
