"""What is said of the selected row, in the words of people; figures only if they are asked for.

Pure. Imported when there is a row.
"""

from .rows import directory, kept

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.row import Row

    from .state import State

# Of the daemon's reasons, those that a person needs no key to understand.
_FIXED = "fixed this"
_PLAIN = ("picked before", "often next", "note", "nearly as typed", "only its first 64 KB")


def about(state: "State", width: int) -> str:
    """On the selected row: how it went, where, and what had no column of its own."""
    row, look = state.rows[state.selected], state.look
    reasons = row.why.split(" · ") if row.why else []
    parts = [reason for reason in reasons if reason.startswith(_FIXED)]
    reasons = [reason for reason in reasons if reason not in parts]
    parts += [row.note.replace("\n", " ")] if row.note else []
    parts += ["pinned"] if row.pinned else []
    parts += [look.sign(part, part.replace("×", "x")) for part in _of_runs(row)]
    parts += [reason for reason in reasons if state.scores or reason in _PLAIN]
    if row.alike and state.answer and not state.answer.is_unfolded(row):
        parts.append(f"{row.alike} more like it: {state.keymap.shown('right')}")
    columns = kept(state.columns, width)
    if "directory" not in columns and row.cwd:
        parts.append(directory(row, state.home))
    if "exit" not in columns and row.exit:
        parts.append(f"exit {row.exit}")
    return look.parted(*parts)


def _of_runs(row: "Row") -> list[str]:
    """`ran 6×, 1.2 s, worked last time, here`, as one part."""
    told = [f"ran {row.runs}×" if row.runs > 1 else "ran once"] if row.runs else []
    if row.duration is not None and row.duration >= 0.05:
        told.append(took(row.duration))
    if row.exit is not None:
        told.append("failed last time" if row.exit else "worked last time")
    if row.here:
        told.append("here" if row.here == "directory" else f"in this {row.here}")
    return [", ".join(told)] if told else []


def took(seconds: float) -> str:
    """A duration: `<.1 s`, `.2 s`, `1.2 s`, `12 s`, `3 min 5 s`, `2 h 10 min`."""
    if seconds < 0.05:
        return "<.1 s"
    if seconds < 9.95:
        return f"{seconds:.1f} s".removeprefix("0")
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, left = divmod(minutes, 60)
    return f"{hours} h {left} min" if left else f"{hours} h"
