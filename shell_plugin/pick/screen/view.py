"""The picture of the picker: from its state to the lines on the screen.

Pure: draws strings, owns no terminal. Everything from history goes through `width`, which
lets no control character by.
"""

from ..words import Words, placed
from .line import Line
from .width import clip, columns, pieces

# Nothing has been answered yet when this is imported: the first paint waits for it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.row import Row

    from ..answers.answer import Answer
    from .width import Piece

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
        plain = {"dim": "2", "match": "4", "filter": "4"}
        colors = {"match": "1;36", "mark": "36", "bad": "31", "warn": "33", "filter": "35"}
        code = (colors.get(name) if self.color else None) or plain.get(name, "1")
        return f"\x1b[0;{code}m"

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

    @property
    def wanted(self) -> list[str]:
        """The words looked for, lower-cased; as the daemon read the line, if it has."""
        answer, text = self.answer, self.line.text
        read = answer and answer.query == text and answer.mode != "offline"
        return Words(text, answer.applied if answer and read else None).wanted


def draw(state: State, width: int, height: int) -> tuple[list[str], tuple[int, int]]:
    """`height` lines for a terminal of `width` columns, and the cursor's (line, column)."""
    lines = []
    if state.header is not None:
        # What does not fit is cut by the edge of the screen.
        lines.append(state.header.prompt + "\x1b[0m" + _clip(state, state.header.text, width))
    query, column = _query(state, width)
    cursor = (len(lines), column)
    lines.append(query)
    if state.answer and state.answer.hint:
        lines.append(state.look.style("warn") + "   " + _clip(state, state.answer.hint, width - 4))
    footer = _footer(state, width)[: max(0, height - len(lines) - 1)]
    lines += _list(state, width, height - len(lines) - len(footer))
    return (lines + footer)[:height], cursor


def _clip(state: State, text: str, room: int) -> str:
    return clip(text, room, state.look.utf8)


def _query(state: State, width: int) -> tuple[str, int]:
    """The line being typed, scrolled sideways so that the cursor is in view; and its column."""
    look, line = state.look, state.line
    label = " " + look.sign("❯", ">") + " "
    room = max(1, width - len(label) - 1)
    drawn = pieces(line.text, look.utf8)
    start, used = line.cursor, 0
    while start and used + drawn[start - 1][1] <= room:
        start -= 1
        used += drawn[start][1]
    applied = placed(line.text, state.answer.applied) if state.answer else []
    lit = {at - start: "filter" for begin, end in applied for at in range(begin, end)}
    shown = look.drawn(drawn[start : start + room], room, lit, "\x1b[0m")
    return look.style("mark") + label + "\x1b[0m" + shown, len(label) + used


def _list(state: State, width: int, height: int) -> list[str]:
    if height <= 0:
        return []
    if state.rows:
        from .rows import listed

        return listed(state, width, height)
    told = state.look.style("dim") + "   no match" if state.answer and state.answer.mode else ""
    return [told, *[""] * (height - 1)]


def _footer(state: State, width: int) -> list[str]:
    look, detail = state.look, ""
    if state.rows:
        from .rows import about

        detail = about(state, width)
    left = _status(state, width - 4)
    room = width - 4 - columns(left)
    offline = state.answer and state.answer.mode == "offline"
    keys = _keys(state, room)
    gap = " " * max(0, room - columns(keys)) if keys else ""
    return [
        look.style("dim") + "   " + _clip(state, detail, width - 4),
        look.style("warn" if offline else "dim") + "   " + left + look.style("dim") + gap + keys,
    ]


def _status(state: State, room: int) -> str:
    """Where the selection stands among how many, and how they were found: what there is room for.

    That there is no daemon is said to the last.
    """
    answer = state.answer
    mode = _mode_name(state)
    if answer is None or not answer.rows:
        return _clip(state, _parted(state, "0", mode), room)
    place, count = answer.first + state.selected + 1, answer.count
    long, short = f"{place} of {count}", f"{place}/{count}"
    choices = [[long, mode], [short, "offline"]] if answer.mode == "offline" else [[long, mode]]
    if 0 < answer.matches < count:
        held = f"{answer.matches} contain{'s' * (answer.matches == 1)} it"
        choices = [[long, held, mode], [long, held], [short, held]]
    choices += [[long], [short]] if answer.mode != "offline" else []
    texts = [_parted(state, *parts) for parts in choices]
    fitting = (text for text in texts if columns(text) <= room)
    return next(fitting, _clip(state, texts[-1], room))


def _parted(state: State, *parts: str) -> str:
    return state.look.sign(" · ", " - ").join(parts)


def _mode_name(state: State) -> str:
    """How it was searched; nothing but a filter, or nothing at all, is no search."""
    mode = state.answer.mode if state.answer else ""
    if mode == "text" and not state.wanted:
        return "history"
    return _MODES.get(mode, "text only")


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
