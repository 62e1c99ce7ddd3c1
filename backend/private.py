"""Directories that hold history: made for this user alone, and refused when they are not.

Standard library only.
"""

import hashlib
import os
import shlex
import stat
import tempfile
from pathlib import Path

# sun_path holds 108 bytes on Linux and 104 on macOS, the ending NUL included.
MAX_SOCKET_PATH = 103


class UnsafeDirectory(Exception):
    """Another user could read or replace what is in a directory; the text says how to mend it."""


def make(path: Path) -> Path:
    """Make `path` (mode 0700, parents as needed) or check the one that is there.

    Raises UnsafeDirectory if it belongs to somebody else, is a link or is open to others.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        _check(path)
    return path


def _check(path: Path) -> None:
    status = path.lstat()
    name = shlex.quote(str(path))
    if stat.S_ISLNK(status.st_mode):
        raise UnsafeDirectory(f"{path} is a symbolic link; replace it: rm {name} && mkdir {name}")
    if not stat.S_ISDIR(status.st_mode):
        raise UnsafeDirectory(f"{path} is not a directory; move it: mv {name} {name}.old")
    if status.st_uid != os.getuid():
        raise UnsafeDirectory(
            f"{path} belongs to another user (uid {status.st_uid}); "
            f"run: sudo chown -R {os.getuid()} {name}"
        )
    if status.st_mode & 0o022:
        raise UnsafeDirectory(f"{path} can be written by others; run: chmod 700 {name}")
    if status.st_mode & 0o077:
        path.chmod(0o700)


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
