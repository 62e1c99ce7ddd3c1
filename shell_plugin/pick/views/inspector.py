"""The inspector: every run of a command, and what ran just before and after each of them."""

import posix
import time

from ..result import MARK, accepted
from .inspected import OWN_KEYS, drawn, when
from .runs import Runs
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.protocol import Fields

    from ..keymap import Keymap
    from ..screen.look import Look
    from ..screen.state import State
    from ..screen.view import Picture
    from ..whole.folding import Whole
    from .runs import Run

# Runs asked for at a time, and at most; so near the end of those that are here the next are.
_PAGE, _MOST = 100, 1000
_AHEAD = 25

# What can be selected of a run, from left to right.
BEFORE, ITSELF, AFTER = -1, 0, 1

_FAR = 1 << 30
_TAKING = ("put", "run", "edit")
# What is left to the picker itself.
_PASSED = ("help", "undo")

# What is marked: the run, the place beside it, and the command there.
Mark = tuple[int | None, int, str]


class Inspector(View):
    """Of the command `id`. `marks`, in their order, are shared by the inspectors above another.

    `shown` are the runs that are not to be forgotten, `top` is the first of them in view, of
    `page`; `problem` is why there are no (more) runs; `whole` is the command as it was folded last,
    and to what width.
    """

    __slots__ = (
        *("_answered", "_gone", "_hidden", "_id", "_keymap", "_look", "_to_last", "asking"),
        *("marks", "page", "problem", "runs", "selected", "shown", "side", "top", "whole"),
    )

    def __init__(
        self, id: int, text: str, keymap: "Keymap", look: "Look", marks: list[Mark] | None = None
    ) -> None:
        super().__init__()
        self._id = id
        self._keymap = keymap
        self._look = look
        self._hidden: tuple[int, ...] = ()
        self._answered = self._gone = self._to_last = self.asking = False
        self.runs = Runs(text)
        self.shown: list[Run] = []
        self.marks: list[Mark] = [] if marks is None else marks
        self.selected = self.top = 0
        self.side = ITSELF
        self.page = 1
        self.problem = ""
        self.whole: tuple[int, Whole] | None = None
        self._ask()

    @property
    def run(self) -> "Run | None":
        """The selected one."""
        return self.shown[min(self.selected, len(self.shown) - 1)] if self.shown else None

    @property
    def command(self) -> str:
        """What is selected: the command itself, or what ran before or after; empty if nothing."""
        return self._selected()[0]

    def _selected(self) -> tuple[str, int | None]:
        """The command that is selected, and its id."""
        run = self.run
        if self.side == ITSELF or run is None:
            return self.runs.text, self._id
        if self.side == BEFORE:
            return run.before, run.before_id
        return run.after, run.after_id

    # Keys

    def press(self, key: str) -> None:
        own = next((word for name, word, _ in OWN_KEYS if name == key), "")
        action = own or self._keymap.action(key)
        steps = {"up": -1, "down": 1, "page-up": -self.page, "page-down": self.page}
        steps |= {"first": -_FAR, "last": _FAR}
        if action in steps:
            self._move(steps[action])
        elif action in ("left", "right"):
            self.side = max(BEFORE, min(AFTER, self.side + (1 if action == "right" else -1)))
        elif action == "leave":
            self.closed = True
        elif action in _PASSED:
            self.passed = action
        elif action == "cd":
            self._cd()
        elif action in (*_TAKING, "copy", "mark", "inspect", "forget"):
            self._with_command(action)

    def _move(self, step: int) -> None:
        self._to_last = step == _FAR
        self.selected = max(0, min(self.selected + step, len(self.shown) - 1))
        self._ask()

    def _with_command(self, action: str) -> None:
        """What needs a command to do it with."""
        if not self.command:
            self.told = f"nothing ran {'before' if self.side == BEFORE else 'after'} it there"
        elif action == "mark":
            self._mark()
        elif action == "copy":
            self.copied = self._taken()
        elif action == "inspect":
            self._go_on()
        elif action == "forget":
            self._forget()
        else:
            self.result = accepted(action, self._taken(), self._look.utf8)

    def _taken(self) -> str:
        """What is marked, joined by newlines in the order of marking; else what is selected."""
        return "\n".join(command for _, _, command in self.marks) or self.command

    def mark_of(self, run: "Run | None", side: int) -> int:
        """The number of a mark in their order, from 1; 0 if there is none."""
        places = [(id, at) for id, at, _ in self.marks]
        here = run.id if run else None, side
        return places.index(here) + 1 if here in places else 0

    def _mark(self) -> None:
        if number := self.mark_of(self.run, self.side):
            del self.marks[number - 1]
        else:
            self.marks.append((self.run.id if self.run else None, self.side, self.command))

    def _go_on(self) -> None:
        """To the runs of what ran before or after."""
        command, id = self._selected()
        if self.side == ITSELF:
            self.told = "these are its runs; go left or right first"
        elif id is not None:
            self.opens = Inspector(id, command, self._keymap, self._look, self.marks)

    def _forget(self) -> None:
        from .forget import Forget

        run = self.run
        if run is not None and self.side == ITSELF:
            self.opens = Forget(f"the run of {when(run.start, time.time())}", "", self._id, run.id)
        elif run is not None:
            command, id = self._selected()
            self.opens = Forget(command, "", id)

    def _cd(self) -> None:
        path = self.run.cwd if self.run else ""
        if not path.startswith("/"):
            self.told = "where it ran is not known"
        elif MARK in path:
            self.told = "the name of that directory holds a secret that was not kept"
        elif not _is_directory(path):
            self.told = "that directory is not here (any more)"
        else:
            quoted = path.replace("'", "'\\''")
            self.result = "run", f"cd -- '{quoted}'"

    # What comes

    def _ask(self) -> None:
        """For the first runs, or the next ones if they may soon be seen."""
        have = len(self.runs.runs)
        if self.asking or self.problem or (self._answered and have >= self.runs.total):
            return
        if self._to_last or self.selected >= have - _AHEAD:
            limit = _MOST if self._to_last else _PAGE
            self.request = "runs", (("command_id", self._id), ("limit", limit), ("offset", have))
            self.asking = True

    def take(self, reply: "Fields") -> None:
        self.runs.add(reply)
        self._sift()
        self._answered, self.asking = True, False
        if self._to_last:
            self.selected = max(0, len(self.shown) - 1)
        self._ask()

    def refused(self, problem: str) -> None:
        self.problem, self.asking = problem, False

    def _sift(self) -> None:
        """Leave out what is to be forgotten."""
        hidden = set(self._hidden)
        runs = [] if self._gone else self.runs.runs
        self.shown = [run for run in runs if run.id not in hidden]
        self.selected = max(0, min(self.selected, len(self.shown) - 1))

    def draw(self, state: "State", width: int, height: int) -> "Picture":
        gone = self._id in state.hidden
        if state.hidden_runs is not self._hidden or gone != self._gone:
            self._hidden, self._gone = state.hidden_runs, gone
            self._sift()
        return drawn(self, state, width, height)


def _is_directory(path: str) -> bool:
    try:
        return posix.stat(path.encode("utf-8", "surrogateescape")).st_mode & 0o170000 == 0o040000
    except (OSError, ValueError):
        return False
