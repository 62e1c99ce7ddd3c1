"""A command whose blanks are filled in, one after the other, with what stood there before."""

from ..result import accepted
from ..screen.width import clip, pieces
from .filling import Filling, read
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.protocol import Fields

    from ..keymap import Keymap
    from ..screen.look import Look
    from ..screen.state import State
    from ..screen.view import Picture

_MARGIN = 3


class Blanks(View):
    """Tab and Enter go on, and Enter on the last one puts the command; Esc leaves it."""

    __slots__ = ("_chosen", "_command", "_filling", "_keymap", "_look", "_problem")

    def __init__(self, id: int, command: str, keymap: "Keymap", look: "Look") -> None:
        super().__init__()
        self.request = "likes", (("command_id", id),)
        self._command = command
        self._keymap = keymap
        self._look = look
        self._problem = ""
        self._filling: Filling | None = None
        # Of the values offered; None: what is typed.
        self._chosen: int | None = None

    # What comes of the request

    def take(self, reply: "Fields") -> None:
        """Without a blank there is nothing to ask: the command is put."""
        filling = read(self._command, reply)
        if filling.blanks:
            self._filling = filling
        else:
            self._put(self._command)

    def refused(self, problem: str) -> None:
        self._problem = problem

    def _put(self, command: str) -> None:
        self.result = accepted("put", command, self._look.utf8)

    # Keys

    def press(self, key: str) -> None:
        action, filling = self._keymap.action(key), self._filling
        if action == "leave" or filling is None:
            self.closed = action == "leave" or bool(self._problem)
        elif action == "put" or key in ("enter", "tab"):
            self._take_chosen()
            if key == "tab" or not filling.is_last:
                filling.go(1)
            else:
                self._put(filling.command)
        elif key == "shift-tab":
            self._take_chosen()
            filling.go(-1)
        elif action in ("up", "down"):
            self._choose(1 if action == "down" else -1)
        elif key.startswith("text:"):
            self._take_chosen()
            filling.type(key[5:])
        else:
            self._take_chosen()
            filling.edit(action)

    def _choose(self, step: int) -> None:
        assert self._filling is not None
        count = len(self._filling.offered)
        at = -1 if self._chosen is None else self._chosen
        at = max(-1, min(at + step, count - 1))
        self._chosen = None if at < 0 else at

    def _take_chosen(self) -> None:
        if self._chosen is not None and self._filling is not None:
            self._filling.fill(self._filling.offered[self._chosen])
        self._chosen = None

    # The picture

    def draw(self, state: "State", width: int, height: int) -> "Picture":
        filling = self._filling
        if filling is None:
            told = self._problem or "looking for its likes"
            return [*self._told(told, width, bool(self._problem)), *[""] * (height - 1)], (0, 0)
        offered = filling.offered
        shown = None if self._chosen is None else offered[self._chosen]
        lines, cursor = self._whole(filling, shown, width)
        # The line of the cursor stays in view, with a line for the keys and some for the values.
        most = max(1, height - 1 - min(3, len(offered)))
        first = max(0, min(cursor[0] - most + 1, len(lines) - most))
        lines = lines[first : first + most]
        room = max(0, height - len(lines) - 1)
        values = self._values(offered, width, room)
        keys = self._told(self._keys(filling), width)
        picture = [*lines, *values, *[""] * (room - len(values)), *keys]
        return picture[:height], (cursor[0] - first, cursor[1])

    def _told(self, text: str, width: int, is_problem: bool = False) -> list[str]:
        style = self._look.style("warn" if is_problem else "dim")
        return [style + " " * _MARGIN + clip(text, width - _MARGIN - 1, self._look.utf8)]

    def _keys(self, filling: Filling) -> str:
        place = f"blank {filling.at + 1} of {len(filling.blanks)}"
        if len(filling.blanks) == 1:
            moves = "Enter puts it"
        elif filling.is_last:
            moves = "Enter puts it  Tab first one  Shift-Tab back"
        else:
            moves = "Enter or Tab next  Shift-Tab back"
        return self._look.parted(place, f"{moves}  {self._keymap.shown('leave')} the list")

    def _values(self, offered: list[str], width: int, room: int) -> list[str]:
        """The values, the chosen one in view."""
        look, at = self._look, self._chosen
        top = max(0, (at or 0) - room + 1)
        lines = []
        for number, value in enumerate(offered[top : top + room], top):
            mark = look.style("mark") + look.sign("▌", ">") if number == at else " "
            style = look.style("bold") if number == at else "\x1b[0m"
            lines.append(mark + style + "  " + clip(value, width - _MARGIN - 1, look.utf8))
        return lines

    def _whole(
        self, filling: Filling, shown: str | None, width: int
    ) -> "tuple[list[str], tuple[int, int]]":
        """The command, folded at the edge, and where the cursor stands in it. shown: the value of
        the present blank, if it is not what is typed.
        """
        look, room = self._look, max(1, width - _MARGIN - 1)
        lines, left = [""], room
        cursor = (0, _MARGIN)
        for text, style, at in filling.parts(look, shown):
            for number, (piece, cells) in enumerate(pieces(text, look.utf8)):
                if cells > room:
                    piece, cells = look.sign("…", "~"), 1
                if cells > left:
                    lines.append("")
                    left = room
                if number == at:
                    cursor = (len(lines) - 1, _MARGIN + room - left)
                lines[-1] += style + piece
                left -= cells
        return [" " * _MARGIN + line + "\x1b[0m" for line in lines], cursor
