"""An episode in the words of people: when, how long, where, how much, and how it ended. Pure."""

from ...screen.about import took
from ...screen.heading import when
from ...screen.width import clip_left, columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.episode import Episode

    from ...screen.look import Look
    from ...screen.state import State

# Keys that mean something in an episode alone: their action, and what it does, for the help.
OWN_KEYS = (
    ("tab", "mark", "mark; Enter then puts all that is marked, in the order of the episode"),
    ("alt-s", "script", "all of it on the line, as a script for bash"),
)

# What is said of where it was takes at least so much room, or is left out.
_PLACE = 6
# From so many seconds on, they are not counted one by one.
_LONG = 600
# A number beyond this is nonsense.
_LARGEST = 1e12


def details(episode: "Episode", state: "State", room: int) -> str:
    """`3 May 14:02 · 48 min · ~/src/shop · 23 commands · ended well`; where there is little room
    the place is cut, then it goes, then the count.
    """
    look, count = state.look, len(episode.runs)
    first = [when(episode.started, state.now), _lasted(episode)]
    last = [f"{count} command{'s' * (count != 1)}", _ended(episode)]
    left = room - columns(look.parted(*first, " ", *last)) + 1
    place = tilde(episode.cwd or "", state.home)
    if left >= min(_PLACE, columns(place)):
        return look.parted(*first, clip_left(place, left, look.utf8), *last)
    whole = look.parted(*first, *last)
    return whole if columns(whole) <= room else look.parted(*first, last[1])


def tilde(path: str, home: str) -> str:
    """A directory as people write it: `~` for home."""
    if home and (path == home or path.startswith(home + "/")):
        return "~" + path[len(home) :]
    return path


def offset(seconds: float | None) -> str:
    """How long after the beginning: `+0:48`, hours and minutes; empty if unknown."""
    if seconds is None or not 0 <= seconds < _LARGEST:
        return ""
    return f"+{int(seconds // 3600)}:{int(seconds % 3600 // 60):02}"


def fitting(keys: "list[tuple[str, str]]", room: int) -> str:
    """As many keys, each with what it does, as there is room for; what has none is left out."""
    out = ""
    for key, word in keys:
        longer = f"{out}  {key} {word}".strip() if key and word else out
        if columns(longer) > room:
            break
        out = longer
    return out


def margin(look: "Look", selected: bool, marked: bool = False) -> str:
    """Four columns: the sign of the selection, and that of a mark."""
    sign = look.sign("▌", ">") if selected else " "
    return look.style("mark") + sign + ("+" if marked else " ") + "  \x1b[0m"


def _lasted(episode: "Episode") -> str:
    if episode.started is None or episode.ended is None:
        return ""
    seconds = episode.ended - episode.started
    if not 0 <= seconds < _LARGEST:
        return ""
    return took(seconds if seconds < _LONG else round(seconds / 60) * 60)


def _ended(episode: "Episode") -> str:
    known = [run.exit for run in episode.runs if run.exit is not None]
    if not known:
        return ""
    return "ended in a failure" if known[-1] else "ended well"
