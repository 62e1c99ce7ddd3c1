"""One value of a TOML file set or taken out, every other byte of it left as it is.

tomllib only reads. This finds the line of a name and the extent of its value, and trusts nothing:
what comes out is read again, and has to be the old table with that one change.
"""

import copy
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_HEADER = re.compile(r"[ \t]*\[[ \t]*([A-Za-z0-9_.\- \t]*?)[ \t]*\][ \t]*(?:#.*)?")
# Comments about the file, behind which a first line of it goes.
_HEAD = re.compile(r"(?:#[^\n]*\n)+(?:[ \t]*\n|\Z)")
_KEY = re.compile(r"[ \t]*([A-Za-z0-9_-]+)[ \t]*=[ \t]*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' + r"'''.*?'{3,5}" + r"|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'", re.DOTALL
)


class NotEdited(ValueError):
    """The file writes this in a form that is not edited here."""


@dataclass(frozen=True)
class _Place:
    """Where in the text the value of a name stands, and the line that it is on, to its end."""

    start: int
    end: int
    line_start: int
    line_end: int


def changed(text: str, name: str, value: object) -> str:
    """`text` with `name`, which may be dotted, set to `value`; None takes it out.

    Raises NotEdited, or TOMLDecodeError if `text` is no TOML.
    """
    before = tomllib.loads(text)
    *section, key = name.split(".")
    place, room = _find(text, ".".join(section), key)
    if value is None:
        if place is None:
            return text
        after = text[: place.line_start] + text[place.line_end :]
    elif place is not None:
        after = text[: place.start] + written(value) + text[place.end :]
    else:
        after = _added(text, room, ".".join(section), f"{key} = {written(value)}\n")
    try:
        same = tomllib.loads(after) == _expected(before, name, value)
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        raise NotEdited(name)
    return after


def written(value: object) -> str:
    """A value as TOML has it: true or false, a number, a string, a list of those."""
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    # TOML's basic strings are JSON's, but for DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _expected(before: Mapping[str, Any], name: str, value: object) -> dict[str, Any]:
    after: dict[str, Any] = copy.deepcopy(dict(before))
    table = after
    *section, key = name.split(".")
    for part in section:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            raise NotEdited(name)
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value
    return after


def _added(text: str, room: int | None, section: str, line: str) -> str:
    """With a line more: behind the last of its section, or in a section of its own at the end."""
    if room is None:
        if text and not text.endswith("\n"):
            text += "\n"
        blank = "\n" if text else ""
        return f"{text}{blank}[{section}]\n{line}"
    if room and text[room - 1] != "\n":
        line = "\n" + line
    elif not section and text[room:].lstrip(" \t").startswith("["):
        line += "\n"
    return text[:room] + line + text[room:]


def _find(text: str, section: str, key: str) -> tuple[_Place | None, int | None]:
    """Where the value of a key of this section stands; and where a new line of the section can."""
    found: _Place | None = None
    present, at = "", 0
    head = _HEAD.match(text)
    room = None if section else head.end() if head else 0
    while at < len(text):
        end = _line_end(text, at)
        if header := _HEADER.fullmatch(text, at, end):
            present = ".".join(part.strip() for part in header[1].split("."))
            at = min(end + 1, len(text))
            room = at if present == section else room
        elif match := _KEY.match(text, at, end):
            stop = _value_end(text, match.end())
            line_end = min(_line_end(text, stop) + 1, len(text))
            if present == section:
                room = line_end
                if match[1] == key:
                    found = _Place(match.end(), stop, at, line_end)
            at = line_end
        else:
            at = min(_past(text, at) + 1, len(text))
    return found, room


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _past(text: str, at: int) -> int:
    """The end of a line that holds something else, a value of several lines included."""
    if text[at : _line_end(text, at)].lstrip(" \t").startswith("#"):
        return _line_end(text, at)
    return _line_end(text, _value_end(text, at))


def _value_end(text: str, at: int) -> int:
    """Behind the value that begins here: at a comment, a line's end, outside of any bracket."""
    depth, end = 0, at
    while at < len(text):
        if string := _STRING.match(text, at):
            at = end = string.end()
            continue
        char = text[at]
        if char == "#":
            at = _line_end(text, at)
            if not depth:
                return end
            continue
        if char == "\n" and not depth:
            return end
        depth += (char in "[{") - (char in "]}")
        at += 1
        end = at if not char.isspace() else end
    return end
