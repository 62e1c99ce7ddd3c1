"""Keys as people write them, and as the shells do, to the names that screen/keys.py gives them."""

from ..keymap import TABLE, from_shell, spelt

# Keys that have a name and are bound to nothing, or not to something of their own.
_OTHERS = ("shift-tab", "enter", "escape", *(f"f{number}" for number in range(1, 13)))
_NAMED = {key: key for _, _, keys, _ in TABLE for key in keys} | {key: key for key in _OTHERS}
_NAMED |= {spelt(key).lower(): key for key in _NAMED}


def key_name(written: str) -> str:
    """The name of a key: of `Ctrl-T`, `ctrl-t`, `^T`, `\\C-t` `ctrl-t`; of PgUp `page-up`.

    Empty if there is no such key, if no terminal can tell it from others, or if it is a letter,
    which is for typing.
    """
    lowered = " ".join(written.lower().split())
    if lowered in _NAMED:
        return _NAMED[lowered]
    name = from_shell(_notation(written) or written)
    return "" if name.startswith("text:") else name


def _notation(written: str) -> str:
    """Of `ctrl-x ctrl-e` `^x^e`, of `alt-q` `\\eq`, as the shells write it; else empty."""
    out = ""
    for part in written.split():
        modifier, dash, key = part.partition("-")
        modifier = modifier.lower() if dash else ""
        if modifier == "ctrl" and key.lower() == "space":
            out += "^@"
        elif modifier == "ctrl" and len(key) == 1 and key.isascii():
            out += "^" + key
        elif modifier == "alt" and len(key) == 1 and key.isascii():
            out += "\\e" + key
        else:
            return ""
    return out
