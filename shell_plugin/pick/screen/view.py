"""The picture of the picker: from its state to the lines on the screen.

Pure: draws strings, owns no terminal. Everything from history goes through `width`, which
lets no control character by.
"""

from ..words import placed
from .foot import foot
from .width import clip, pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .line import Line
    from .look import Look
    from .state import State

# With fewer lines for the list and its foot there is none for an episode above it.
_LEAST = 4

# The lines of a picture, and the cursor's (line, column).
Picture = tuple[list[str], tuple[int, int]]


def draw(state: "State", width: int, height: int) -> Picture:
    """`height` lines for a terminal of `width` columns, and where the cursor stands."""
    lines, view = top(state, width), state.view
    if view is None:
        return _with_list(state, lines, foot(state, width), width, height)
    if view.is_whole:
        shown, (row, column) = view.draw(state, width, height - len(lines))
        return lines + shown, (row + len(lines), column)
    below, (row, column) = view.draw(state, width, min(2, height - len(lines)))
    room = height - len(below)
    if view.below is None:
        lines, _ = _with_list(state, lines, [], width, room)
    else:
        lines += view.below.draw(state, width, room - len(lines))[0]
    return lines + below, (len(lines) + row, column)


def _with_list(
    state: "State", lines: list[str], below: list[str], width: int, height: int
) -> Picture:
    """The query and the list between some `lines` and others `below`."""
    query, column = _query(state, width)
    cursor = (len(lines), column)
    lines.append(query)
    if state.answer and state.answer.hint:
        hint = clip(state.answer.hint, width - 4, state.look.utf8)
        lines.append(state.look.style("warn") + "   " + hint)
    if state.answer and state.answer.heading and height - len(lines) > _LEAST:
        from .heading import heading

        lines.append(heading(state.answer.heading, state, width))
    below = below[: max(0, height - len(lines) - 1)]
    state.places = []
    rows = _list(state, width, height - len(lines) - len(below))
    if state.upward:
        # The other way up: the hint above the query, and above that the rows.
        at = cursor[0]
        hints = lines[at + 1 : height]
        lines[at:] = [*rows, *hints, query]
        cursor = (len(lines) - 1, column)
        state.places = [*[None] * (at + len(rows) - len(state.places)), *state.places[::-1]]
    else:
        state.places = [*[None] * len(lines), *state.places]
        lines += rows
    return (lines + below)[:height], cursor


def top(state: "State", width: int) -> list[str]:
    """The line of the shell, where it has to be drawn; what does not fit is cut by the edge of
    the screen.
    """
    if state.header is None:
        return []
    return [state.header.prompt + "\x1b[0m" + clip(state.header.text, width, state.look.utf8)]


def _query(state: "State", width: int) -> tuple[str, int]:
    """The query, with what of it narrows the search; and the cursor's column."""
    applied = placed(state.line.text, state.answer.applied) if state.answer else []
    label = " " + state.look.sign("❯", ">") + " "
    return typed(state.line, label, state.look, width, applied)


def typed(
    line: "Line", label: str, look: "Look", width: int, lit: "list[tuple[int, int]]"
) -> tuple[str, int]:
    """A line that is being typed, behind a `label`, scrolled sideways so that the cursor is in
    view; and the cursor's column. lit: stretches in the style of filters.
    """
    room = max(1, width - len(label) - 1)
    drawn = pieces(line.text, look.utf8)
    start, used = line.cursor, 0
    while start and used + drawn[start - 1][1] <= room:
        start -= 1
        used += drawn[start][1]
    styles = {at - start: "filter" for begin, end in lit for at in range(begin, end)}
    shown = look.drawn(drawn[start : start + room], room, styles, "\x1b[0m")
    return look.style("mark") + label + "\x1b[0m" + shown, len(label) + used


def _list(state: "State", width: int, height: int) -> list[str]:
    if height <= 0:
        return []
    if state.rows:
        from ..whole.block import block
        from .rows import listed

        whole = block(state, width, height)
        rows = listed(state, width, height - len(whole))
        # Upwards, the whole command stands on top, its rule below it.
        return [*whole[1:], *whole[:1], *rows[::-1]] if state.upward else rows + whole
    told = state.look.style("dim") + "   " + _nothing(state) if _is_answered(state) else ""
    lines = [told, *[""] * (height - 1)]
    return lines[::-1] if state.upward else lines


def _is_answered(state: "State") -> bool:
    return state.answer is not None and bool(state.answer.mode)


def _nothing(state: "State") -> str:
    """Why there is no row."""
    if state.answer and not state.answer.total and not state.answer.query.strip():
        return "no history yet; take in what your shell has: deja import"
    return "no match"
