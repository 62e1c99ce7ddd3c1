"""Programs that the picker starts, in the background and silently.

`subprocess` takes longer to import than the picker takes to draw.
"""

import os
import sys

from backend.wire.environment import clean

# Where `deja forget` looks for history files, besides what a daemon is given.
_FILES = ("HISTFILE", "ZDOTDIR", "HISTDB_FILE", "HISHTORY_PATH")


def start_daemon() -> None:
    """Run `app.py start` on its own. It says nothing if it fails."""
    start(_deja("start"), clean(os.environ))


def start_forgetting(ids: tuple[int, ...]) -> tuple[int, int]:
    """Run `deja forget` for commands, the history files of the shells, too.

    Its process id, and a descriptor to read what it tells, which is the problem if it fails.
    """
    reading, writing = os.pipe()
    environment = clean(os.environ)
    environment |= {name: os.environ[name] for name in _FILES if name in os.environ}
    argv = _deja("forget", "--ids", "-y", "--history-files")
    data = "".join(f"{id}\n" for id in ids).encode()
    pid = start(argv, environment, data, told=writing)
    os.close(writing)
    os.set_blocking(reading, False)
    return pid, reading


def _deja(*arguments: str) -> list[str]:
    app = __file__.rpartition("/shell_plugin/")[0] + "/backend/app.py"
    return [sys.executable, "-I", app, *arguments]


def start(argv: list[str], environment: dict[str, str], data: bytes = b"", told: int = -1) -> int:
    """Run a program, its path first in `argv`, cut off from the terminal; its process id.

    It reads `data` on stdin; stderr goes to the descriptor `told`, everything else nowhere.
    """
    if pid := os.fork():
        return pid
    # The child: nothing below may return into the picker.
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        if data:
            os.dup2(_fed(data), 0)
        if told >= 0:
            os.dup2(told, 2)
        os.execve(argv[0], argv, environment)
    finally:
        os._exit(127)


def _fed(data: bytes) -> int:
    """A pipe to read `data` from, which may be more than one holds: a process of its own writes."""
    reading, writing = os.pipe()
    if os.fork():
        os.close(writing)
        return reading
    try:
        os.close(reading)
        while data:
            data = data[os.write(writing, data) :]
    finally:
        os._exit(0)
