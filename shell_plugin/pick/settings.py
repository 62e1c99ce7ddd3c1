"""What the plugin says about the shell, and the environment about the terminal."""

from .keymap import EDIT, MOVE, TABLE, Keymap, from_shell
from .narrowing import Narrowing
from .screen.look import Look
from .screen.state import Header

# What the plugin passes, by environment: `ps` shows arguments to everybody.
_PREFIX = "DEJA_PICK_"

# Lines to borrow of the terminal: half of it, within reason.
_FEWEST_LINES = 8
_SHARE = 0.5


class Settings:
    """One reading of the environment; what is not there is empty."""

    __slots__ = (
        *("cwd", "data_dir", "header", "home", "keymap", "look", "narrowing", "query", "session"),
    )

    def __init__(self, environ: dict[bytes, bytes]) -> None:
        def text(name: str) -> str:
            return environ.get(name.encode(), b"").decode("utf-8", "surrogateescape")

        locale = text("LC_ALL") or text("LC_CTYPE") or text("LANG")
        utf8 = locale.lower().replace("-", "").endswith("utf8")
        self.look = Look(color=not text("NO_COLOR"), utf8=utf8)
        self.query = text(_PREFIX + "QUERY")
        self.data_dir = text(_PREFIX + "DATA")
        self.session = text(_PREFIX + "SESSION")
        self.narrowing = Narrowing(text(_PREFIX + "NARROW"))
        self.keymap = Keymap(_again(text(_PREFIX + "KEY") or "^R"))
        self.header: Header | None = None
        if (_PREFIX + "PROMPT").encode() in environ:
            self.header = Header(text(_PREFIX + "PROMPT"), self.query)
        self.cwd = text("PWD")
        self.home = text("HOME").rstrip("/")

    def height(self, rows: int, on_own_line: bool) -> int:
        """Lines to borrow of a terminal of `rows`.

        on_own_line: as for `Terminal.open_area`; the line that was the shell's comes on top.
        """
        height = max(_FEWEST_LINES, int(rows * _SHARE)) + on_own_line
        return max(1, min(height, rows - (not on_own_line)))


def _again(notation: str) -> dict[str, tuple[str, ...]]:
    """What the key that opened the picker does in it: the shell's own search, unless the list or
    the query needs it.
    """
    key = from_shell(notation)
    needed = {key for _, group, keys, _ in TABLE if group in (MOVE, EDIT) for key in keys}
    return {"again": (key,)} if key and key not in needed else {}
