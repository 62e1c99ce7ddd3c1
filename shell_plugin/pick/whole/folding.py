"""One command complete: folded to the width of the screen, in colour, as many lines as asked for.

Pure. Imported when it is first asked for, which is after the first paint.
"""

from ..screen.width import pieces
from .syntax import styles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..screen.look import Look
    from ..screen.width import Piece

_TAB = 8
# Columns that a folded line gives to the sign that it goes on.
_HANGING = 2
# What is longer is data, not a command to read: it is shown, but not in colour.
_COLOURED = 4096


class Whole:
    """A command folded to `width` columns: at blanks where there are any, and at its newlines.

    Indentation is kept, tabs going to multiples of eight columns. Made once for a command and a
    width; `drawn` then costs what it shows.
    """

    __slots__ = ("_command", "_look", "_rows", "_styles", "_width", "count")

    def __init__(self, command: str, width: int, look: "Look") -> None:
        self._command = command
        self._look = look
        self._width = width = max(1, width)
        self._styles: list[str] = [""] * len(command)
        for begin, end, style in styles(command, _COLOURED):
            self._styles[begin:end] = [style] * (end - begin)
        # (start, end, column of the start in the unfolded line) of each line on the screen.
        self._rows: list[tuple[int, int, int]] = []
        sizes = _sizes(command, look.utf8)
        start = 0
        for line in command.split("\n"):
            if sizes is not None:
                self._rows.extend(_folded(line, _cells(line, sizes, width), start, width))
            elif len(line) > width:
                self._rows.extend(_folded(line, None, start, width))
            else:
                self._rows.append((start, start + len(line), 0))
            start += len(line) + 1
        self.count = len(self._rows)

    def drawn(self, top: int, height: int) -> list[str]:
        """The lines from `top` on, `height` of them or as many as there are."""
        return [self._row(row) for row in self._rows[max(0, top) : max(0, top) + max(0, height)]]

    def _row(self, row: tuple[int, int, int]) -> str:
        start, end, column = row
        look, room, sign = self._look, self._width, ""
        if column:
            room -= _hanging(room)
            sign = look.style("dim") + look.sign("↳", " ") + " " if room < self._width else ""
        lit = {at: style for at, style in enumerate(self._styles[start:end]) if style}
        text = self._pieces(start, end, column)
        return sign + look.drawn(text, room, lit, "\x1b[0m")

    def _pieces(self, start: int, end: int, column: int) -> "list[Piece]":
        """What is drawn of the command from `start` to `end`; a tab is blanks."""
        text = pieces(self._command[start:end], self._look.utf8)
        for at, char in enumerate(self._command[start:end]):
            if char == "\t":
                blanks = min(_TAB - column % _TAB, self._width)
                text[at] = (" " * blanks, blanks)
            column += text[at][1]
        return text


def _hanging(width: int) -> int:
    return _HANGING if width > 2 * _HANGING else 0


def _sizes(command: str, utf8: bool) -> dict[str, int] | None:
    """The columns of each character in `command`; None if all of them take one."""
    if command.isascii() and command.replace("\n", "").isprintable():
        return None
    different = "".join(set(command))
    drawn = pieces(different, utf8)
    return {char: cells for char, (_, cells) in zip(different, drawn, strict=True)}


def _cells(line: str, sizes: dict[str, int], width: int) -> list[int]:
    """The columns that each character of a line takes, tabs too."""
    cells: list[int] = []
    column = 0
    for index, part in enumerate(line.split("\t")):
        if index:
            cells.append(min(_TAB - column % _TAB, width))
            column += cells[-1]
        taken = [sizes[char] for char in part]
        cells.extend(taken)
        column += sum(taken)
    return cells


def _folded(
    line: str, cells: list[int] | None, start: int, width: int
) -> list[tuple[int, int, int]]:
    """The rows of one line that begins at `start` of the command; None: one column a character."""
    rows: list[tuple[int, int, int]] = []
    at = column = 0
    while at < len(line) or not rows:
        room = width - (_hanging(width) if at else 0)
        end = min(at + room, len(line)) if cells is None else _reach(cells, at, room)
        if end < len(line):
            # A blank may hang over the edge, where nobody sees it. One of the indentation is no
            # place to fold at.
            first_word = end - len(line[at:end].lstrip())
            blank = line.rfind(" ", first_word, end + 1)
            end = blank + 1 if blank > first_word else end
        rows.append((start + at, start + end, column))
        column += end - at if cells is None else sum(cells[at:end])
        at = end
    return rows


def _reach(cells: list[int], at: int, room: int) -> int:
    """Where a row that begins at `at` must end at the latest; one character always goes on it."""
    end = min(at + room, len(cells))
    used = sum(cells[at:end])
    if used > end - at or 0 in cells[at:end]:
        end, used = at, 0
    while end < len(cells) and used + cells[end] <= room:
        used += cells[end]
        end += 1
    return max(end, min(at + 1, len(cells)))
