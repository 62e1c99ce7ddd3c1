"""The keys of vi, for those whose shell has them: Escape ends typing, and letters are commands.

Pure. Imported only where the plugin says that the shell's keys are those of vi.
"""

# Keys in normal mode, the actions of keymap.TABLE that they stand for, and what they do.
NORMAL = (
    (("j", "n"), ("down",), "down"),
    (("k", "N"), ("up",), "up"),
    (("gg",), ("first",), "the first row"),
    (("G",), ("last",), "the last row"),
    (("ctrl-d",), ("half-down",), "half a page down"),
    (("ctrl-u",), ("half-up",), "half a page up"),
    (("dd",), ("forget",), "forget it, or all that matches; asks first"),
    (("u",), ("undo",), "take the last of that back"),
    (("y",), ("copy",), "copy it to the clipboard"),
    (("h",), ("left",), "left in the query"),
    (("l",), ("right",), "right"),
    (("b",), ("word-left",), "a word left"),
    (("w",), ("word-right",), "a word right"),
    (("x",), ("erase-right",), "erase to the right"),
    (("?",), ("help",), "this help"),
    (("q", "escape"), ("leave",), "back to the line as it was"),
)
# Those after which one types again.
TYPING = (
    (("i", "a"), (), "type on"),
    (("I",), ("home",), "type at the start"),
    (("A",), ("end",), "type at the end"),
    (("/",), ("kill-to-start", "kill-to-end"), "type another query"),
)

_ACTIONS = {key: actions for keys, actions, _ in (*NORMAL, *TYPING) for key in keys}
_BACK = {key for keys, _, _ in TYPING for key in keys}
# The first letters of two that are one key.
_FIRST = {key[0] for key in _ACTIONS if len(key) == 2}


class Vi:
    """Which mode it is in: one begins with typing. normal: whether letters are commands."""

    __slots__ = ("_held", "normal")

    def __init__(self) -> None:
        self.normal = False
        self._held = ""

    def press(self, key: str) -> tuple[str, ...] | None:
        """The actions of a key, by its name; None where it does what it does to everybody."""
        held, self._held = self._held, ""
        if not self.normal:
            self.normal = key == "escape"
            return () if self.normal else None
        text = key.removeprefix("text:") if key.startswith("text:") else ""
        if len(text) > 1:
            # Pasted: text, whatever it says.
            self.normal = False
            return None
        meant = held + text if text else key
        if meant in _FIRST:
            self._held = meant
            return ()
        self.normal = meant not in _BACK
        return _ACTIONS.get(meant, () if text else None)
