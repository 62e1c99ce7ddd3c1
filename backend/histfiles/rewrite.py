"""A history file is replaced by an edited copy at once or not at all, with the shells kept out."""

import contextlib
import fcntl
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from backend.histfiles import zsh

# How long a shell may keep us waiting: longer than a lock of zsh can be one of a shell that died.
PATIENCE_S = zsh.ABANDONED_S + 1

# A shell opens its history file and writes to it within microseconds, unless it is held up.
LATE_S = 0.25


class NotRewritten(Exception):
    """The file stays as it was; the text says why, in one line."""


@dataclass(frozen=True)
class Snapshot:
    """A file as it was read: `path` as given, `target` behind its links, and the content."""

    path: Path
    target: Path
    data: bytes
    status: os.stat_result


def read(path: Path) -> Snapshot:
    """Raises NotRewritten if it cannot be read, or is no plain file."""
    try:
        target = path.resolve(strict=True)
        with target.open("rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise NotRewritten(f"{path} is no plain file")
            return Snapshot(path, target, file.read(), status)
    except OSError as error:
        raise NotRewritten(f"cannot read {path}: {error.strerror}") from error


def rewrite(before: Snapshot, data: bytes) -> None:
    """Put `data` in the place of what was read; same owner and mode. No copy of that remains.

    Raises NotRewritten, also if the file has changed since.
    """
    if before.status.st_nlink > 1:
        raise NotRewritten(
            f"{before.path} has other names (hard links), which would keep what is to go"
        )
    try:
        with _locked(before) as old:
            _replace(before, data)
            _append_late_lines(before, old)
    except OSError as error:
        raise NotRewritten(f"cannot rewrite {before.path}: {error.strerror}") from error


def _signature(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _replace(before: Snapshot, data: bytes) -> None:
    directory = before.target.parent
    descriptor, name = tempfile.mkstemp(prefix=f".{before.target.name}.deja-", dir=directory)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            _give(descriptor, before.status)
            os.fsync(descriptor)
        if _signature(before.target.stat()) != _signature(before.status):
            raise NotRewritten(f"{before.path} changed meanwhile; run the command again")
        Path(name).replace(before.target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _append_late_lines(before: Snapshot, old: BinaryIO) -> None:
    """What a shell without locks wrote into the old file after the last look at it.

    One that had opened the file by then may be anywhere between opening and writing.
    """
    old.seek(before.status.st_size)
    end = time.monotonic() + LATE_S
    while time.monotonic() < end:
        if late := old.read():
            with before.target.open("ab") as file:
                file.write(late)
        time.sleep(0.01)


def _give(descriptor: int, status: os.stat_result) -> None:
    """Owner first: a change of owner may take bits of the mode away."""
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        os.fchown(descriptor, status.st_uid, status.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(status.st_mode))


@contextlib.contextmanager
def _locked(before: Snapshot) -> Iterator[BinaryIO]:
    """The file, open, with the locks that zsh (a link beside it, or fcntl) and fish (flock) take
    to write. bash takes none.
    """
    deadline = time.monotonic() + PATIENCE_S

    def wait() -> None:
        if time.monotonic() > deadline:
            raise NotRewritten(f"{before.path} is locked by a shell; run the command again")
        time.sleep(0.05)

    with zsh.locked(before.path, wait), before.target.open("r+b") as file:
        for lock in (fcntl.lockf, fcntl.flock):
            while True:
                try:
                    lock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    wait()
        yield file
