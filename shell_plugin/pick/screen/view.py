"""The picture of the picker: from its state to the lines on the screen.

Pure: draws strings, owns no terminal. Everything from history goes through `width`, which
lets no control character by.
"""

from ..words import Words, spans
from .line import Line
from .width import clip, clip_left, columns, pieces

# Nothing has been answered yet when this is imported: the first paint waits for it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.row import Row

    from ..answers.answer import Answer

# Under this many columns the directory, then everything but the command, goes: the line under
# the list says it for the selected row.
WIDE = 60
NARROW = 28

# The modes of protocol.py, which the first paint does not import.
_MODES = {
    "hybrid": "meaning and text",
    "meaning": "meaning",
    "text": "text only",
    "offline": "offline, text only",
    "": "searching",
}


class Look:
    """How things may be drawn: `color` unless NO_COLOR, `utf8` unless the locale has none."""

    __slots__ = ("color", "utf8")

    def __init__(self, color: bool, utf8: bool) -> None:
        self.color = color
        self.utf8 = utf8

    def style(self, name: str) -> str:
        """The escape sequence of a style; weight and underline are not colour."""
        plain = {"dim": "2", "bold": "1", "match": "4", "mark": "1", "bad": "1", "warn": "1"}
        colors = {"match": "1;36", "mark": "36", "bad": "31", "warn": "33"}
        code = (colors.get(name) if self.color else None) or plain[name]
        return f"\x1b[0;{code}m"

    def sign(self, fancy: str, ascii_: str) -> str:
        return fancy if self.utf8 else ascii_


class Header:
    """The prompt's last line and what was typed there, where the shell has wiped them (bash).

    The prompt is the user's own and holds escape sequences; \\x01 and \\x02, with which bash
    marks them, are dropped.
    """

    __slots__ = ("prompt", "text")

    def __init__(self, prompt: str, text: str) -> None:
        self.prompt = prompt.replace("\x01", "").replace("\x02", "")
        self.text = text


class State:
    """Everything that is shown. `answer` is None until something has answered."""

    __slots__ = (
        "answer",
        "header",
        "home",
        "key",
        "line",
        "look",
        "now",
        "selected",
        "top",
    )

    def __init__(self, line: Line, look: Look, header: Header | None, home: str, key: str) -> None:
        self.line = line
        self.look = look
        self.header = header
        self.home = home
        self.key = key
        self.answer: Answer | None = None
        self.selected = 0
        self.top = 0
        self.now = 0.0

    @property
    def rows(self) -> "list[Row]":
        return self.answer.rows if self.answer else []


def draw(state: State, width: int, height: int) -> tuple[list[str], tuple[int, int]]:
    """`height` lines for a terminal of `width` columns, and the cursor's (line, column)."""
    lines = []
    if state.header is not None:
        # What does not fit is cut by the edge of the screen.
        lines.append(state.header.prompt + "\x1b[0m" + _clip(state, state.header.text, width))
    query, column = _query(state, width)
    cursor = (len(lines), column)
    lines.append(query)
    if state.answer and state.answer.note:
        lines.append(state.look.style("warn") + "   " + _clip(state, state.answer.note, width - 4))
    footer = _footer(state, width)[: max(0, height - len(lines) - 1)]
    lines += _list(state, width, height - len(lines) - len(footer))
    return (lines + footer)[:height], cursor


def _clip(state: State, text: str, room: int) -> str:
    return clip(text, room, state.look.utf8)


def _query(state: State, width: int) -> tuple[str, int]:
    """The line being typed, scrolled sideways so that the cursor is in view."""
    look, line = state.look, state.line
    label = " " + look.sign("❯", ">") + " "
    room = max(1, width - len(label) - 1)
    drawn = pieces(line.text, look.utf8)
    start, used = line.cursor, 0
    while start and used + drawn[start - 1][1] <= room:
        start -= 1
        used += drawn[start][1]
    shown, left = [], room
    for piece, cells in drawn[start:]:
        if cells > left:
            break
        left -= cells
        shown.append(piece)
    return look.style("mark") + label + "\x1b[0m" + "".join(shown), len(label) + used


