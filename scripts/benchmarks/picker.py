"""What a person waits for in the picker, with a real daemon behind it: milliseconds on a terminal.

From the key to the first picture and to the rows, from a letter to its answer, and from an arrow to
the picture with the next row selected.
"""

import fcntl
import os
import pty
import select
import shlex
import shutil
import struct
import sys
import termios
import time

from backend import config
from backend.commands.shared.asking import APP
from backend.daemon import control
from scripts.benchmarks.percentiles import spread
from scripts.benchmarks.search import build, start_up

ROOT = APP.parent.parent
ROWS, COLUMNS = 40, 110
KEY, LEAVE, DOWN, UP = b"\x12", b"\x07", b"\x1b[B", b"\x1b[A"
LETTERS = b"git pu"
# The first pickings write the bytecode and warm the file cache.
WARM_UP = 3
# Nothing that is drawn takes longer than this to go on.
QUIET_S = 0.15


def measure(settings: config.Config, count: int, runs: int) -> dict[str, dict[str, float]]:
    """Figures of each shell that is installed, over a history of `count` commands."""
    build(settings, count)
    start_up(settings)
    env = settings.data_dir / "env.sh"
    env.write_text(
        f"_deja_python={shlex.quote(sys.executable)}\n_deja_app={shlex.quote(str(ROOT))}\n"
    )
    figures = {}
    try:
        for shell in filter(shutil.which, ("zsh", "bash")):
            for name, times in _of_shell(settings, shell, runs).items():
                figures[f"{shell} {name} ms"] = spread(times)
    finally:
        control.stop(settings)
    return figures


def _of_shell(settings: config.Config, shell: str, runs: int) -> dict[str, list[float]]:
    home = settings.data_dir.parent / "home"
    home.mkdir(exist_ok=True)
    rc = home / (".zshrc" if shell == "zsh" else ".bashrc")
    rc.write_text(f"PS1='ready> '\nsource {shlex.quote(f'{ROOT}/shell_plugin/deja.{shell}')}\n")
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "DEJA_HOME": str(settings.data_dir.parent),
    }
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(shell, [shell, "-i"], environment)
    try:
        screen = _Screen(terminal)
        screen.until(b"ready> ")
        seen = [_picking(screen) for _ in range(runs + WARM_UP)][WARM_UP:]
    finally:
        os.close(terminal)
        os.waitpid(pid, 0)
    return {name: [time for one in seen for time in one[name]] for name in seen[0]}


def _picking(screen: "_Screen") -> dict[str, list[float]]:
    """Open the picker, type, move, leave: the times of each."""
    started = time.perf_counter()
    screen.send(KEY)
    paint = screen.until("❯".encode(), started)
    rows = screen.until(b"1 of ", started)
    screen.quiet()
    letters = [screen.settled(bytes([letter])) for letter in LETTERS]
    screen.quiet()
    moves = [screen.settled(key) for key in (DOWN, DOWN, DOWN, UP, UP)]
    screen.send(LEAVE)
    screen.quiet()
    return {"first paint": [paint], "key to rows": [rows], "letter to rows": letters, "move": moves}


class _Screen:
    """The other end of the terminal."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def send(self, keys: bytes) -> None:
        os.write(self._terminal, keys)

    def until(self, text: bytes, started: float = 0.0) -> float:
        """Milliseconds since `started` when `text` has come. Raises TimeoutError."""
        seen = b""
        while text not in seen:
            if not select.select([self._terminal], [], [], 20)[0]:
                raise TimeoutError(f"the shell did not show {text!r}")
            seen = seen[-64:] + os.read(self._terminal, 65536)
        return (time.perf_counter() - started) * 1000

    def settled(self, keys: bytes) -> float:
        """Milliseconds from these keys to the last byte that they have drawn."""
        started = last = time.perf_counter()
        self.send(keys)
        while select.select([self._terminal], [], [], QUIET_S)[0]:
            os.read(self._terminal, 65536)
            last = time.perf_counter()
        return (last - started) * 1000

    def quiet(self) -> None:
        """Until nothing more is drawn."""
        self.settled(b"")
