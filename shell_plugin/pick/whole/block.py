"""The selected command complete, below the list, where a row is too short for some in view."""

from ..screen.rows import room
from ..screen.width import columns
from .folding import Whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.row import Row

    from ..screen.state import State

# Lines, the rule above them counted; and the share of the list that they may take.
_MOST = 9
_SHARE = 3
_FEWEST_ROWS = 3


def block(state: "State", width: int, height: int) -> list[str]:
    """The lines that are taken of the `height` for rows: as many as the longest in view needs, so
    that the list stands still while the selection moves. Empty if each fits on its row.
    """
    most = min(_MOST, height // _SHARE)
    if height - most < _FEWEST_ROWS or most < 2:
        return []
    top = max(0, min(state.top, state.selected))
    seen = state.rows[top : max(top + height, state.selected + 1)]
    fitting = room(state, seen, width)
    needed = max(_lines(row, fitting, width) for row in seen)
    return _drawn(state, width, min(most, 1 + needed)) if needed else []


def _lines(row: "Row", fitting: int, width: int) -> int:
    """About how many lines a command takes that does not fit on its row; 0 if it does."""
    text = row.command
    if "\n" not in text and len(text) <= fitting and columns(text) <= fitting:
        return 0
    return 1 + text.count("\n", 0, 1 << 12) + len(text) // max(1, width - 6)


def _drawn(state: "State", width: int, height: int) -> list[str]:
    look = state.look
    folded = _folded(state, max(1, width - 4))
    shown = height - 1
    state.whole_top = max(0, min(state.whole_top, folded.count - shown))
    lines = folded.drawn(state.whole_top, shown)
    left = folded.count - state.whole_top - len(lines)
    if left > 0:
        keys = f"{left + 1} more lines: {state.keymap.shown('whole-down')}"
        lines[-1] = look.style("dim") + look.sign("… ", "~ ") + keys
    rule = look.style("dim") + "   " + look.sign("─", "-") * max(0, width - 4)
    return [rule, *("   " + line for line in lines), *[""] * (shown - len(lines))]


def _folded(state: "State", width: int) -> Whole:
    """Of the selected row; kept as long as it is selected."""
    command = state.rows[state.selected].command
    if state.whole is None or state.whole[0] != (command, width):
        state.whole = ((command, width), Whole(command, width, state.look))
    return state.whole[1]
