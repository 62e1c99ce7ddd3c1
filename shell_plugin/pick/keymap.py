"""The keys: one table, which the loop obeys and the help shows.

Pure. A key has the name that screen/keys.py gives it.
"""

from .screen.keys import Decoder

# The groups of the help, in its order.
TAKE, MOVE, NARROW, SEE, CHANGE, EDIT = "take", "move", "narrow", "see", "change", "edit the query"

_DIGITS = tuple(f"alt-{digit}" for digit in range(1, 10))

# Action, group, keys, what it does; the first key is the one that is shown in the foot.
TABLE: "tuple[tuple[str, str, tuple[str, ...], str], ...]" = (
    ("put", TAKE, ("enter", "tab"), "put the command on the line"),
    ("run", TAKE, ("alt-enter",), "run it at once"),
    ("nth", TAKE, _DIGITS, "put the first, second … that is shown"),
    ("blanks", TAKE, ("alt-i",), "fill in what differs among its likes, then put it"),
    ("edit", TAKE, ("ctrl-x ctrl-e",), "put it and open the editor"),
    ("query", TAKE, ("alt-q",), "put the query itself on the line"),
    ("copy", TAKE, ("alt-c", "f7"), "copy it to the clipboard"),
    ("again", TAKE, (), "the shell's own search, for the query"),
    ("leave", TAKE, ("escape", "ctrl-g", "ctrl-c"), "back to the line as it was"),
    ("up", MOVE, ("up", "ctrl-p"), "up"),
    ("down", MOVE, ("down", "ctrl-n"), "down"),
    ("page-up", MOVE, ("page-up",), "a page up"),
    ("page-down", MOVE, ("page-down",), "a page down"),
    ("half-up", MOVE, (), "half a page up"),
    ("half-down", MOVE, (), "half a page down"),
    ("first", MOVE, ("alt-<",), "the first row"),
    ("last", MOVE, ("alt->",), "the last row"),
    ("whole-up", MOVE, ("alt-up",), "scroll the whole command up"),
    ("whole-down", MOVE, ("alt-down",), "scroll the whole command down"),
    ("scope", NARROW, ("ctrl-s", "f2"), "everywhere, this session, directory, repository, host"),
    ("outcome", NARROW, ("alt-e", "f3"), "all, worked, failed"),
    ("order", NARROW, ("alt-o", "f4"), "likely, newest, most used first"),
    ("help", SEE, ("f1", "ctrl-/"), "this help; ? on an empty line, too"),
    ("inspect", SEE, ("ctrl-o",), "every run of it, and what ran before and after"),
    ("episodes", SEE, ("alt-m", "f10"), "what ran together, in the words of the query; the latest"),
    ("scores", SEE, ("alt-v", "f9"), "why a row is there, in figures"),
    ("forget", CHANGE, ("alt-x", "f8"), "forget it, or all that matches; asks first"),
    ("undo", CHANGE, ("alt-u",), "take the last of that back"),
    ("pin", CHANGE, ("alt-p", "f5"), "pin it: first among equals; again: no more"),
    ("note", CHANGE, ("alt-n", "f6"), "a note on it in your own words"),
    ("home", EDIT, ("ctrl-a", "home"), "to the start"),
    ("end", EDIT, ("ctrl-e", "end"), "to the end"),
    ("left", EDIT, ("left", "ctrl-b"), "left; from the end: fold the row again"),
    ("right", EDIT, ("right", "ctrl-f"), "right; at the end: the likes of the row, under it"),
    ("word-left", EDIT, ("alt-b",), "a word left"),
    ("word-right", EDIT, ("alt-f",), "a word right"),
    ("erase-left", EDIT, ("backspace",), "erase to the left"),
    ("erase-right", EDIT, ("delete", "ctrl-d"), "erase to the right"),
    ("kill-word", EDIT, ("ctrl-w",), "cut back to the last blank"),
    ("kill-subword", EDIT, ("alt-backspace",), "cut a word to the left"),
    ("kill-word-right", EDIT, ("alt-d",), "cut a word to the right"),
    ("kill-to-start", EDIT, ("ctrl-u",), "cut to the start"),
    ("kill-to-end", EDIT, ("ctrl-k",), "cut to the end"),
    ("yank", EDIT, ("ctrl-y",), "put back what was cut"),
)

_SPELT = {"enter": "Enter", "escape": "Esc", "page-up": "PgUp", "page-down": "PgDn"}


class Keymap:
    """What each key does, and which key does something.

    changed: keys of the user's own, by action; they take the place of those in the table.
    """

    __slots__ = ("_actions", "_keys")

    def __init__(self, changed: "dict[str, tuple[str, ...]] | None" = None) -> None:
        self._keys = {action: keys for action, _, keys, _ in TABLE}
        self._keys.update(changed or {})
        self._actions: dict[str, str] = {}
        for action, keys in self._keys.items():
            for key in keys:
                self._actions[key] = action
        # What the user has chosen wins over what stands in the table.
        for action, keys in (changed or {}).items():
            self._actions.update(dict.fromkeys(keys, action))

    def action(self, key: str) -> str:
        """The name of what `key` does; empty if it does nothing."""
        return self._actions.get(key, "")

    def keys(self, action: str) -> tuple[str, ...]:
        """The keys of an action that are its own, the one to be shown first."""
        keys = self._keys.get(action, ())
        return tuple(key for key in keys if self._actions[key] == action)

    def shown(self, action: str) -> str:
        """The first key of an action as people call it; empty if it has none."""
        keys = self.keys(action)
        return spelt(keys[0]) if keys else ""


def spelt(key: str) -> str:
    """A key as people call it: Ctrl-R, Alt-Enter, F1, PgUp."""
    return " ".join(_spelt(part) for part in key.split(" "))


def _spelt(key: str) -> str:
    modifier, dash, name = key.partition("-")
    if dash and name and modifier in ("ctrl", "alt", "shift"):
        named = _SPELT.get(name) or (name.upper() if len(name) == 1 else name.title())
        return f"{modifier.title()}-{named}"
    return _SPELT.get(key) or key.title()


def from_shell(notation: str) -> str:
    """The name of a key as the shells write it: ^R, ^@, \\C-t, \\er, ^[OA, \\M-x, ^X^R."""
    decoder, names = Decoder(), []
    for byte in _bytes(notation):
        names += [name] if (name := decoder.feed(bytes([byte]))) else []
    return names[0] if len(names) == 1 else ""


def _bytes(notation: str) -> bytes:
    """What the terminal sends for it."""
    out, rest = bytearray(), notation
    while rest:
        control = rest[:1] == "^" and len(rest) > 1
        if control or (rest[:3].lower() == "\\c-" and len(rest) > 3):
            char, rest = (rest[1], rest[2:]) if control else (rest[3], rest[4:])
            out.append(0x7F if char == "?" else ord(char.upper()) & 0x1F)
        elif rest[:2] in ("\\e", "\\E"):
            out.append(0x1B)
            rest = rest[2:]
        elif rest[:3] in ("\\M-", "\\m-"):
            out.append(0x1B)
            rest = rest[3:]
        else:
            out += rest[0].encode("utf-8", "surrogateescape")
            rest = rest[1:]
    return bytes(out)
