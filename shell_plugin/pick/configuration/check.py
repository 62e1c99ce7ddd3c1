"""What may stand in the table [picker], what it comes to, and what is wrong with it. Pure.

Imported when the file has changed since it was read last, and by `deja doctor`.
"""

from difflib import get_close_matches

from ..keymap import TABLE, Keymap
from ..screen.look import STYLES
from ..screen.rows import COLUMNS
from . import themes
from .keynames import key_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# What is set, for settings.py: names and values, some of them several times. What is left at its
# default is not there.
Fields = list[tuple[str, str]]

FEWEST_LINES, MOST_LINES = 5, 999
_LEAST_SHARE = 10
# Of a value that is told: more would be no help.
_SHOWN = 40

_ACTIONS = {action: keys for action, _, keys, _ in TABLE}
_PLACES = {f"{modifier}{digit}" for modifier in ("alt-", "f") for digit in range(1, 10)}


class Wrong(ValueError):
    """A value that is not allowed; the message says what is."""


def checked(table: object) -> tuple[Fields, list[str]]:
    """The fields of what is right in `table`, and a line on each thing that is wrong."""
    if not isinstance(table, dict):
        return [], [f"picker is {shown(table)}; it is a table: [picker], and settings below it"]
    fields: Fields = []
    mistakes = unknown(table, SETTINGS, "picker.")
    for name, value in table.items():
        if name in ("keys", "style") and isinstance(value, dict):
            found, wrong = (_keys if name == "keys" else _style)(value)
            fields += found
            mistakes += wrong
        elif name in SETTINGS:
            try:
                fields += SETTINGS[name](value)
            except Wrong as error:
                mistakes.append(f"picker.{name} is {shown(value)}; {error}")
    return fields, mistakes


def unknown(names: "Iterable[str]", known: "Iterable[str]", prefix: str = "") -> list[str]:
    """A line on each name that is not known, with the nearest that is."""
    known = sorted(known)
    return [
        f"{shown(prefix + name)} is no setting{_or(name, known)}"
        for name in names
        if name not in known
    ]


