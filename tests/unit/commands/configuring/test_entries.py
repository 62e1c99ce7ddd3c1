"""The table of settings: as the readers have it, as the documents have it, as the schema has it."""

from typing import Any

import pytest
from support.paths import ROOT

from backend import settings
from backend.commands.configuring.entries import Entry, entries, find, mistakes
from backend.commands.configuring.schema import schema
from backend.commands.configuring.toml import written
from backend.commands.configuring.values import WrongValue, allowed, from_words
from backend.config import Config
from shell_plugin.pick.configuration import check, told

ENTRIES = entries()
IN_FILE = [entry for entry in ENTRIES.values() if entry.is_in_file]


def nested(name: str, value: object) -> dict[str, Any]:
    """`{"picker": {"height": 30}}`"""
    for part in reversed(name.split(".")):
        value = {part: value}
    assert isinstance(value, dict)
    return value


def test_every_setting_of_the_daemon_is_a_field_of_its_configuration() -> None:
    for setting in settings.SETTINGS:
        assert setting.name.rpartition(".")[2] in Config.__dataclass_fields__


def test_every_setting_of_the_picker_is_told() -> None:
    assert {name for name, *_ in told.TOLD} == set(check.SETTINGS) - {"keys", "style"}


@pytest.mark.parametrize("entry", IN_FILE, ids=lambda entry: entry.name)
def test_the_default_is_right_and_is_the_default(entry: Entry) -> None:
    if entry.default in (None, ""):
        return
    table = nested(entry.name, entry.default)
    assert mistakes(table) == []
    if not entry.is_minor and entry.name not in ("picker.height", "picker.columns"):
        assert check.checked(table.get("picker", {}))[0] == []
    assert find(entry, {}, {}).value == entry.default


@pytest.mark.parametrize("entry", IN_FILE, ids=lambda entry: entry.name)
def test_what_it_may_be_it_can_be(entry: Entry) -> None:
    schema = entry.schema
    assert allowed(entry)
    choices = schema.get("enum", [True, False] if schema.get("type") == "boolean" else [])
    assert isinstance(choices, list)
    for choice in choices:
        assert mistakes(nested(entry.name, choice)) == []
    if choices:
        assert mistakes(nested(entry.name, "no such")) != []


def test_where_a_value_is_from() -> None:
    learn, popup = ENTRIES["learn"], ENTRIES["picker.popup"]
    assert find(learn, {}, {}).source == "default"
    assert find(learn, {"learn": False}, {}) == find(learn, {"learn": False}, {"DEJA_LEARN": ""})
    assert find(learn, {"learn": True}, {"DEJA_LEARN": "0"}).source == "variable"
    assert find(popup, {"picker": {"popup": True}}, {}).value is True
    assert find(popup, {}, {"DEJA_POPUP": "1"}).value is True
    with pytest.raises(settings.ConfigError):
        find(learn, {"learn": 3}, {})


def test_words_become_values_of_the_right_type() -> None:
    for name, words, value in (
        ("learn", ("false",), False),
        ("picker.height", ("30",), 30),
        ("picker.height", ("50%",), "50%"),
        ("ignore", (), []),
        ("ignore", ("ls",), ["ls"]),
        ("picker.keys.pin", ("f5",), "f5"),
        ("picker.keys.pin", ("f5", "f6"), ["f5", "f6"]),
        ("picker.keys.pin", (), []),
        ("device", ("cuda",), "cuda"),
    ):
        assert from_words(ENTRIES[name], words) == value
    for name, words in (
        ("learn", ("no",)),
        ("learn", ()),
        ("device", ("a", "b")),
        ("ignore", ("\udcff",)),
    ):
        with pytest.raises(WrongValue):
            from_words(ENTRIES[name], words)


def test_unknown_names_are_named_with_the_nearest() -> None:
    (line,) = mistakes({"lern": True})
    assert line == '"lern" is no setting; is it learn?'
    (line,) = mistakes({"picker": {"heigth": 3}})
    assert "picker.heigth" in line and "height" in line


def test_the_documents_have_every_setting() -> None:
    """A row each: name, default, variable, what it is."""
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    expected = [row(entry) for entry in ENTRIES.values() if not entry.is_minor]
    assert rows == expected


def row(entry: Entry) -> str:
    default = "–" if entry.default in (None, "") else f"`{written(entry.default)}`"
    if not entry.is_in_file:
        return f"| `{entry.name}` | {default} | {entry.tells} |"
    variable = f"`{entry.variable}`" if entry.variable else "–"
    choices = f": {allowed(entry)}" if "enum" in entry.schema else ""
    return f"| `{entry.name}` | {default} | {variable} | {entry.tells}{choices} |"


def test_the_schema_has_every_setting_and_nothing_else() -> None:
    names: set[str] = set()

    def walk(table: dict[str, Any], prefix: str) -> None:
        assert table["additionalProperties"] is False
        for name, each in table["properties"].items():
            if "properties" in each:
                walk(each, f"{prefix}{name}.")
            else:
                names.add(prefix + name)
                assert each["description"]

    walk(schema(), "")
    assert names == {entry.name for entry in IN_FILE}
