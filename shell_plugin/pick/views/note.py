"""A note on a command in the user's own words: a line to type at the foot of the list."""

from ..screen.line import Line
from ..screen.view import typed
from ..screen.width import clip
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.protocol import Fields

    from ..keymap import Keymap
    from ..screen.state import State
    from ..screen.view import Picture


class Note(View):
    """Enter keeps what is typed, Esc leaves it. id: of the command; text: the note there is."""

    __slots__ = ("_id", "_keymap", "_line", "_problem")

    is_whole = False

    def __init__(self, id: int, text: str, keymap: "Keymap") -> None:
        super().__init__()
        self._id = id
        self._keymap = keymap
        self._line = Line(_one_line(text))
        self._problem = ""

    def press(self, key: str) -> None:
        self._problem = ""
        action = self._keymap.action(key)
        if key.startswith("text:"):
            self._line.insert(_one_line(key[5:]))
        elif key == "enter":
            self.request = "note", (("id", self._id), ("text", self._line.text.strip()))
        elif action == "leave":
            self.closed = True
        else:
            self._line.edit(action)

    def take(self, reply: "Fields") -> None:
        self.closed = self.changed = True
        self.told = "the note is kept" if dict(reply).get("note") else "there is no note on it now"

    def refused(self, problem: str) -> None:
        self._problem = problem

    def draw(self, state: "State", width: int, height: int) -> "Picture":
        look, keys = state.look, state.keymap
        line, column = typed(self._line, " # ", look, width, [])
        left = keys.shown("leave")
        foot = self._problem or f"Enter keeps the note  {left} back  none at all removes it"
        style = look.style("warn" if self._problem else "dim")
        lines = [line, style + "   " + clip(foot, width - 4, look.utf8)]
        return lines[:height], (0, column)


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))
