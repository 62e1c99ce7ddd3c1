"""The line above the rows: an episode that answers a sentence far better than any row.

Pure. Imported when there is one.
"""

import time

from .width import clip, columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .state import State

_DAY = 86400


class Heading:
    """started: epoch seconds, None if unknown; title: its most telling commands."""

    __slots__ = ("started", "title")

    def __init__(self, started: float | None, title: tuple[str, ...]) -> None:
        self.started = started
        self.title = title


def heading(told: Heading, state: "State", width: int) -> str:
    """`≡ 3 May 14:02: rsync -a … · mkfs … · Alt-M opens`."""
    look, key = state.look, state.keymap.shown("episodes")
    opens = f"{look.sign(' · ', ' - ')}{key} opens" if key else ""
    room = width - 4
    opens = opens if columns(opens) < room // 2 else ""
    text = f"{when(told.started, state.now)}: {look.parted(*told.title)}"
    sign = look.style("mark") + " " + look.sign("≡", "=") + " "
    return (
        sign + "\x1b[0m" + clip(text, room - columns(opens), look.utf8) + look.style("dim") + opens
    )


def when(start: float | None, now: float) -> str:
    """A moment, in epoch seconds: `today 14:02`, `yesterday 14:02`, `3 May 14:02`, and of another
    year `3 May 2025 14:02`.
    """
    try:
        then, here = time.localtime(start), time.localtime(now)
        day = time.strftime("%d %b %Y", then).lstrip("0")
        clock = time.strftime("%H:%M", then)
    except (OverflowError, OSError, ValueError):
        start = None
    if start is None:
        return "at some time"
    for name, at in (("today", now), ("yesterday", now - _DAY)):
        if then[:3] == time.localtime(at)[:3]:
            return f"{name} {clock}"
    return f"{day.removesuffix(f' {here.tm_year}')} {clock}"
