"""How things may be drawn: styles, and signs for terminals that have few."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .width import Piece

# Of each style, its colours (none: plain) and what stands for them without colour: weight, dimness
# and underline are no colours. Sixteen colours, as the terminal has them: on light and dark alike.
STYLES = {
    "dim": ("2", "2"),
    "match": ("1;36", "4"),
    "filter": ("35", "4"),
    "mark": ("36", "1"),
    "bad": ("31", "1"),
    "warn": ("33", "1"),
    "title": ("1", "1"),
    "bold": ("1", "1"),
    # Of the parts of a command: whole/syntax.py.
    "command": ("1", "1"),
    "option": ("36", ""),
    "string": ("32", ""),
    "variable": ("35", ""),
    "keyword": ("1;34", "1"),
    "comment": ("2", "2"),
    "mask": ("33", "4"),
    "error": ("4;31", "4"),
}


class Look:
    """`color` unless NO_COLOR, `utf8` unless the locale has none. theme: styles of the user's own,
    by name, as escape codes; they take the place of those above.
    """

    __slots__ = ("_codes", "color", "utf8")

    def __init__(self, color: bool, utf8: bool, theme: "dict[str, str] | None" = None) -> None:
        self.color = color
        self.utf8 = utf8
        self._codes = {name: codes[0 if color else 1] for name, codes in STYLES.items()}
        if color and theme:
            self._codes.update(theme)

    def style(self, name: str) -> str:
        """The escape sequence of a style; what is not in the table is plain."""
        code = self._codes.get(name, "")
        return f"\x1b[0;{code}m" if code else "\x1b[0m"

    def drawn(self, text: "list[Piece]", room: int, lit: dict[int, str], base: str) -> str:
        """As much of `text` as `room` columns take, each character in the style that `lit` names
        for its index, or in `base`.
        """
        out, style = [], ""
        for at, (piece, cells) in enumerate(text):
            room -= cells
            if room < 0:
                break
            wanted = self.style(lit[at]) if at in lit else base
            out.append(piece if wanted == style else wanted + piece)
            style = wanted
        return "".join(out)

    def sign(self, fancy: str, ascii_: str) -> str:
        return fancy if self.utf8 else ascii_

    def parted(self, *parts: str) -> str:
        """Parts of one line, told apart."""
        return self.sign(" · ", " - ").join(part for part in parts if part)
