"""The two lines at the foot: what is said of the selected row, and where one stands.

Pure.
"""

from .width import clip, columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .state import State

# The modes of protocol.py, which the first paint does not import.
_MODES = {
    "hybrid": "meaning and text",
    "meaning": "meaning",
    "text": "text only",
    "offline": "offline, text only",
    "": "searching",
}

# The actions whose keys are named, as far as there is room.
_HELPED = (
    *(("put", "pick"), ("run", "run"), ("leave", "back"), ("again", "shell")),
    *(("inspect", "runs"), ("scope", "scope")),
)


def foot(state: "State", width: int) -> list[str]:
    """The two lines."""
    look, detail = state.look, state.told
    if state.rows and not detail:
        from .about import about

        detail = about(state, width)
    room = width - 4
    mode = "-- normal --  " if state.vi and state.vi.normal else ""
    left = mode + _status(state, room - len(mode))
    keys = _keys(state, room - columns(left))
    gap = " " * max(0, room - columns(left) - columns(keys)) if keys else ""
    offline = state.answer and state.answer.mode == "offline"
    return [
        look.style("warn" if state.told else "dim") + "   " + clip(detail, room, look.utf8),
        look.style("warn" if offline else "dim") + "   " + left + look.style("dim") + gap + keys,
    ]


def _status(state: "State", room: int) -> str:
    """How to get help, where the selection stands among how many, and how they were found: what
    there is room for.

    What the list is narrowed to, and that there is no daemon, is said to the last.
    """
    parted, key = state.look.parted, state.keymap.shown("help")
    rich, bare = _standing(state)
    texts = [parted(f"{key} help", *parts) for parts in rich if key]
    texts += [parted(*parts) for parts in (*rich, *bare)]
    fitting = (text for text in texts if columns(text) <= room)
    return next(fitting, clip(texts[-1], max(room, 1), state.look.utf8))


def _standing(state: "State") -> tuple[list[list[str]], list[list[str]]]:
    """The parts of the status in several lengths, the longest first: those beside which there is
    to be help, and those for little room.
    """
    answer, mode = state.answer, _mode_name(state)
    narrowed = [*state.narrowing.words, *_pending(state)]
    if answer is None or not answer.rows:
        return [["0", *narrowed, mode]], [["0", *narrowed]]
    place, count = answer.first + state.selected + 1, answer.count
    long, short = f"{place} of {count}", f"{place}/{count}"
    if answer.mode == "offline":
        return [[long, *narrowed, mode]], [[short, *narrowed, "offline"]]
    bare = [[long, *narrowed], [short, *narrowed], [short]]
    if not 0 < answer.matches < count:
        return [[long, *narrowed, mode]], bare
    held = f"{answer.matches} contain{'s' * (answer.matches == 1)} it"
    return [[long, held, *narrowed, mode], [long, held, *narrowed]], [
        [short, held, *narrowed],
        *bare,
    ]


def _pending(state: "State") -> list[str]:
    """How much is to be forgotten when the picker closes."""
    count = len(state.hidden) + len(state.hidden_runs)
    return [f"{count} to forget"] if count else []


def _mode_name(state: "State") -> str:
    """How it was searched; nothing but a filter, or nothing at all, is no search."""
    mode = state.answer.mode if state.answer else ""
    if mode == "text" and not state.wanted:
        return "history"
    return _MODES.get(mode, "text only")


def _keys(state: "State", room: int) -> str:
    """As much of the key help as there is room for, the most useful first."""
    out = ""
    for action, word in _HELPED:
        key = state.keymap.shown(action)
        longer = f"{out}  {key} {word}" if key else out
        if columns(longer) > room - 1:
            break
        out = longer
    return out