def shown(value: object) -> str:
    """A value of TOML, for a line that tells of it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        text = f'"{value}"' if isinstance(value, str) else str(value)
    except ValueError:
        # A number of thousands of digits.
        return "…"
    text = "".join(char if char.isprintable() else "?" for char in text[: _SHOWN + 1])
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _or(name: str, known: "Iterable[str]") -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"; is it {near[0]}?" if near else f"; there are {', '.join(known)}"


# Single settings: a value of TOML to fields; each raises Wrong


def _height(value: object) -> Fields:
    if value == "full":
        return [("height", "100%")]
    if isinstance(value, int) and not isinstance(value, bool):
        if FEWEST_LINES <= value <= MOST_LINES:
            return [("height", str(value))]
    elif isinstance(value, str) and value.endswith("%"):
        share = value[:-1]
        if share.isascii() and share.isdigit() and _LEAST_SHARE <= int(share[:4]) <= 100:
            return [("height", f"{int(share[:4])}%")]
    raise Wrong(f'allowed: {FEWEST_LINES} or more, "50%", "full"')


def _columns(value: object) -> Fields:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise Wrong(f"it is a list of {', '.join(COLUMNS)}")
    for name in value:
        if name not in COLUMNS:
            raise Wrong(f"there is no column {shown(name)}{_or(name, COLUMNS)}")
    if len(set(value)) < len(value):
        raise Wrong("each column may stand there once")
    return [("columns", " ".join(value))]


def _choice(name: str, *allowed: str) -> "Callable[[object], Fields]":
    """One of several words; the first is the default."""

    def read(value: object) -> Fields:
        if not isinstance(value, str) or value not in allowed:
            raise Wrong(f"allowed: {', '.join(allowed)}")
        return [(name, value)] if value != allowed[0] else []

    return read


def _enter(value: object) -> Fields:
    if _choice("enter", "put", "run")(value):
        return [("enter", "put=tab"), ("enter", "run=enter"), ("enter", "run=alt-enter")]
    return []


def _fold(value: object) -> Fields:
    if not isinstance(value, bool):
        raise Wrong("allowed: true, false")
    return [] if value else [("fold", "no")]


def _mouse(value: object) -> Fields:
    if not isinstance(value, bool):
        raise Wrong("allowed: true, false")
    return [("mouse", "yes")] if value else []


def _theme(value: object) -> Fields:
    if not isinstance(value, str) or value not in (*themes.THEMES, themes.AUTO):
        raise Wrong(f"allowed: {', '.join((*themes.THEMES, themes.AUTO))}")
    if value == themes.AUTO:
        return [("background", "ask")]
    return [("style", f"{name}={code}") for name, code in themes.named(value).items()]


def _switch(value: object) -> Fields:
    """Of the plugins, which read it themselves."""
    if not isinstance(value, bool):
        raise Wrong("allowed: true, false")
    return []


def _table(value: object) -> Fields:
    raise Wrong("it is a table of its own: [picker.keys], [picker.style]")


SETTINGS: "dict[str, Callable[[object], Fields]]" = {
    "height": _height,
    "columns": _columns,
    "list": _choice("list", "down", "up"),
    "enter": _enter,
    "fold": _fold,
    "mouse": _mouse,
    "theme": _theme,
    "popup": _switch,
    "up": _switch,
    "keys": _table,
    "style": _table,
}


# Tables of their own: what is right in them counts, whatever else is wrong


def _keys(table: dict[str, object]) -> tuple[Fields, list[str]]:
    """Keys by action; an action has all its keys from here, or none."""
    mistakes = unknown(table, _ACTIONS, "picker.keys.")
    taken: dict[str, str] = {}
    chosen: dict[str, tuple[str, ...]] = {}
    for action, value in table.items():
        if action not in _ACTIONS:
            continue
        try:
            chosen[action] = _keys_of(action, value, taken)
        except Wrong as error:
            mistakes.append(f"picker.keys.{action} is {shown(value)}; {error}")
    if not Keymap(chosen).keys("leave"):
        return [], [*mistakes, "picker.keys leaves no key for leave; give it one"]
    # An action without a key stands there with none.
    fields = [("key", f"{a}={key}") for a, keys in chosen.items() for key in keys or ("",)]
    return fields, mistakes


def _keys_of(action: str, value: object, taken: dict[str, str]) -> tuple[str, ...]:
    """The keys of one action; those of all so far stand in `taken`. Raises Wrong."""
    written = [value] if isinstance(value, str) else value
    if not isinstance(written, list) or not all(isinstance(key, str) for key in written):
        raise Wrong('a key is written "ctrl-t", several ["ctrl-t", "f12"]')
    keys = tuple(dict.fromkeys(_key(key) for key in written))
    for key in keys:
        if key in taken:
            raise Wrong(f"{key} is taken by {taken[key]}")
        if action == "nth" and key not in _PLACES:
            raise Wrong("its keys end in the place: alt-1 … alt-9, f1 … f9")
    taken.update(dict.fromkeys(keys, action))
    return keys


def _key(written: str) -> str:
    """The name of a key. Raises Wrong."""
    if name := key_name(written):
        return name
    told = "keys are ctrl-t, alt-t, f12, enter, page-up, ctrl-x ctrl-t and the like"
    raise Wrong(f"there is no key {shown(written)}: {told}")


def _style(table: dict[str, object]) -> tuple[Fields, list[str]]:
    """Single styles."""
    mistakes = unknown(table, STYLES, "picker.style.")
    fields: Fields = []
    for name, value in table.items():
        code = themes.codes(value) if isinstance(value, str) else ""
        if name in STYLES and code:
            fields.append(("own", f"{name}={code}"))
        elif name in STYLES:
            told = 'allowed: as "bold cyan", "#88c0d0" or "1;36"'
            mistakes.append(f"picker.style.{name} is {shown(value)}; {told}")
    return fields, mistakes
