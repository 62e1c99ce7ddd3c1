"""The question before something is forgotten: this command, this run, or all that matches."""

from ..screen.width import clip, columns
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.protocol import Fields

    from ..screen.look import Look
    from ..screen.state import State
    from ..screen.view import Picture
    from .view import Request

NONE_MATCHES = "nothing holds all of that; what only resembles it is not forgotten so"


class Forget(View):
    """`subject` is what is meant, and `more` is said of it. Of a command its `id`; of a run its
    `run`, too. `all` asks the daemon for everything that matches; how many there are is told
    before they go: a row of the list may stand for several.
    """

    __slots__ = ("_all", "_asking", "_commands", "_more", "_run", "_subject")

    is_whole = False

    def __init__(
        self,
        subject: str,
        more: str,
        id: int | None,
        run: int | None = None,
        all: "Request | None" = None,
    ) -> None:
        super().__init__()
        self._subject, self._more = subject, more
        self._commands: tuple[int, ...] = () if id is None else (id,)
        self._run = run
        self._all = all
        self._asking = False

    def press(self, key: str) -> None:
        letter = key.removeprefix("text:").lower()
        if self._asking:
            # What is to go is about to change: no answer but no.
            self.closed = letter not in ("y", "f", "c", "a")
        elif letter == "y" and self._run is not None:
            self._forget((), (self._run,), False)
        elif letter == "c" and self._run is not None:
            self._forget(self._commands, (), False)
        elif letter in ("y", "f") and self._run is None and self._commands:
            self._forget(self._commands, (), letter == "f")
        elif letter == "a" and self._all is not None:
            self.request, self._asking = self._all, True
        elif letter != "a":
            self.closed = True

    def _forget(self, commands: tuple[int, ...], runs: tuple[int, ...], files: bool) -> None:
        self.forgotten = commands, runs, files
        self.closed = True

    def take(self, reply: "Fields") -> None:
        """The number of all that match: one more question, now that it is known."""
        ids = tuple(int(value) for key, value in reply if key == "id" and value.isdigit())
        if not ids:
            self.refused(NONE_MATCHES)
            return
        self._commands, self._run, self._all, self._asking = ids, None, None, False
        self._subject, self._more = f"all {len(ids):,} commands that match", ""

    def refused(self, problem: str) -> None:
        self.told, self.closed = problem, True

    def draw(self, state: "State", width: int, height: int) -> "Picture":
        look, room = state.look, width - 4
        subject = clip(self._subject, max(8, room - len(self._more) - 8), look.utf8)
        asked = f"forget {subject}{self._more}?" if not self._asking else "asking what matches"
        lines = [
            look.style("title") + "   " + clip(asked, room, look.utf8),
            look.style("mark") + "   " + self._keys(room, look),
        ]
        return lines[: max(0, height)], (0, 3)

    def _keys(self, room: int, look: "Look") -> str:
        """What can be answered, in few words where there is little room."""
        if self._run is not None:
            keys = [("y this run", "y this run"), ("c the command, all its runs", "c all runs")]
        else:
            keys = [("y yes", "y yes"), ("f from history files, too", "f and files")]
        if self._all is not None:
            keys.append(("a all that match", "a all"))
        keys.append(("n no", "n no"))
        whole, brief = ("  ".join(words) for words in zip(*keys, strict=True))
        return clip(whole if columns(whole) <= room else brief, room, look.utf8)


def of_row(state: "State") -> Forget | None:
    """For the selected row of the list; None if the daemon has no number for it."""
    row = state.row
    if row is None or row.id is None:
        return None
    all: Request | None = None
    narrow = state.narrowing.filters
    if state.line.text.strip() or any(not part.startswith("order:") for part in narrow.split()):
        hidden = [("hidden", id) for id in state.hidden]
        asked = (("query", state.line.text), ("narrow", narrow))
        all = ("matches", (*asked, *hidden))
    times = "once" if row.runs == 1 else f"{row.runs}{state.look.sign('×', 'x')}"
    return Forget(row.command, f" (ran {times})" if row.runs else "", row.id, all=all)
