"""The JSON schema of config.toml, for editors."""

from typing import Any

from backend.commands.configuring.entries import Entry, entries

DIALECT = "http://json-schema.org/draft-07/schema#"


def schema() -> dict[str, Any]:
    """What may stand in the file; nothing else."""
    root: dict[str, Any] = {"$schema": DIALECT, "title": "deja's config.toml", **_table()}
    for entry in entries().values():
        if entry.is_in_file:
            _add(root, entry)
    return root


def _table() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": {}}


def _add(root: dict[str, Any], entry: Entry) -> None:
    table = root
    *sections, key = entry.name.split(".")
    for section in sections:
        table = table["properties"].setdefault(section, _table())
    told = {"description": entry.tells} | ({"default": entry.default} if entry.default else {})
    table["properties"][key] = {**told, **entry.schema}
