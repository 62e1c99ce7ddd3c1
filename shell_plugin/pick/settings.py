"""What the plugin says about the shell, the environment about the terminal, and the user in
config.toml.
"""

import posix

from .keymap import EDIT, MOVE, TABLE, Keymap, from_shell
from .narrowing import Narrowing
from .screen.look import Look
from .screen.state import COLUMNS, Header

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .vi import Vi

# What the plugin passes, by environment: `ps` shows arguments to everybody.
_PREFIX = "DEJA_PICK_"

# Lines to borrow of the terminal: half of it, within reason.
_FEWEST_LINES = 8
_SHARE = 50


class Settings:
    """One reading of the environment and of what is set; what is not there is empty.

    told: a line on what is wrong in config.toml. colorfgbg: what the terminal says of its colours,
    if its background is to be found out; None otherwise. fetched: the line that the arrow up has
    fetched, whose list this is. shell: fish, where that asks. learns: whether
    what is picked may be kept; not where nothing is recorded.
    """

    __slots__ = (
        *("_in_popup", "_is_up", "_lines", "_own", "_share", "colorfgbg", "columns", "cwd"),
        *(
            "data_dir",
            "fetched",
            "fold",
            "header",
            "home",
            "keymap",
            "learns",
            "look",
            "mouse",
            "narrowing",
        ),
        *("query", "session", "shell", "told", "upward", "vi"),
    )

    def __init__(self, environ: dict[bytes, bytes], in_popup: bool = False) -> None:
        self._in_popup = in_popup

        def text(name: str) -> str:
            return environ.get(name.encode(), b"").decode("utf-8", "surrogateescape")

        locale = text("LC_ALL") or text("LC_CTYPE") or text("LANG")
        utf8 = locale.lower().replace("-", "").endswith("utf8")
        self.query = text(_PREFIX + "QUERY")
        self.data_dir = text(_PREFIX + "DATA")
        self.session = text(_PREFIX + "SESSION")
        self.shell = text(_PREFIX + "SHELL")
        self.learns = text(_PREFIX + "STATE") in ("", "recording")
        self.narrowing = Narrowing(text(_PREFIX + "NARROW"))
        self.vi = _vi() if text(_PREFIX + "VI") else None
        self.fetched = text(_PREFIX + "LINE")
        self.header: Header | None = None
        if (_PREFIX + "PROMPT").encode() in environ:
            self.header = Header(text(_PREFIX + "PROMPT"), self.fetched or self.query)
        self._is_up = (_PREFIX + "LINE").encode() in environ
        self.cwd = text("PWD")
        self.home = text("HOME").rstrip("/")
        chosen = _chosen(text(_PREFIX + "CONFIG"), self.data_dir)
        self._take(chosen)
        color = not text("NO_COLOR")
        self.look = Look(color, utf8, _pairs(chosen.get("style", ())) | self._own)
        self.colorfgbg = text("COLORFGBG") if color and "background" in chosen else None
        # Single keys win over what Enter is set to, and both over the key that opened the picker.
        again = _again(text(_PREFIX + "KEY") or "^R")
        entering, single = _keys(chosen.get("enter", ())), _keys(chosen.get("key", ()))
        self.keymap = Keymap(again | entering | single)

    def _take(self, chosen: dict[str, list[str]]) -> None:
        """What needs no more than itself."""
        height = chosen.get("height", [""])[0]
        self._share = int(height.rstrip("%") or 0) if height.endswith("%") else 0
        self._lines = 0 if self._share else int(height or 0)
        self.columns = tuple(chosen["columns"][0].split()) if "columns" in chosen else COLUMNS
        # What is older stands where the arrow goes.
        self.upward = self._is_up or chosen.get("list") == ["up"]
        # The lines of a shell are what the arrow goes through, one by one.
        self.fold = not self._is_up and "fold" not in chosen
        self.mouse = "mouse" in chosen
        self.told = " ".join(chosen.get("told", ()))
        self._own = _pairs(chosen.get("own", ()))

    def look_on(self, theme: dict[str, str]) -> Look:
        """The look in another theme; single styles that are set stay."""
        return Look(self.look.color, self.look.utf8, theme | self._own)

    @property
    def on_own_line(self) -> bool:
        """As for `Terminal.open_area`: whether the line under the cursor is the picker's, too."""
        return self._in_popup or self.header is not None

    def height(self, rows: int) -> int:
        """Lines to borrow of a terminal of `rows`; a popup is the picker's alone.

        Where the line that was the shell's has to be drawn, it comes on top.
        """
        if self._in_popup:
            return rows
        share = rows * (self._share or _SHARE) // 100
        height = (self._lines or max(_FEWEST_LINES, share)) + self.on_own_line
        return max(1, min(height, rows - (not self.on_own_line)))


def _chosen(config: str, data_dir: str) -> dict[str, list[str]]:
    """What is set in config.toml, by name; nothing where there is none."""
    try:
        status = posix.stat(config)
    except OSError:
        return {}
    from .configuration.read import read

    chosen: dict[str, list[str]] = {}
    for name, value in read(config, status.st_size, int(status.st_mtime_ns), data_dir):
        chosen.setdefault(name, []).append(value)
    return chosen


def _pairs(fields: "tuple[str, ...] | list[str]") -> dict[str, str]:
    """NAME=VALUE of each field."""
    return {name: value for name, _, value in (field.partition("=") for field in fields)}


def _keys(fields: "tuple[str, ...] | list[str]") -> dict[str, tuple[str, ...]]:
    """Keys by action, in their order; an action with none has an empty one."""
    keys: dict[str, tuple[str, ...]] = {}
    for field in fields:
        action, _, key = field.partition("=")
        keys[action] = keys.get(action, ()) + ((key,) if key else ())
    return keys


def _vi() -> "Vi":
    from .vi import Vi

    return Vi()


def _again(notation: str) -> dict[str, tuple[str, ...]]:
    """What the key that opened the picker does in it: the shell's own search, unless the list or
    the query needs it.
    """
    key = from_shell(notation)
    needed = {key for _, group, keys, _ in TABLE if group in (MOVE, EDIT) for key in keys}
    return {"again": (key,)} if key and key not in needed else {}
