"""Which shells record nothing for now: a file for each pause, which the hooks look for at a prompt.

`paused/all` in the data directory is for every shell, `paused/HOST.PID` for one. A file holds the
epoch second at which its pause ends, or nothing. Quick commands import this.
"""

import os
import time

ALL = "all"


def here(pid: int) -> str:
    """The name of the pause of the shell with this process id."""
    host = os.uname().nodename
    return f"{''.join(c if c.isascii() and c.isalnum() else '-' for c in host)}.{pid}"


def begin(data_dir: str, name: str, seconds: float | None) -> None:
    """Pause, for so long or until it is taken back. Raises OSError."""
    until = "" if seconds is None else str(int(time.time() + seconds + 1))
    path = f"{data_dir}/paused/{name}"
    os.umask(0o077)
    os.makedirs(f"{data_dir}/paused", exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(f"{path}.new", flags, 0o600)
    os.write(fd, f"{until}\n".encode())
    os.close(fd)
    # Whole or not at all: an empty file would be a pause without end.
    os.rename(f"{path}.new", path)


def end(data_dir: str, name: str) -> bool:
    """Take a pause back; whether there was one. Raises OSError."""
    try:
        os.unlink(f"{data_dir}/paused/{name}")
    except FileNotFoundError:
        return False
    return True


def running(data_dir: str) -> dict[str, int | None]:
    """The pauses that are on, by name, with the epoch second at which each ends. Those that are
    over, and those of shells that are gone, are removed.
    """
    found: dict[str, int | None] = {}
    try:
        names = sorted(os.listdir(f"{data_dir}/paused"))
    except OSError:
        return found
    for name in names:
        until = _until(f"{data_dir}/paused/{name}")
        if name.endswith(".new") or (until is not None and until <= time.time()) or _is_gone(name):
            try:
                os.unlink(f"{data_dir}/paused/{name}")
            except OSError:
                continue
        else:
            found[name] = until
    return found


def _until(path: str) -> int | None:
    try:
        with open(path, encoding="ascii") as file:
            return int(file.read())
    except (OSError, ValueError):
        return None


def _is_gone(name: str) -> bool:
    """Whether it is of a shell of this machine that has ended."""
    pid = name.rpartition(".")[2]
    if not pid.isdecimal() or name != here(int(pid)):
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


def told(name: str, until: int | None) -> str:
    """`all shells, until 14:30`."""
    who = "all shells" if name == ALL else "this shell" if name == here(os.getppid()) else name
    if until is None:
        return f"{who}, until deja resume{' --all' if name == ALL else ''}"
    form = "%H:%M" if until - time.time() < 43200 else "%Y-%m-%d %H:%M"
    return f"{who}, until {time.strftime(form, time.localtime(until))}"
