"""Every setting there is, the daemon's and the picker's: what it is, may be, and is set to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backend import settings
from backend.config import PRECISION_OF
from backend.settings import DEFAULT, FILE, VARIABLE
from shell_plugin.pick.configuration import check, told
from shell_plugin.pick.keymap import TABLE
from shell_plugin.pick.screen.look import STYLES

PICKER = "picker"

# Who reads it, and so what has to begin anew when it is changed.
DAEMON, SHELLS, NOBODY = "deja restart", "a new shell", ""
_READ_BY_SHELLS = ("ignore_space", "keep_own")

# Variables that no file stands behind.
VARIABLES = {
    "DEJA_KEY": ("^R", "the key of the picker; empty binds none"),
    "DEJA_NEXT_KEY": ("", "the key for what is likely next"),
    "DEJA_SUGGEST_EMPTY": ("", "1: zsh-autosuggestions shows it on an empty line, too"),
    "DEJA_PRIVATE": ("", "1: a private shell, which records nothing"),
    "DEJA_HOME": ("", "a directory for everything: configuration, data, socket, logs"),
    "NO_COLOR": ("", "no colours"),
}

_SCHEMA: dict[str, dict[str, object]] = {
    settings.SWITCH: {"type": "boolean"},
    settings.PATTERNS: {"type": "array", "items": {"type": "string"}},
    settings.DIRECTORY: {"type": "string"},
}


@dataclass(frozen=True)
class Entry:
    """One setting. name: dotted, as `picker.keys.put`; that of a variable alone is its own.

    schema: what it may be, as JSON Schema has it. again: what has to begin anew once it is changed.
    """

    name: str
    default: Any
    tells: str
    schema: Mapping[str, object] = field(default_factory=dict)
    variable: str = ""
    again: str = NOBODY

    @property
    def is_in_file(self) -> bool:
        """Whether the file may have it."""
        return self.name != self.variable

    @property
    def is_minor(self) -> bool:
        """One of the many of a table of their own: keys, styles."""
        return self.name.count(".") > 1


@dataclass(frozen=True)
class Found:
    """The value of a setting, and where it is from: DEFAULT, FILE or VARIABLE."""

    value: Any
    source: str


def entries() -> dict[str, Entry]:
    """All there are, by name."""
    found = [_daemons(setting) for setting in settings.SETTINGS]
    for name, default, tells, schema in told.TOLD:
        variable = told.VARIABLES.get(name, "")
        again = SHELLS if variable else NOBODY
        found.append(Entry(f"{PICKER}.{name}", default, tells, schema, variable, again))
    for action, _, keys, tells in TABLE:
        found.append(Entry(f"{PICKER}.keys.{action}", list(keys), tells, told.KEYS))
    for style in STYLES:
        found.append(Entry(f"{PICKER}.style.{style}", "", f"how {style} is drawn", told.STYLE))
    for variable, (preset, tells) in VARIABLES.items():
        found.append(Entry(variable, preset, tells, variable=variable))
    return {entry.name: entry for entry in found}


def _daemons(setting: settings.Setting) -> Entry:
    schema = {"enum": list(setting.allowed)} if setting.allowed else _SCHEMA[setting.kind]
    preset = list(setting.default) if isinstance(setting.default, tuple) else setting.default
    again = f"{DAEMON}, {SHELLS}" if setting.name in _READ_BY_SHELLS else DAEMON
    return Entry(setting.name, preset, setting.tells, schema, setting.variable, again)


def find(entry: Entry, table: Mapping[str, Any], environ: Mapping[str, str]) -> Found:
    """What it is set to. Raises ConfigError if that is wrong, where the daemon reads it."""
    if entry.name in (each.name for each in settings.SETTINGS):
        return _find_daemons(settings.of(entry.name), table, environ)
    if environ.get(entry.variable):
        text = environ[entry.variable]
        return Found(text == "1" if isinstance(entry.default, bool) else text, VARIABLE)
    held = lookup(table, entry.name)
    return Found(entry.default, DEFAULT) if held is None else Found(held, FILE)


def _find_daemons(
    setting: settings.Setting, table: Mapping[str, Any], environ: Mapping[str, str]
) -> Found:
    value, source = (ask(setting, table, environ) for ask in (settings.value, settings.source))
    if setting.name == "precision" and source == DEFAULT:
        value = PRECISION_OF[str(settings.value(settings.of("device"), table, environ))]
    return Found(list(value) if isinstance(value, tuple) else value, str(source))


def lookup(table: Mapping[str, Any], name: str) -> Any:
    """What the file says of a dotted name; None if nothing."""
    held: Any = table
    for part in name.split("."):
        if not isinstance(held, dict) or part not in held:
            return None
        held = held[part]
    return held


def mistakes(table: Mapping[str, Any]) -> list[str]:
    """A line on each thing that is wrong in the file: names nobody knows, values nobody can use."""
    found = _unknown(table)
    for setting in settings.SETTINGS:
        try:
            settings.value(setting, table, {})
        except settings.ConfigError as error:
            found.append(str(error))
    return found + check.checked(table.get(PICKER, {}))[1]


def _unknown(table: Mapping[str, Any]) -> list[str]:
    """The picker looks through its own table itself."""
    names = [setting.name.split(".") for setting in settings.SETTINGS]
    found = check.unknown(table, {PICKER, *(first for first, *_ in names)})
    for section in {first for first, *rest in names if rest}:
        held = table.get(section, {})
        if isinstance(held, dict):
            known = [rest[0] for first, *rest in names if first == section]
            found += check.unknown(held, known, f"{section}.")
        else:
            found.append(f"{section} is {check.shown(held)}; it is a table: [{section}]")
    return found
