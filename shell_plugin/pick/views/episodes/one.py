"""The commands of one episode, in their order: one, several, or all of them as a script."""

from ...keymap import spelt
from ...result import accepted
from ...screen.width import clip, clip_left
from ..view import View
from .listing import NONSENSE
from .told import OWN_KEYS, details, fitting, margin, offset, tilde

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.episode import Episode
    from backend.wire.protocol import Fields

    from ...screen.state import State
    from ...screen.view import Picture

_FAR = 1 << 30
_TAKING = ("put", "run", "edit")
# What is left to the picker itself.
_PASSED = ("help", "undo")
# Columns of the margin, of an offset, and of an exit; under so many the offset goes.
_MARGIN, _OFFSET, _EXIT = 4, 8, 5
_NARROW = 32


class One(View):
    """`marked` are places in the episode."""

    __slots__ = ("_episode", "_marked", "_page", "_problem", "_selected", "_state", "_top")

    def __init__(self, episode: "Episode", state: "State") -> None:
        super().__init__()
        self._episode = episode
        self._state = state
        self._marked: set[int] = set()
        self._selected = self._top = 0
        self._page = 1
        self._problem = ""

    # Keys

    def press(self, key: str) -> None:
        self._problem = ""
        own = next((word for name, word, _ in OWN_KEYS if name == key), "")
        action = own or self._state.keymap.action(key)
        steps = {"up": -1, "down": 1, "page-up": -self._page, "page-down": self._page}
        steps |= {"first": -_FAR, "last": _FAR}
        if action in steps:
            self._move(steps[action])
        elif action == "mark":
            self._marked ^= {self._selected}
        elif action in ("leave", "left"):
            self.closed = True
        elif action in _PASSED:
            self.passed = action
        elif action == "copy":
            self.copied = self._taken()
        elif action == "script":
            self._ask_for_script()
        elif action in _TAKING:
            self.result = accepted(action, self._taken(), self._state.look.utf8)

    def _move(self, step: int) -> None:
        self._selected = max(0, min(self._selected + step, len(self._episode.runs) - 1))

    def _taken(self) -> str:
        """What is marked, joined by newlines in the order of the episode; else what is selected."""
        places = sorted(self._marked) or [self._selected]
        return "\n".join(self._episode.runs[at].command for at in places)

    # All of it

    def _ask_for_script(self) -> None:
        hidden = (("hidden", id) for id in self._state.hidden)
        self.request = "episode", (("id", self._episode.id), ("script", 1), *hidden)

    def take(self, reply: "Fields") -> None:
        script = dict(reply).get("script")
        if script is None:
            self.refused(NONSENSE)
        else:
            self.result = accepted("put", on_line(script, self._state.shell), self._state.look.utf8)

    def refused(self, problem: str) -> None:
        self._problem = problem

    # The picture

    def draw(self, state: "State", width: int, height: int) -> "Picture":
        head = [self._head(width)] if height > 3 else []
        foot = [self._foot(width)] if height > 1 else []
        room = max(0, height - len(head) - len(foot))
        self._page = max(1, room)
        # A line for each command, above it one for its directory where that is another.
        places = [(at, is_place) for at in range(len(self._episode.runs)) for is_place in (1, 0)]
        lines = [each for each in places if not each[1] or self._goes_to(each[0])]
        at = lines.index((self._selected, 0))
        # Of two lines of the selected command both are to be seen, where there is room.
        above = at - (room > 1 and (self._selected, 1) in lines)
        self._top = max(min(self._top, above, len(lines) - room), at - room + 1, 0)
        exits = any(run.exit for run in self._episode.runs)
        shown = [
            self._place(run, width) if is_place else self._run(run, width, exits)
            for run, is_place in lines[self._top : self._top + room]
        ]
        shown += [""] * (room - len(shown))
        row = max(0, min(len(head) + at - self._top, height - 1))
        return [*head, *shown, *foot][: max(0, height)], (row, 0)

    def _goes_to(self, at: int) -> str:
        """The directory of a command, if it is another than that of the one before."""
        runs = self._episode.runs
        before = next((run.cwd for run in reversed(runs[:at]) if run.cwd is not None), None)
        cwd = runs[at].cwd
        return cwd if cwd is not None and cwd != before else ""

    def _head(self, width: int) -> str:
        look = self._state.look
        told = details(self._episode, self._state, width - 4)
        return look.style("title") + "   " + clip(told, width - 4, look.utf8)

    def _place(self, at: int, width: int) -> str:
        look = self._state.look
        path = tilde(self._goes_to(at), self._state.home)
        return look.style("dim") + " " * _MARGIN + clip_left(path, width - _MARGIN - 1, look.utf8)

    def _run(self, at: int, width: int, exits: bool) -> str:
        look, run, selected = self._state.look, self._episode.runs[at], at == self._selected
        out, left = [margin(look, selected, at in self._marked)], width - _MARGIN - 1
        if width >= _NARROW:
            begun = self._episode.started
            since = None if run.start is None or begun is None else run.start - begun
            out.append(look.style("dim") + f"{offset(since)[: _OFFSET - 2]:<{_OFFSET}}")
            left -= _OFFSET
        if exits:
            sign = f"{look.sign('✗', '!')}{run.exit}" if run.exit else ""
            out.append(look.style("bad") + f"{sign[: _EXIT - 1]:<{_EXIT}}")
            left -= _EXIT
        style = look.style("bold" if selected else "")
        return "".join([*out, style, clip(run.command, left, look.utf8)])

    def _foot(self, width: int) -> str:
        """What went wrong, or the keys."""
        state, look, room = self._state, self._state.look, width - 4
        told = state.told or self._problem
        if told:
            return look.style("warn") + "   " + clip(told, room, look.utf8)
        shown, own = state.keymap.shown, {action: spelt(key) for key, action, _ in OWN_KEYS}
        count = len(self._marked)
        keys = [
            (shown("put"), f"put {count} marked" if count else "put"),
            (own["mark"], "mark"),
            (own["script"], "all, as a script"),
            (shown("leave"), "back"),
            (shown("copy"), "copy"),
        ]
        return look.style("dim") + "   " + fitting(keys, room)


def on_line(script: str, shell: str = "") -> str:
    """A script as a command of the shell: it runs in a bash of its own, so that `set -e`, `cd`
    and `exit` in it leave the shell alone, and reads from the terminal. fish has no here-documents.
    """
    if shell == "fish":
        quoted = script.rstrip("\n").replace("\\", "\\\\").replace("'", "\\'")
        return f"bash (echo '{quoted}' | psub)"
    end = "END"
    while end in script.split("\n"):
        end += "_"
    return f"bash /dev/fd/3 3<<'{end}'\n{script}{end}"
