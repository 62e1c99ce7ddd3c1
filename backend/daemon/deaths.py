"""When the daemon was started and did not live: the memory behind backing off.

A daemon adds a line when it starts and removes all of them when it ends as it was told to, or has
lived for a while; so what stands there are the deaths in a row.
"""

import contextlib
import os
import time
from pathlib import Path

# A daemon that has lived this long was no crash at start.
SETTLED_S = 60.0

# Older deaths say nothing of now.
FORGET_S = 3600.0

# So many in a row are tried again at once: somebody may be killing them.
FREE = 3

LONGEST_WAIT_S = 300.0

# A pipe in the file's place must not hold up the start.
_ADDING = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NONBLOCK


def add(path: Path) -> int:
    """Note a start; how many before it in a row died young."""
    deaths = len(recent(path))
    with contextlib.suppress(OSError):  # a full disk must not keep the daemon from starting
        descriptor = os.open(path, _ADDING, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(f"{time.time():.0f}\n".encode())
    return deaths


def clear(path: Path) -> None:
    """The daemon lives, or ended as it should."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def recent(path: Path) -> list[int]:
    """Epoch seconds of the starts that are noted, of the last hour."""
    try:
        lines = path.read_bytes().split() if path.is_file() else []
    except OSError:
        return []
    times = [int(line) for line in lines if line.isdigit() and len(line) < 12]
    return [then for then in times if time.time() - FORGET_S < then <= time.time() + 1]


def wait_s(path: Path) -> float:
    """Seconds to leave the daemon alone; it doubles with every death."""
    deaths = recent(path)
    if len(deaths) <= FREE:
        return 0.0
    wait = min(2.0 ** min(len(deaths) - FREE, 16), LONGEST_WAIT_S)
    return max(0.0, deaths[-1] + wait - time.time())


def story(path: Path) -> str | None:
    """One line about deaths in a row, or None where there is nothing to tell."""
    deaths = recent(path)
    if len(deaths) <= FREE:
        return None
    next_ = f"; it is left alone for {wait:.0f} s" if (wait := wait_s(path)) else ""
    return f"the daemon died {len(deaths)} times in a row{next_}; see: deja logs"
