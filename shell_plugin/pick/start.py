"""From the key press to the first paint, and from what was picked to the shell.

Everything imported at the top of this module is waited for by a person; the loop, the daemon
and the disk come after the first paint.
"""

import os
import sys
import termios

from .line import Line
from .terminal import Terminal
from .view import Header, Look, State, draw

FEWEST_LINES = 8
MOST_LINES = 15

# What the plugin passes, by environment: `ps` shows arguments to everybody.
_PREFIX = "DEJA_PICK_"


class Settings:
    """What the plugin says about the shell, and the environment about the terminal."""

    __slots__ = ("again", "cwd", "data_dir", "header", "home", "look", "query", "session")

    def __init__(self, environ: "os._Environ[bytes]") -> None:
        def text(name: str) -> str:
            return environ.get(name.encode(), b"").decode("utf-8", "surrogateescape")

        locale = text("LC_ALL") or text("LC_CTYPE") or text("LANG")
        utf8 = locale.lower().replace("-", "").endswith("utf8")
        self.look = Look(color=not text("NO_COLOR"), utf8=utf8)
        self.query = text(_PREFIX + "QUERY")
        self.data_dir = text(_PREFIX + "DATA")
        self.session = text(_PREFIX + "SESSION")
        self.again = text(_PREFIX + "KEY") or "^R"
        self.header: Header | None = None
        if (_PREFIX + "PROMPT").encode() in environ:
            self.header = Header(text(_PREFIX + "PROMPT"), self.query)
        self.cwd = text("PWD")
        self.home = text("HOME").rstrip("/")


def area_height(rows: int, header: bool) -> int:
    """Lines of the picker on a terminal of `rows`: half of it, within reason."""
    height = min(MOST_LINES, max(FEWEST_LINES, rows // 2)) + header
    return max(1, min(height, rows - (not header)))


def main() -> int:
    """Pick a command; prints action and text as picker.py says. Status 2: no terminal."""
    settings = Settings(os.environb)
    try:
        terminal = Terminal()
    except (OSError, termios.error) as error:
        print(f"deja: no terminal to draw on ({error})", file=sys.stderr)
        return 2
    line = Line(settings.query)
    state = State(line, settings.look, settings.header, settings.home, settings.again)
    try:
        terminal.enter()
        _first_paint(terminal, state)
        from .loop import Loop

        action, text = Loop(terminal, state, settings).run()
    finally:
        terminal.leave()
    sys.stdout.buffer.write(f"{action}\n{text}.".encode("utf-8", "surrogateescape"))
    return 0


def _first_paint(terminal: Terminal, state: State) -> None:
    width, rows = terminal.size()
    height = area_height(rows, state.header is not None)
    lines, cursor = draw(state, width, height)
    opening = terminal.open_area(height, on_own_line=state.header is not None)
    terminal.paint(lines, cursor, opening)