def _list(state: State, width: int, height: int) -> list[str]:
    if height <= 0:
        return []
    state.top = max(min(state.top, state.selected), state.selected - height + 1)
    shown = state.rows[state.top : state.top + height]
    if not shown and state.answer and state.answer.mode:
        return [state.look.style("dim") + "   no match", *[""] * (height - 1)]
    layout = _Layout(state, shown, width)
    words = Words(state.line.text).wanted
    lines = [
        _row(state, row, state.top + index == state.selected, layout, words)
        for index, row in enumerate(shown)
    ]
    return lines + [""] * (height - len(lines))


class _Layout:
    """The columns of the list: where each begins, 0 where it is left out."""

    __slots__ = ("age", "directory", "directory_room", "exit", "room")

    def __init__(self, state: State, shown: "list[Row]", width: int) -> None:
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


def _row(state: State, row: "Row", selected: bool, layout: _Layout, words: list[str]) -> str:
    look = state.look
    found = spans(row.command, words)
    out = [look.style("mark") + look.sign("▌", ">") if selected else " "]
    # Nothing of the query is in it: it is here for its meaning.
    alike = bool(words) and not found and not row.text
    out.append(look.style("dim") + look.sign("≈", "~") if alike else " ")
    out.append(" " + _command(row.command, found, selected, layout.room, look))
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
    command: str, found: list[tuple[int, int]], selected: bool, room: int, look: Look
) -> str:
    """The command on one line in `room` columns, the letters that matched lit up."""
    # What lies outside any terminal need not be measured: a command may be a megabyte.
    start = _first_shown(found, room)
    drawn = pieces(command[start : start + room + 1], look.utf8)
    lit = {at for begin, end in found for at in range(begin, min(end, start + room + 1))}
    base = look.style("bold") if selected else "\x1b[0m"
    over = sum(cells for _, cells in drawn) + (start > 0) > room
    left = room - (start > 0) - over
    mark = look.style("dim") + look.sign("…", "~")
    out, style = [mark if start else ""], ""
    for at, (piece, cells) in enumerate(drawn, start):
        if cells > left:
            over = True
            break
        left -= cells
        wanted = look.style("match") if at in lit else base
        out.append(piece if wanted == style else wanted + piece)
        style = wanted
    return "".join(out) + (mark if over else "")


def _first_shown(found: list[tuple[int, int]], room: int) -> int:
    """Where to begin, so that the first match is in view, with a little before it."""
    if not found or found[0][1] <= room - 1:
        return 0
    return max(0, found[0][0] - room // 3)


def _footer(state: State, width: int) -> list[str]:
    look = state.look
    lines = [look.style("dim") + "   " + _clip(state, _detail(state, width), width - 4)]
    mode = state.answer.mode if state.answer else ""
    count = f"{state.selected + 1}/{len(state.rows)}" if state.rows else "0"
    dot = look.sign(" · ", " - ")
    left = f"{count}{dot}{_mode_name(state, mode)}"
    room = width - 4 - columns(left)
    style = look.style("warn") if mode == "offline" else look.style("dim")
    keys = _keys(state, room)
    gap = " " * max(0, room - columns(keys)) if keys else ""
    status = style + "   " + _clip(state, left, width - 4) + look.style("dim") + gap + keys
    return [*lines, status]


def _mode_name(state: State, mode: str) -> str:
    """How it was searched; nothing but a filter, or nothing at all, is no search."""
    if mode == "text" and not Words(state.line.text).wanted:
        return "history"
    return _MODES.get(mode, "text only")


def _detail(state: State, width: int) -> str:
    """About the selected row: why it is here, and what had no column of its own."""
    if not state.rows:
        return ""
    row = state.rows[state.selected]
    parts = [row.why if state.look.utf8 else row.why.replace("·", "-")] if row.why else []
    if not row.why and row.runs and row.runs > 1:
        parts.append(f"ran {row.runs} times")
    if width < WIDE and row.cwd:
        parts.append(directory(row, state.home))
    if width < NARROW and row.exit:
        parts.append(f"exit {row.exit}")
    return state.look.sign(" · ", " - ").join(parts)


def _keys(state: State, room: int) -> str:
    """As much of the key help as there is room for, the most useful first."""
    helps = ["enter pick", "alt-enter run", "esc back", f"{state.key} shell", "tab edit"]
    out = ""
    for item in helps:
        longer = out + "  " + item
        if columns(longer) > room - 1:
            break
        out = longer
    return out


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
