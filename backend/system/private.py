"""Directories that hold history: made for this user alone, and refused when they are not."""

from __future__ import annotations

import hashlib
import os
import shlex
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.config import Config

# sun_path holds 108 bytes on Linux and 104 on macOS, the ending NUL included.
MAX_SOCKET_PATH = 103

# How the names of the history's own files begin.
_OURS = ("history.db", "text.index", "daemon")


class UnsafeDirectory(Exception):
    """Another user could read or replace what is in a directory; the text says how to mend it."""


def make(path: Path) -> Path:
    """Make `path` (mode 0700, parents as needed) or check the one that is there.

    Raises UnsafeDirectory if it belongs to somebody else, is a link or is open to others.
    """
    for parent in reversed([parent for parent in path.parents if not parent.exists()]):
        # Not by `parents=True`, whose mode is the umask's: this user's alone from the top.
        parent.mkdir(mode=0o700, exist_ok=True)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        _check(path)
    return path


def check(config: Config) -> None:
    """Make the directories of an install, and check the files that are in them.

    Raises UnsafeDirectory.
    """
    for directory in (config.data_dir, config.spool_dir, config.vectors_dir, config.log_dir):
        make(directory)
    for directory in (config.data_dir, config.vectors_dir, config.log_dir):
        for path in directory.iterdir():
            # The rest of the data directory is the program: the installer's business.
            if path.parent != config.data_dir or path.name.startswith(_OURS):
                _check_file(path)


def _check(path: Path) -> None:
    status = path.lstat()
    name = shlex.quote(str(path))
    replace, move = f"replace it: rm {name} && mkdir {name}", f"move it: mv {name} {name}.old"
    if stat.S_ISLNK(status.st_mode):
        raise UnsafeDirectory(f"{path} is a symbolic link; {_or_elsewhere(path, status, replace)}")
    if not stat.S_ISDIR(status.st_mode):
        raise UnsafeDirectory(f"{path} is not a directory; {_or_elsewhere(path, status, move)}")
    _check_access(path, status, 0o700)


def _check_file(path: Path) -> None:
    status = path.lstat()
    name = shlex.quote(str(path))
    if stat.S_ISLNK(status.st_mode):
        raise UnsafeDirectory(f"{path} is a symbolic link; put the file in its place: rm {name}")
    _check_access(path, status, 0o600)


def _or_elsewhere(path: Path, status: os.stat_result, advice: str) -> str:
    """`advice`, unless it cannot work: what is another user's, in a directory such as /tmp, only he
    or the owner of the directory can take away.
    """
    parent = path.parent.stat()
    mine = os.getuid() in (0, parent.st_uid, status.st_uid)
    if parent.st_mode & stat.S_ISVTX and not mine:
        return "it is another user's; set DEJA_HOME to a directory of your own"
    return advice


def _check_access(path: Path, status: os.stat_result, mode: int) -> None:
    name = shlex.quote(str(path))
    if status.st_uid != os.getuid():
        # A shell of root with a user's HOME would take the history away from him.
        whose = "" if os.getuid() else "run deja as that user, or, if it is to be root's, "
        raise UnsafeDirectory(
            f"{path} belongs to another user (uid {status.st_uid}); "
            f"{whose}run: sudo chown -R {os.getuid()} {name}"
        )
    if status.st_mode & 0o022:
        raise UnsafeDirectory(f"{path} can be written by others; run: chmod {mode:o} {name}")
    if status.st_mode & 0o077:
        path.chmod(mode)


def socket_path(data_dir: Path) -> Path:
    """Where the daemon's socket belongs: in the data directory, or, if that path is too long
    for a socket, in a private directory of the temporary one, named after the data directory.

    Raises UnsafeDirectory if somebody else has made that directory.
    """
    path = data_dir / "daemon.sock"
    if len(os.fsencode(path)) <= MAX_SOCKET_PATH:
        return path
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    for base in (tempfile.gettempdir(), "/tmp"):
        path = Path(base) / f"deja-{os.getuid()}-{digest}" / "daemon.sock"
        if len(os.fsencode(path)) <= MAX_SOCKET_PATH:
            break
    make(path.parent)
    return path
