"""From the key press to the first paint, and from what was picked to the shell.

Everything imported at the top of this module is waited for by a person; the loop, the daemon
and the disk come after the first paint.
"""

import posix
import sys
import termios

from .screen.line import Line
from .screen.state import State
from .screen.terminal import Terminal
from .screen.view import draw
from .settings import Settings


def main() -> int:
    """Pick a command; prints action and text as picker.py says. Status 2: no terminal."""
    settings = Settings(posix.environ)
    try:
        terminal = Terminal()
    except (OSError, termios.error) as error:
        print(f"deja: no terminal to draw on ({error})", file=sys.stderr)
        return 2
    state = State(
        *(Line(settings.query), settings.look, settings.keymap, settings.header, settings.home),
        narrowing=settings.narrowing,
        columns=settings.columns,
        upward=settings.upward,
    )
    state.told = settings.told
    try:
        terminal.enter()
        _first_paint(terminal, state, settings)
        from .loop import Loop

        action, text = Loop(terminal, state, settings).run()
    finally:
        terminal.leave()
    told = f"{action} {state.narrowing.filters}".rstrip()
    sys.stdout.buffer.write(f"{told}\n{text}.".encode("utf-8", "surrogateescape"))
    return 0


def _first_paint(terminal: Terminal, state: State, settings: Settings) -> None:
    width, rows = terminal.size()
    on_own_line = state.header is not None
    height = settings.height(rows, on_own_line)
    lines, cursor = draw(state, width, height)
    opening = terminal.open_area(height, on_own_line)
    terminal.paint(lines, cursor, opening)
