"""The lock of a data directory: one daemon holds it for as long as it lives.

The system lets go of it whatever the holder dies of, so that a process id in the file of a held
lock is never stale.
"""

import fcntl
import os
import time
from pathlib import Path

# Somebody who looks who holds the lock has it for a moment.
_LOOKS = 10
_LOOK_S = 0.02

# A pipe in the file's place must not hold up who looks.
_READING = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class AlreadyRunning(Exception):
    """Another daemon holds the lock of this data directory."""


def hold(path: Path) -> int:
    """Hold the lock until the returned descriptor is closed. Raises AlreadyRunning."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    for _ in range(_LOOKS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            time.sleep(_LOOK_S)
    else:
        pid = _pid(descriptor)
        os.close(descriptor)
        raise AlreadyRunning(f"a daemon is running already (pid {pid})")
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def is_of(path: Path, held: int) -> bool:
    """Whether the lock that is held by this descriptor is the one at `path`."""
    try:
        return os.path.samestat(path.lstat(), os.fstat(held))
    except OSError:
        return False


def holder(path: Path) -> int | None:
    """The process that holds the lock, or None."""
    try:
        descriptor = os.open(path, _READING)
    except OSError:
        return None
    try:
        for _ in range(_LOOKS):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return None
            except BlockingIOError:
                pid = _pid(descriptor)
            if pid is not None:
                return pid
            time.sleep(_LOOK_S)  # it holds the lock and has not written its number yet
        return None
    finally:
        os.close(descriptor)


def _pid(descriptor: int) -> int | None:
    text = os.pread(descriptor, 32, 0).strip()
    return int(text) if text.isdigit() else None
