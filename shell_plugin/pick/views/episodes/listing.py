"""The episodes that the query describes, the best first; with no query, the latest."""

from backend.wire import protocol
from backend.wire.episode import episodes

from ...screen.width import clip
from ..view import View
from .told import details, fitting, margin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.episode import Episode
    from backend.wire.protocol import Fields

    from ...screen.state import State
    from ...screen.view import Picture

_LIMIT = 20
_FAR = 1 << 30
_OPENING = ("put", "run", "edit", "right")
# What is left to the picker itself.
_PASSED = ("help", "undo")
_WORDS_ALONE = "by words alone, for there is no model that works yet; see: deja doctor"
NONSENSE = "the daemon's answer makes no sense; run: deja restart"


class Listing(View):
    """`top` is the first of those in view, `page` how many these are; `problem` is why there are
    none.
    """

    __slots__ = (
        *("_answered", "_episodes", "_note", "_problem", "_selected", "_state", "_top"),
        "_page",
    )

    def __init__(self, state: "State") -> None:
        super().__init__()
        self._state = state
        self._answered = False
        self._episodes: list[Episode] = []
        self._note = self._problem = ""
        self._selected = self._top = 0
        self._page = 1
        query, narrow, hidden = state.question
        asked = ("query", query), ("narrow", narrow), ("limit", _LIMIT)
        self.request = "episodes", (*asked, *(("hidden", id) for id in hidden))

    # What comes

    def take(self, reply: "Fields") -> None:
        try:
            self._episodes = [each for each in episodes(reply) if each.runs]
        except (KeyError, ValueError):
            self.refused(NONSENSE)
            return
        self._answered, head = True, dict(reply)
        self._note = head.get("mistake") or head.get("note", "")
        if self._state.wanted and head.get("mode") == protocol.TEXT:
            self._note = self._note or _WORDS_ALONE

    def refused(self, problem: str) -> None:
        self._problem = problem

    # Keys

    def press(self, key: str) -> None:
        action = self._state.keymap.action(key)
        steps = {"up": -1, "down": 1, "page-up": -self._page, "page-down": self._page}
        steps |= {"first": -_FAR, "last": _FAR}
        if action in steps:
            last = max(0, len(self._episodes) - 1)
            self._selected = max(0, min(self._selected + steps[action], last))
        elif action in ("leave", "episodes"):
            self.closed = True
        elif action in _PASSED:
            self.passed = action
        elif self._episodes and action in (*_OPENING, "copy"):
            self._with_selected(action)

    def _with_selected(self, action: str) -> None:
        from .one import One

        episode = self._episodes[self._selected]
        if action == "copy":
            self.copied = "\n".join(run.command for run in episode.runs)
        else:
            self.opens = One(episode, self._state)

    # The picture

    def draw(self, state: "State", width: int, height: int) -> "Picture":
        head = [self._head(width)] if height > 3 else []
        foot = [self._foot(width)] if height > 1 else []
        room = max(0, height - len(head) - len(foot))
        each = 2 if room > 3 else 1
        self._page = max(1, room // each)
        lowest = max(0, len(self._episodes) - self._page)
        at = self._selected
        self._top = max(min(self._top, at, lowest), at - self._page + 1)
        shown = range(self._top, min(self._top + self._page, len(self._episodes)))
        lines = [line for at in shown for line in self._episode(at, width)[:each]]
        lines += [""] * (room - len(lines))
        row = len(head) + (at - self._top) * each
        return [*head, *lines[:room], *foot][: max(0, height)], (max(0, min(row, height - 1)), 0)

    def _head(self, width: int) -> str:
        """What is listed, and what is to be said of it."""
        look, query = self._state.look, " ".join(self._state.line.text.split())
        what = "episodes" if query or self._state.narrowing.filters else "the latest episodes"
        if self._note:
            return look.style("warn") + "   " + clip(self._note, width - 4, look.utf8)
        told = look.parted(what, query)
        return look.style("title") + "   " + clip(told, width - 4, look.utf8)

    def _episode(self, at: int, width: int) -> list[str]:
        """Its most telling commands, and what is known of it."""
        state, episode, selected = self._state, self._episodes[at], at == self._selected
        look, room = state.look, width - 5
        title = look.parted(*episode.title) or episode.runs[0].command
        told = clip(details(episode, state, room), room, look.utf8)
        return [
            margin(look, selected)
            + look.style("bold" if selected else "")
            + clip(title, room, look.utf8),
            margin(look, selected) + look.style("dim") + told,
        ]

    def _foot(self, width: int) -> str:
        """What went wrong, or what there is to know, or the keys."""
        state, look = self._state, self._state.look
        told = state.told or self._problem
        if not told and not self._answered:
            told = "looking for episodes"
        elif not told and not self._episodes:
            told = "no episode matches" if state.question[:2] != ("", "") else "no episodes yet"
        if told:
            return look.style("warn") + "   " + clip(told, width - 4, look.utf8)
        shown = state.keymap.shown
        place = f"{self._selected + 1} of {len(self._episodes)}"
        keys = [(shown("put"), "open"), (shown("leave"), "back"), (shown("copy"), "copy")]
        text = look.parted(place, fitting(keys, width - 4 - len(place) - 3))
        return look.style("dim") + "   " + clip(text, width - 4, look.utf8)
