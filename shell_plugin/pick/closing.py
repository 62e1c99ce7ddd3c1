"""How the picker ends: what was to be forgotten is, then the shell gets its result."""

from .pending import Pending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .answers.forgetting import Forgetting
    from .pending import Step
    from .screen.state import State

# Commands and runs: every search names those that it is to leave out, in one message.
_MOST = 40_000


class Closing:
    """`result`, an action and a text as picker.py has them, once all is done."""

    __slots__ = ("_data_dir", "_failed", "_forgetting", "_pending", "_wanted", "result")

    def __init__(self, data_dir: str) -> None:
        self._data_dir = data_dir
        self._pending = Pending()
        self._forgetting: Forgetting | None = None
        self._failed = False
        self._wanted = ("", "")
        self.result: tuple[str, str] | None = None

    def end(self, action: str, text: str, state: "State") -> None:
        """With this result; at once if nothing is to be forgotten, or could not be."""
        if self._failed or not len(self._pending):
            self.result = action, text
            return
        from .answers.forgetting import Forgetting

        self._wanted = action, text
        self._forgetting = Forgetting(self._data_dir, self._pending)
        state.told = "forgetting" + state.look.sign("…", "...")

    # What is to be forgotten

    def add(self, step: "Step", state: "State") -> None:
        """One more step, until it is undone."""
        if len(self._pending) + len(step[0]) > _MOST:
            state.told = "too much at once; close the picker first, and go on in the next"
            return
        self._pending.add(*step)
        self._failed = False
        self._show(state)

    def undo(self, state: "State") -> None:
        """Take the last step back."""
        if self._pending.undo():
            self._failed = False
            self._show(state)
        else:
            state.told = "nothing is to be forgotten"

    def _show(self, state: "State") -> None:
        """Have the screen leave out what is to be forgotten, and say how much that is."""
        state.hidden, state.hidden_runs = self._pending.commands(), self._pending.runs
        count = len(self._pending)
        if not count:
            state.told = "taken back"
            return
        key = state.keymap.shown("undo")
        state.told = f"{count} to be forgotten when this closes"
        state.told += f"; {key} undoes" if key else ""

    # While it is on its way

    @property
    def is_busy(self) -> bool:
        return self._forgetting is not None

    @property
    def descriptors(self) -> list[int]:
        return self._forgetting.descriptors if self._forgetting else []

    @property
    def due(self) -> float | None:
        return self._forgetting.due if self._forgetting else None

    def advance(self, state: "State") -> None:
        """Take in what came; if it failed the picker stays, and the next end is the end."""
        if self._forgetting is None:
            return
        self._forgetting.advance()
        if not self._forgetting.over:
            return
        problem, self._forgetting = self._forgetting.problem, None
        if problem:
            state.told, self._failed = problem, True
        else:
            self.result = self._wanted
