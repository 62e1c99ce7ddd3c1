"""The help: every key from the table that drives them, the signs, and the filters."""

from ..keymap import TABLE, spelt
from ..screen.width import clip, columns
from .episodes.told import OWN_KEYS as OF_EPISODE
from .inspected import OWN_KEYS as OF_RUNS
from .view import Scroll, View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..keymap import Keymap
    from ..screen.look import Look
    from ..screen.state import State
    from ..screen.view import Picture

# Filter, and what it keeps; the same as in the README.
FILTERS = (
    ("exit:0 exit:fail exit:130", "worked, failed, ended so"),
    ("in:here cwd:/srv/www", "ran in this directory or below, or in that"),
    ("in:repo repo:shop", "ran in this git repository, or in that"),
    ("in:session session:NAME", "ran in this shell, or in that"),
    ("in:host host:NAME", "ran on this machine, or on that"),
    ("since:2w before:2026-01-31", "ran then"),
    ("took:>1m took:<5s", "took so long"),
    ("author:me author:agent", "you ran, an agent ran"),
    ("is:pinned is:noted", "you pinned, you wrote a note on"),
    ("order:newest order:used", "newest first, most used first"),
    ("match:start", "begin with what is typed beside it"),
    ('-word "exact text"', "lack the word; hold the text"),
)

# Signs of the list and of the lines at the foot, in UTF-8 and in ASCII.
SIGNS = (
    ("▌", ">", "the selected row"),
    ("✗1", "!1", "ended so the last time"),
    ("3d", "3d", "when it ran last"),
    ("★", "*", "pinned"),
    ("+4", "+4", "stands for four more that differ in an argument alone"),
    ("└", "-", "one of those, unfolded"),
    ("≡", "=", "what ran together, and is described better than any row"),
    ("───", "---", "above: holds all that was typed; below: only resembles it"),
    ("⏎", "^J", "a new line in the command"),
    ("‹redacted›", "?redacted?", "a secret that was not kept"),
    ("meaning .41", "meaning .41", "how near in meaning, up to 1"),
    ("2 of 3 words", "2 of 3 words", "words of the query that it holds"),
)

_GAP = 2
# Columns in which a key and what it does can be read.
_COLUMN = 56

# A title, and rows of what is explained and how.
Section = tuple[str, tuple[tuple[str, str], ...]]
# The keys of the digits.
_ROW = 9


class Help(View):
    """Closed by any key that does not scroll."""

    __slots__ = ("_height", "_keymap", "_scroll")

    def __init__(self, keymap: "Keymap") -> None:
        super().__init__()
        self._keymap = keymap
        self._scroll = Scroll()
        self._height = 1

    def press(self, key: str) -> None:
        action = self._keymap.action(key)
        if action in ("up", "down", "page-up", "page-down", "first", "last"):
            self._scroll.press(action, self._height)
        else:
            self.closed = True

    def draw(self, state: "State", width: int, height: int) -> "Picture":
        lines = _lines(self._keymap, state, width)
        self._height = max(1, height - 1)
        shown = [lines[at] for at in self._scroll.shown(len(lines), self._height)]
        shown += [""] * (self._height - len(shown))
        more = len(lines) > self._height
        foot = state.look.parted("any key back", *(["arrows, PgDn: more"] if more else []))
        shown.append(state.look.style("dim") + "   " + clip(foot, width - 4, state.look.utf8))
        return shown[:height], (min(height, len(shown)) - 1, 0)


def _lines(keymap: "Keymap", state: "State", width: int) -> list[str]:
    """Everything, under titles; side by side where there is room."""
    look = state.look
    sections = [(group, _keys(keymap, group)) for group in dict.fromkeys(row[1] for row in TABLE)]
    if state.vi:
        from ..vi import NORMAL, TYPING

        rows = ((_as_typed(keys), told) for keys, _, told in (*NORMAL, *TYPING))
        sections.append(("after Esc, which ends typing", tuple(rows)))
    for where, action, keys in (
        ("among the runs of a command", "inspect", OF_RUNS),
        ("in an episode", "episodes", OF_EPISODE),
    ):
        own = tuple((spelt(key), told) for key, _, told in keys)
        sections.append((f"{where} ({keymap.shown(action)})", own))
    sections.append(("filters, anywhere in the query", FILTERS))
    sections.append(("signs", tuple((look.sign(a, b), told) for a, b, told in SIGNS)))
    if width < 2 * _COLUMN:
        return _column(sections, look, width)
    half = width // 2
    left, right = _halves(sections)
    beside = _column(right, look, width - half)
    lines = _column(left, look, half)
    lines += [""] * (len(beside) - len(lines))
    beside += [""] * (len(lines) - len(beside))
    return [
        line + (f"\x1b[{half + 1}G" + other if other else "")
        for line, other in zip(lines, beside, strict=True)
    ]


def _halves(sections: "list[Section]") -> "tuple[list[Section], list[Section]]":
    """Cut where the two are most nearly of one length."""
    sizes = [len(table) + 2 for _, table in sections]
    cut = min(range(len(sizes)), key=lambda at: abs(sum(sizes[:at]) - sum(sizes[at:])))
    return sections[:cut], sections[cut:]


def _column(sections: "list[Section]", look: "Look", width: int) -> list[str]:
    """Sections one below the other."""
    room = max(columns(left) for _, table in sections for left, _ in table)
    lines: list[str] = []
    for title, table in sections:
        lines += [""] if lines else []
        lines.append(look.style("title") + "   " + clip(title, width - 4, look.utf8))
        lines += [_line(left, right, room, look, width) for left, right in table]
    return lines


def _keys(keymap: "Keymap", group: str) -> tuple[tuple[str, str], ...]:
    """Keys and what they do, as they are set."""
    rows = []
    for action, of, _, told in TABLE:
        keys = keymap.keys(action) if of == group else ()
        if keys:
            rows.append((_together(keys), told))
    return tuple(rows)


def _together(keys: tuple[str, ...]) -> str:
    """Keys as people call them; of a row of digits the first and the last."""
    if len(keys) == _ROW:
        return f"{spelt(keys[0])}…{keys[-1][-1]}"
    return ", ".join(map(spelt, keys))


def _as_typed(keys: tuple[str, ...]) -> str:
    """Keys of vi, where a letter is a key in itself, and G another one than g."""
    return ", ".join(key if len(key) <= 2 else spelt(key) for key in keys)


def _line(left: str, right: str, room: int, look: "Look", width: int) -> str:
    room = min(room, max(8, width // 2 - 4))
    key = clip(left, room, look.utf8)
    told = clip(right, max(1, width - room - _GAP - 5), look.utf8)
    pad = " " * (room - columns(key) + _GAP)
    return "   " + look.style("mark") + key + "\x1b[0m" + pad + told
