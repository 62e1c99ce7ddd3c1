"""Values of options in plain words: `-mtime +2` is more than 2 days ago, `-f2` the second field.

The last word of a glossary key may have a hole, with letters before and after it as typed:

    find -size +{size}	bigger than {size}
    head -{n}	first {n} lines

The hole names what may stand there; in the phrase it becomes these words:

    n        a whole number                     5
    nth      places, as cut takes them          2 second; 1,3 first and third; 2- second to last
    days     a number of days                   2 days, 48 hours
    minutes  a number of minutes                60 minutes, 1 hour
    span     seconds, or another unit of time   90 seconds; 2h 2 hours, 120 minutes
    ago      a number and a unit of time        2.days.ago, 2d 2 days, 48 hours
    size     a number and a unit, as for find   100M 100 MB, megabytes
    mode     permissions, octal or in letters   644 owner read and write, group read, others read
    signal   a number or name                   9 kill by force
    port     a number                           5432 postgres
    mark     what separates                     , comma

A value that its type does not know has no words, and the phrase without it stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from backend.query import quantities

# A longer word is no value.
LONGEST = 24

_HOLE = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_SIZE = re.compile(r"(\d{1,12})([bcwkKMGT]?)B?", re.ASCII)
_SPAN = re.compile(r"[-+]?(\d{1,6})[. ]?([a-z]*?)(\.ago)?", re.ASCII)
_PLACES = re.compile(r"\d{1,3}(?:-\d{0,3})?(?:,\d{1,3}){0,3}", re.ASCII)
_OCTAL = re.compile(r"([0-7])?([0-7])([0-7])([0-7])", re.ASCII)
_LETTERS = re.compile(r"([ugoa]{0,4})([-+=])([rwxXst]{1,6})", re.ASCII)

_ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth".split()
_BLOCKS = {"c": "bytes", "b": "blocks", "w": "words", "": "blocks"}
_WHO = {"u": "owner", "g": "group", "o": "others", "a": "everybody", "": "everybody"}
_RIGHTS = {
    "r": "read", "w": "write", "x": "execute", "X": "execute directories",
    "s": "run as owner, setuid", "t": "sticky bit",
}  # fmt: skip
_SPECIAL = {"1": "sticky bit", "2": "setgid", "4": "setuid", "6": "setuid and setgid"}
_SIGNALS = {
    "0": "only test whether it runs", "1": "hang up, reload configuration",
    "2": "interrupt", "3": "quit with a core dump", "9": "force, immediately",
    "10": "user signal", "12": "user signal", "15": "gently, terminate",
    "17": "stop, pause, suspend", "18": "continue, resume", "19": "stop, pause, suspend",
}  # fmt: skip
_SIGNAL_NUMBERS = {
    "HUP": "1", "INT": "2", "QUIT": "3", "KILL": "9", "USR1": "10", "USR2": "12", "TERM": "15",
    "CONT": "18", "STOP": "19",
}  # fmt: skip
_PORTS = {
    "21": "ftp", "22": "ssh", "23": "telnet", "25": "mail, smtp", "53": "dns",
    "80": "web server, http", "110": "mail, pop3", "143": "mail, imap", "389": "ldap",
    "443": "web server, https", "445": "windows shares", "465": "mail, smtp",
    "587": "mail, smtp", "631": "printing, cups", "993": "mail, imap", "1883": "mqtt",
    "2049": "nfs", "2375": "docker", "3000": "development server", "3306": "mysql",
    "3389": "remote desktop", "5000": "development server", "5432": "postgres", "5672": "rabbitmq",
    "5900": "vnc", "6379": "redis", "6443": "kubernetes", "8000": "development server",
    "8080": "web server, http", "8443": "web server, https", "8888": "notebook",
    "9090": "prometheus", "9092": "kafka", "9200": "elasticsearch", "11211": "memcached",
    "27017": "mongo",
}  # fmt: skip
_MARKS = {
    ",": "comma", ":": "colon", ";": "semicolon", "|": "pipe", "/": "slash", ".": "dot",
    "-": "dash", "_": "underscore", "=": "equals sign", "\\t": "tab", "$\\t": "tab",
    "\\n": "newline", "$\\n": "newline", "@": "at sign", "#": "hash", "&": "ampersand",
    "+": "plus", "\\0": "null character", " ": "space", "%": "percent sign",
}  # fmt: skip


class Shape(NamedTuple):
    """A value as a key has it (`+{size}`) and the phrase that tells it."""

    before: str
    kind: str
    after: str
    phrase: str

    def told(self, word: str) -> str | None:
        """The phrase for this word; None if the word is not of the shape."""
        if len(word) > LONGEST or not word.startswith(self.before):
            return None
        value = word[len(self.before) :]
        if not value.endswith(self.after):
            return None
        words = KINDS[self.kind](value.removesuffix(self.after))
        return None if words is None else self.phrase.replace(f"{{{self.kind}}}", words)


def shape(word: str, phrase: str) -> Shape | None:
    """The shape that a key's last word is; None if it has no hole. KeyError for an unknown one."""
    hole = _HOLE.search(word)
    if hole is None:
        return None
    if hole[1] not in KINDS:
        raise KeyError(hole[1])
    return Shape(word[: hole.start()], hole[1], word[hole.end() :], phrase)


