"""A line while it is being typed, the query or a note: text, cursor, and the editing that a
shell user expects.

Pure: knows nothing of keys or terminals.
"""

# The method of each action of the keymap that edits.
_EDITS = {
    "erase-left": "erase_left",
    "erase-right": "erase_right",
    "kill-word": "kill_word_left",
    "kill-subword": "kill_subword_left",
    "kill-word-right": "kill_word_right",
    "kill-to-start": "kill_to_start",
    "kill-to-end": "kill_to_end",
    "word-left": "word_left",
    "word-right": "word_right",
    **{name: name for name in ("home", "end", "left", "right", "yank")},
}


class Line:
    """A line of text and a cursor; every method is one editing command."""

    __slots__ = ("cursor", "killed", "text")

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.cursor = len(text)
        self.killed = ""

    def edit(self, action: str) -> bool:
        """Do what an action of the keymap says, if it edits; whether it does."""
        if action not in _EDITS:
            return False
        getattr(self, _EDITS[action])()
        return True

    def insert(self, text: str) -> None:
        self.text = self.text[: self.cursor] + text + self.text[self.cursor :]
        self.cursor += len(text)

    def home(self) -> None:
        self.cursor = 0

    def end(self) -> None:
        self.cursor = len(self.text)

    def left(self) -> None:
        self.cursor = max(0, self.cursor - 1)

    def right(self) -> None:
        self.cursor = min(len(self.text), self.cursor + 1)

    def word_left(self) -> None:
        self.cursor = self._word_start()

    def word_right(self) -> None:
        self.cursor = self._word_end()

    def erase_left(self) -> None:
        self._remove(max(0, self.cursor - 1), self.cursor)

    def erase_right(self) -> None:
        self._remove(self.cursor, self.cursor + 1)

    def kill_word_left(self) -> None:
        """Ctrl-W: back to the last blank."""
        start = self.cursor
        while start and self.text[start - 1].isspace():
            start -= 1
        while start and not self.text[start - 1].isspace():
            start -= 1
        self._kill(start, self.cursor)

    def kill_subword_left(self) -> None:
        """Alt-Backspace: back to the last start of letters or digits."""
        self._kill(self._word_start(), self.cursor)

    def kill_word_right(self) -> None:
        self._kill(self.cursor, self._word_end())

    def kill_to_start(self) -> None:
        self._kill(0, self.cursor)

    def kill_to_end(self) -> None:
        self._kill(self.cursor, len(self.text))

    def yank(self) -> None:
        self.insert(self.killed)

    def _word_start(self) -> int:
        at = self.cursor
        while at and not self.text[at - 1].isalnum():
            at -= 1
        while at and self.text[at - 1].isalnum():
            at -= 1
        return at

    def _word_end(self) -> int:
        at = self.cursor
        while at < len(self.text) and not self.text[at].isalnum():
            at += 1
        while at < len(self.text) and self.text[at].isalnum():
            at += 1
        return at

    def _kill(self, start: int, end: int) -> None:
        if start < end:
            self.killed = self.text[start:end]
            self._remove(start, end)

    def _remove(self, start: int, end: int) -> None:
        self.text = self.text[:start] + self.text[end:]
        self.cursor = start
