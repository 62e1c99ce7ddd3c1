"""The words of a command line as the value of a setting, and what that may be, for people."""

from backend.commands.configuring.entries import Entry


class WrongValue(ValueError):
    """Words that are no value of this setting."""


def from_words(entry: Entry, words: tuple[str, ...]) -> object:
    """The value, of the type that the setting has. Raises WrongValue."""
    if any("\udc80" <= char <= "\udcff" for word in words for char in word):
        raise WrongValue("it is no UTF-8")
    if _takes_list(entry) and (len(words) != 1 or not _takes_string(entry)):
        return list(words)
    if len(words) != 1:
        raise WrongValue("it takes one value")
    (word,) = words
    if entry.schema.get("type") == "boolean":
        if word not in ("true", "false"):
            raise WrongValue(f"{word!a} is not true or false")
        return word == "true"
    if _kinds(entry) & {"integer"} and word.isascii() and word.isdigit() and len(word) < 10:
        return int(word)
    return word


def allowed(entry: Entry) -> str:
    """`true or false`; `cpu, cuda`; `a list of …`"""
    return _allowed(entry.schema)


def _allowed(schema: object) -> str:
    assert isinstance(schema, dict)
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return "; or ".join(map(_allowed, schema["anyOf"]))
    if schema["type"] == "array":
        of = _allowed(schema["items"])
        return "a list of strings" if of == "a string" else f"a list of {of}"
    if schema["type"] == "integer":
        return f"a number from {schema['minimum']} to {schema['maximum']}"
    if "pattern" in schema:
        return f"a string as {schema['pattern']}"
    return {"boolean": "true or false"}.get(schema["type"], "a string")


def _kinds(entry: Entry) -> set[object]:
    schemas = entry.schema.get("anyOf", [entry.schema])
    assert isinstance(schemas, list)
    return {each.get("type") for each in schemas}


def _takes_list(entry: Entry) -> bool:
    return "array" in _kinds(entry)


def _takes_string(entry: Entry) -> bool:
    return "string" in _kinds(entry)
