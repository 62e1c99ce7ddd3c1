"""Rows of a search for a person at a terminal: columns of age, duration, exit and directory."""

from backend.commands.shared.output import dim, red
from backend.system.text import blanked, valid, visible
from shell_plugin.pick.screen.rows import age, directory
from shell_plugin.pick.screen.width import clip_left, columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from backend.wire.row import Row

# The widest a directory may be, of a terminal that wide.
DIRECTORY_SHARE = 0.3
NEWLINE = "⏎"
RESEMBLES = "these resemble it"


def lines(rows: "Sequence[Row]", width: int, home: str, now: float) -> "Iterator[str]":
    """A line for each row, styled, and one between those that hold what was typed and the rest.
    A command of several lines is on one, with a sign for each newline.
    """
    longest = max((columns(directory(row, home)) for row in rows), default=0)
    room = min(longest, int(width * DIRECTORY_SHARE))
    failed = any(row.exit for row in rows)
    for at, row in enumerate(rows):
        if at and rows[at - 1].match and not row.match:
            yield dim(f"── {RESEMBLES} ──")
        yield " ".join(_cells(row, room, failed, home, now))


def _cells(row: "Row", room: int, failed: bool, home: str, now: float) -> "Iterator[str]":
    ran = age(max(0.0, now - row.last_run)) if row.last_run else ""
    yield dim(f"{ran:>4}")
    yield dim(f"{duration(row.duration):>6}")
    if failed:
        yield red(f"{row.exit or '':>3}")
    if room:
        where = clip_left(blanked(valid(directory(row, home))), room)
        yield dim(where + " " * (room - columns(where)))
    yield visible(valid(row.command).replace("\n", f" {NEWLINE} "), kept="\t")


def duration(seconds: float | None) -> str:
    """`0s`, `.2s`, `12s`, `3m05s`, `2h10m`; empty if unknown."""
    if seconds is None or seconds < 0.05:
        return "" if seconds is None else "0s"
    if seconds < 9.95:
        return f"{seconds:.1f}s".removeprefix("0")
    if seconds < 60:
        return f"{seconds:.0f}s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours}h{minutes_left:02}m" if hours else f"{minutes}m{rest:02}s"
