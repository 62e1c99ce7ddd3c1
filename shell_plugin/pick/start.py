"""From the key press to the first paint, and from what was picked to the shell.

Everything imported at the top of this module is waited for by a person; the loop, the daemon
and the disk come after the first paint.
"""

import posix
import sys
import termios

from .screen.line import Line
from .screen.terminal import Terminal, area_height
from .screen.view import State, draw
from .settings import Settings


def main() -> int:
    """Pick a command; prints action and text as picker.py says. Status 2: no terminal."""
    settings = Settings(posix.environ)
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
    height = area_height(rows, on_own_line=state.header is not None)
    lines, cursor = draw(state, width, height)
    opening = terminal.open_area(height, on_own_line=state.header is not None)
    terminal.paint(lines, cursor, opening)
