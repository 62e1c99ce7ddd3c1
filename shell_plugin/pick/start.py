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

_MOST_BYTES = 1 << 20


def main() -> int:
    """Pick a command; prints action and text as picker.py says. Status 2: no terminal.

    In a popup of tmux the argument is the folder through which it speaks with the shell.
    """
    popup = sys.argv[1] if len(sys.argv) > 1 else ""
    if popup:
        _listen(popup)
    settings = Settings(posix.environ, in_popup=bool(popup))
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
        vi=settings.vi,
    )
    state.told = settings.told
    state.shell, state.learns = settings.shell, settings.learns
    try:
        terminal.enter()
        _first_paint(terminal, state, settings)
        from .loop import Loop

        action, text = Loop(terminal, state, settings).run()
    finally:
        terminal.leave()
    told = f"{action} {state.narrowing.filters}".rstrip()
    data = f"{told}\n{text}.".encode("utf-8", "surrogateescape")
    if popup:
        _tell(popup, data)
    else:
        sys.stdout.buffer.write(data)
    return 0


# In a popup of tmux, whose environment is that of the server, and whose output is drawn; see
# popup.sh.


def _listen(folder: str) -> None:
    """Take in the environment of the shell, NAME=VALUE each ended by NUL, and take it away.

    Raises OSError where there is none.
    """
    path = folder + "/told"
    fd = posix.open(path, posix.O_RDONLY | posix.O_CLOEXEC)
    told = b""
    while chunk := posix.read(fd, _MOST_BYTES):
        told += chunk
    posix.close(fd)
    posix.unlink(path)
    # `os` takes its own from here when it is imported.
    for field in told.split(b"\0")[:-1]:
        name, _, value = field.partition(b"=")
        posix.environ[name] = value


def _tell(folder: str, data: bytes) -> None:
    """Leave what was picked, whole or not at all."""
    path = folder + "/picked"
    fd = posix.open(path + ".part", posix.O_WRONLY | posix.O_CREAT | posix.O_CLOEXEC, 0o600)
    while data:
        data = data[posix.write(fd, data) :]
    posix.close(fd)
    posix.rename(path + ".part", path)


def _first_paint(terminal: Terminal, state: State, settings: Settings) -> None:
    width, rows = terminal.size()
    height = settings.height(rows)
    lines, cursor = draw(state, width, height)
    opening = terminal.open_area(height, settings.on_own_line)
    terminal.paint(lines, cursor, opening)
