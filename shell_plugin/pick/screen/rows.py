"""The list of the picture: rows, and the rule between them.

Pure. Nothing is found yet when the picker paints first: this is imported when something is.
"""

from ..words import spans
from .width import clip_left, columns, pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.row import Row

    from .look import Look
    from .state import State

# Under this many columns the directory, then everything but the command, goes: the line under
# the list says it for the selected row.
WIDE = 60
NARROW = 28


def listed(state: "State", width: int, height: int) -> list[str]:
    """The rows about the selected one. The rule is a line of the list, but no row of it."""
    rule = state.answer.rule if state.answer else None
    below = rule is not None and state.selected >= rule
    count, selected = len(state.rows) + (rule is not None), state.selected + below
    top = max(min(state.top, selected, count - height), selected - height + 1, 0)
    state.top, state.page = top, height
    shown = range(top, min(top + height, count))
    at = [line - (rule is not None and line > rule) for line in shown]
    layout = _Layout(state, [state.rows[index] for index in at], width)
    words = state.wanted
    lines = [
        _rule(state, width) if line == rule else _row(state, index, layout, words)
        for line, index in zip(shown, at, strict=True)
    ]
    return lines + [""] * (height - len(lines))


def _rule(state: "State", width: int) -> str:
    return state.look.style("dim") + "   " + state.look.sign("─", "-") * max(0, width - 4)


def room(state: "State", shown: "list[Row]", width: int) -> int:
    """The columns that a command has on its row."""
    return _Layout(state, shown, width).room


class _Layout:
    """The columns of the list: where each begins, 0 where it is left out."""

    __slots__ = ("age", "directory", "directory_room", "exit", "room")

    def __init__(self, state: "State", shown: "list[Row]", width: int) -> None:
        edge = width - 1
        self.age = self.exit = self.directory = self.directory_room = 0
        if width >= NARROW:
            edge -= 4
            self.age = edge
            if any(row.exit for row in shown):
                edge -= 5
                self.exit = edge
        longest = max((columns(directory(row, state.home)) for row in shown), default=0)
        if width >= WIDE and longest:
            self.directory_room = min(longest, width * 3 // 10)
            edge -= self.directory_room + 2
            self.directory = edge
        # Three columns of marks at the left, and two of air at the right.
        self.room = max(1, edge - 3 - 2)


def _row(state: "State", index: int, layout: _Layout, words: list[str]) -> str:
    look, row, selected = state.look, state.rows[index], index == state.selected
    pin = look.style("mark") + look.sign("★", "*") if row.pinned else " "
    out = [look.style("mark") + look.sign("▌", ">") if selected else " ", pin, " "]
    out.append(_command(row.command, spans(row.command, words), selected, layout.room, look))
    if layout.directory:
        shown = clip_left(directory(row, state.home), layout.directory_room, look.utf8)
        out.append(_at(layout.directory) + look.style("dim") + shown)
    if layout.exit and row.exit:
        shown = f"{look.sign('✗', '!')}{row.exit}"
        out.append(_at(layout.exit) + look.style("bad") + shown[:5])
    if layout.age and row.last_run is not None:
        out.append(_at(layout.age) + look.style("dim") + f"{age(state.now - row.last_run):>4}")
    return "".join(out)


def _at(column: int) -> str:
    """Go to a column outright: a width that was guessed wrong must not shift the rest."""
    return f"\x1b[{column + 1}G"


def _command(
    command: str, found: list[tuple[int, int]], selected: bool, room: int, look: "Look"
) -> str:
    """The command on one line in `room` columns, the letters that matched lit up."""
    # What lies outside any terminal need not be measured: a command may be a megabyte.
    start = _first_shown(found, room)
    drawn = pieces(command[start : start + room + 1], look.utf8)
    ends = start + room + 1
    lit = {at - start: "match" for begin, end in found for at in range(begin, min(end, ends))}
    base = look.style("bold") if selected else "\x1b[0m"
    over = sum(cells for _, cells in drawn) + (start > 0) > room
    mark = look.style("dim") + look.sign("…", "~")
    shown = look.drawn(drawn, room - (start > 0) - over, lit, base)
    return (mark if start else "") + shown + (mark if over else "")


def _first_shown(found: list[tuple[int, int]], room: int) -> int:
    """Where to begin, so that the first match is in view, with a little before it."""
    if not found or found[0][1] <= room - 1:
        return 0
    return max(0, found[0][0] - room // 3)


def directory(row: "Row", home: str) -> str:
    """Where a command last ran, as people write it: `~` for home; empty if unknown."""
    path = row.cwd or ""
    if home and (path == home or path.startswith(home + "/")):
        return "~" + path[len(home) :]
    return path


def age(seconds: float) -> str:
    """How long ago, in at most four characters; a clock that went back counts as now."""
    if seconds < 60:
        return "now"
    for size, unit in ((365 * 86400, "y"), (30 * 86400, "mo"), (86400, "d"), (3600, "h")):
        if seconds >= size:
            return f"{min(99, int(seconds // size))}{unit}"
    return f"{int(seconds // 60)}m"
