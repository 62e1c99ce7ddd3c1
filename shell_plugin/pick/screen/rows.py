"""The list of the picture: rows, and the rule between them.

Pure. Nothing is found yet when the picker paints first: this is imported when something is.
"""

from ..words import spans
from .width import clip, clip_left, columns, pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.row import Row

    from .look import Look
    from .state import State

# The columns there are beside the command, those that stay longest first: the cells that each
# takes, or the share of the terminal, and the least width of a terminal in which it stands. Of what
# is left out the line under the list says most for the selected row.
COLUMNS = {
    "age": (4, 28),
    "exit": (4, 28),
    "duration": (4, 40),
    "count": (4, 40),
    "directory": (0.3, 60),
    "host": (0.15, 72),
}
_TEXTS = ("directory", "host")
# The share of the terminal that the command keeps, whatever columns are set.
_COMMAND_SHARE = 0.3
# Marks at the left, air before the first column, and a cell at the right that stays free.
_MARKS, _AIR, _EDGE = 3, 2, 1


def listed(state: "State", width: int, height: int) -> list[str]:
    """The rows about the selected one. The rule is a line of the list, but no row of it."""
    rule = state.answer.rule if state.answer else None
    below = rule is not None and state.selected >= rule
    count, selected = len(state.rows) + (rule is not None), state.selected + below
    top = max(min(state.top, selected, count - height), selected - height + 1, 0)
    state.top, state.page = top, height
    shown = range(top, min(top + height, count))
    at = [line - (rule is not None and line > rule) for line in shown]
    state.places = [None if line == rule else i for line, i in zip(shown, at, strict=True)]
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


def kept(columns: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Those of the columns for which a terminal of this width has room, in their order."""
    room = width - _EDGE - _MARKS - _AIR
    found = []
    for name, (share, least) in COLUMNS.items():
        cells = _cells(share, width) + _gap(name)
        if name in columns and width >= least and room - cells >= int(width * _COMMAND_SHARE):
            found.append(name)
            room -= cells
    return tuple(name for name in columns if name in found)


def _cells(share: float, width: int) -> int:
    """The most that a column takes."""
    return int(share if share >= 1 else width * share)


def _gap(name: str) -> int:
    """Cells between a column and the one after it: texts need more than figures."""
    return 2 if name in _TEXTS else 1


class _Layout:
    """places: the columns of the list in which something stands: name, where it begins, and its
    cells. room: the cells that are left for the command.
    """

    __slots__ = ("places", "room")

    def __init__(self, state: "State", shown: "list[Row]", width: int) -> None:
        self.places: list[tuple[str, int, int]] = []
        edge = width - _EDGE
        for name in reversed(kept(state.columns, width)):
            longest = max((columns(_told(name, row, state)) for row in shown), default=0)
            cells = _cells(COLUMNS[name][0], width)
            if name in _TEXTS:
                cells = min(cells, longest)
            # Ages stay where they are, so that the list stands still.
            if cells and (longest or name == "age"):
                edge -= cells + (_gap(name) if self.places else 0)
                self.places.append((name, edge, cells))
        self.room = max(1, edge - _MARKS - _AIR)


def _row(state: "State", index: int, layout: _Layout, words: list[str]) -> str:
    look, row, selected = state.look, state.rows[index], index == state.selected
    pin = look.style("mark") + look.sign("★", "*") if row.pinned else " "
    out = [look.style("mark") + look.sign("▌", ">") if selected else " ", pin, " "]
    before, after = _folded(state, row)
    left = max(1, layout.room - columns(before) - columns(after))
    out.append(look.style("dim") + before)
    out.append(_command(row.command, spans(row.command, words), selected, left, look))
    out.append(look.style("dim") + after)
    for name, start, cells in layout.places:
        if told := _told(name, row, state):
            style = look.style("bad" if name == "exit" else "dim")
            out.append(_at(start) + style + _fitted(name, told, cells, look.utf8))
    return "".join(out)


def _folded(state: "State", row: "Row") -> tuple[str, str]:
    """What stands before and after the command: of a like a sign that it is one, and of a row how
    many more it stands for.
    """
    answer = state.answer
    if answer and row.command in answer.parents:
        return state.look.sign("└ ", "- "), ""
    return "", f" +{row.alike}" if answer and row.alike and not answer.is_unfolded(row) else ""


def _told(name: str, row: "Row", state: "State") -> str:
    """What a row has to say in a column; empty if that is nothing."""
    if name == "directory":
        return directory(row, state.home)
    if name == "host":
        return row.host or ""
    if name == "exit":
        return f"{state.look.sign('✗', '!')}{row.exit}" if row.exit else ""
    if name == "duration":
        return brief(row.duration) if row.duration is not None else ""
    if name == "count":
        runs = row.runs or 0
        told = str(runs) if runs < 1000 else f"{min(99, runs // 1000)}k"
        return told + state.look.sign("×", "x") if runs else ""
    return age(state.now - row.last_run) if row.last_run is not None else ""


def _fitted(name: str, told: str, cells: int, utf8: bool) -> str:
    """In these cells: texts and exits at the left, of a path the end, and figures at the right."""
    if name == "directory":
        return clip_left(told, cells, utf8)
    if name in ("host", "exit"):
        return clip(told, cells, utf8)
    return f"{told:>{cells}}"


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


def brief(seconds: float) -> str:
    """How long it took, in at most four characters; empty for what took no time to speak of."""
    if seconds < 0.05:
        return ""
    if seconds < 9.95:
        return f"{seconds:.1f}s"
    whole = round(seconds)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if whole >= size:
            return f"{min(999, whole // size)}{unit}"
    return f"{whole}s"
