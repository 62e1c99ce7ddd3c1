"""Reads files of a store beside SQLite, which has them open in this process.

The system drops every lock that a process has on a file when it closes any descriptor of it
(https://sqlite.org/howtocorrupt.html, 2.2): other processes would take the store for one that
nobody has open, and truncate what is mapped here. So a descriptor stays open as long as the store.
"""

import os
from pathlib import Path

_open: dict[tuple[int, int], int] = {}


def read(path: Path, count: int) -> bytes:
    """The first so many bytes of a file. Raises OSError."""
    status = path.stat()
    key = status.st_dev, status.st_ino
    if key not in _open:
        _open[key] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    return os.pread(_open[key], count, 0)


def release(path: Path) -> None:
    """The store at `path` is closed; of what was removed nothing is read any more, either."""
    names = (path, path.with_name(f"{path.name}-shm"))
    here = {(found.st_dev, found.st_ino) for name in names if (found := _status(name))}
    for key, descriptor in list(_open.items()):
        if key in here or not os.fstat(descriptor).st_nlink:
            os.close(_open.pop(key))


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