def _number(value: str) -> str | None:
    return value if _NUMBER.fullmatch(value) else None


def _nth(value: str) -> str | None:
    if not _PLACES.fullmatch(value):
        return None
    return " and ".join(map(_range, value.split(",")))


def _range(value: str) -> str:
    first, to, last = value.partition("-")
    if not to:
        return _ordinal(first)
    return f"{_ordinal(first)} to {_ordinal(last) if last else 'last'}"


def _ordinal(value: str) -> str:
    return _ORDINALS[int(value)] if int(value) < len(_ORDINALS) else f"{value}th"


def _days(value: str) -> str | None:
    if not _NUMBER.fullmatch(value):
        return None
    return ", ".join(quantities.span(int(value), "day"))


def _minutes(value: str) -> str | None:
    if not _NUMBER.fullmatch(value):
        return None
    return ", ".join(quantities.span(int(value), "minute"))


def _span(value: str) -> str | None:
    return _ago(f"{value}s" if _NUMBER.fullmatch(value) else value)


def _ago(value: str) -> str | None:
    found = _SPAN.fullmatch(value)
    unit = {"m": "minute", **quantities.SPAN_UNITS}.get(found[2]) if found else None
    return ", ".join(quantities.span(int(found[1]), unit)) if found and unit else None


def _size(value: str) -> str | None:
    sized = _SIZE.fullmatch(value)
    if not sized:
        return None
    count, unit = int(sized[1]), sized[2]
    return f"{count} {_BLOCKS[unit]}" if unit in _BLOCKS else quantities.size(count, unit.upper())


def _mode(value: str) -> str | None:
    octal = _OCTAL.fullmatch(value)
    if octal:
        special, *digits = octal.groups("")
        shares = "" if special and not any(map(int, digits)) else _shares(digits)
        return ", ".join(filter(None, (_SPECIAL.get(special), shares)))
    letters = [_LETTERS.fullmatch(part) for part in value.split(",")]
    return ", ".join(_change(part.groups()) for part in letters if part) or None


def _shares(digits: Sequence[str]) -> str:
    rights = [_rights(int(digit)) for digit in digits]
    if len(set(rights)) == 1:
        return f"everybody {rights[0]}"
    return f"owner {rights[0]}, group {rights[1]}, others {rights[2]}"


def _rights(digit: int) -> str:
    held = [name for bit, name in ((4, "read"), (2, "write"), (1, "execute")) if digit & bit]
    return " and ".join(held) or "nothing"


def _change(groups: tuple[str, ...]) -> str:
    who, sign, rights = groups
    verb = {"+": "let", "-": "do not let", "=": "only let"}[sign]
    people = " and ".join(_WHO[letter] for letter in who or "a")
    return f"{verb} {people} {' and '.join(_RIGHTS[letter] for letter in rights)}"


def _signal(value: str) -> str | None:
    name = value.upper().removeprefix("SIG")
    return _SIGNALS.get(_SIGNAL_NUMBERS.get(name, value))


KINDS: dict[str, Callable[[str], str | None]] = {
    "n": _number,
    "nth": _nth,
    "days": _days,
    "minutes": _minutes,
    "span": _span,
    "ago": _ago,
    "size": _size,
    "mode": _mode,
    "signal": _signal,
    "port": _PORTS.get,
    "mark": _MARKS.get,
}
