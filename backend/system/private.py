"""Directories that hold history: made for this user alone, and refused when they are not."""

from __future__ import annotations

import hashlib
import os
import shlex
import stat
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.config import Config

# sun_path holds 108 bytes on Linux and 104 on macOS, the ending NUL included.
MAX_SOCKET_PATH = 103

# How the names of the history's own files begin: the store itself, what the daemon makes anew when
# it starts, and what can be made of the store.
STORE = "history.db"
CACHES = ("text.index", "columns")
_OURS = (STORE, *CACHES, "daemon")

# What is in the way goes under such a name; it is neither read nor deleted.
ASIDE = "aside-"


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


def check(config: Config, making: bool = True) -> list[str]:
    """Make the directories of an install, unless `making` is off, and look at the files that are in
    them; a line for each thing that was put right.

    Raises UnsafeDirectory where that is not deja's to do: another user could have written there,
    or the store is a link.
    """
    done: list[str] = []
    _make_data(config.data_dir, done)
    inner = (config.vectors_dir, config.log_dir, config.snapshots_dir)
    for directory in (config.spool_dir, *inner):
        if making or os.path.lexists(directory):
            put_right(directory, done)
    for directory in filter(Path.is_dir, (config.data_dir, *inner)):
        for path in directory.iterdir():
            # The rest of the data directory is the program: the installer's business.
            if path.parent != config.data_dir or path.name.startswith(_OURS):
                is_cache = directory == config.vectors_dir or path.name.startswith(CACHES)
                _check_file(path, is_cache, done)
    return done


def _make_data(path: Path, done: list[str]) -> None:
    """The data directory may be a link of this user's to a directory of his."""
    if path.is_symlink() and path.is_dir():
        if path.lstat().st_uid != os.getuid():
            raise UnsafeDirectory(
                f"{path} is a symbolic link of another user; remove it: rm {_quoted(path)}"
            )
        path = path.resolve()
    before = _mode(path)
    make(path)
    _tell_mode(path, before, done)


def put_right(path: Path, done: list[str]) -> None:
    """A directory of deja's own, made where there is none; what is in its way is moved aside.

    Raises UnsafeDirectory as `make` does, and OSError.
    """
    if not path.is_dir() and (path.is_symlink() or path.exists()):
        _move_aside(path, "directory", done)
    before = _mode(path)
    make(path)
    _tell_mode(path, before, done)


def _mode(path: Path) -> int | None:
    return stat.S_IMODE(path.stat().st_mode) if path.exists() else None


def _tell_mode(path: Path, before: int | None, done: list[str]) -> None:
    if before is not None and before & 0o700 != 0o700:
        done.append(f"{path} had mode {before:03o}; it has 700 now")


def _move_aside(path: Path, wanted: str, done: list[str]) -> None:
    aside = path.with_name(f"{ASIDE}{time.strftime('%Y-%m-%dT%H-%M-%S')}-{path.name}")
    path.rename(aside)
    done.append(f"{path} was no {wanted}; it is {aside} now")


def _check(path: Path) -> None:
    status = path.lstat()
    name = _quoted(path)
    replace, move = f"replace it: rm {name} && mkdir {name}", f"move it: mv {name} {name}.old"
    if stat.S_ISLNK(status.st_mode):
        raise UnsafeDirectory(f"{path} is a symbolic link; {_or_elsewhere(path, status, replace)}")
    if not stat.S_ISDIR(status.st_mode):
        raise UnsafeDirectory(f"{path} is not a directory; {_or_elsewhere(path, status, move)}")
    _check_access(path, status, 0o700)


def _check_file(path: Path, is_cache: bool, done: list[str]) -> None:
    if path.name.startswith(ASIDE):
        return
    status = path.lstat()
    mode, is_store = stat.S_IMODE(status.st_mode), path.name.startswith(STORE)
    if stat.S_ISLNK(status.st_mode) and is_store:
        raise UnsafeDirectory(
            f"{path} is a symbolic link; put the file in its place: rm {_quoted(path)}"
        )
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISSOCK(status.st_mode)):
        _move_aside(path, "file", done)  # a pipe would hold up whoever opens it
        return
    if status.st_uid == os.getuid() and mode & 0o022 and not is_store:
        # Nobody else can have come to it: the directory is this user's alone. All the same.
        path.unlink() if is_cache else path.chmod(0o600)
        done.append(f"{path} could be written by others; it is {'gone' if is_cache else 'not'} now")
        return
    _check_access(path, status, 0o600)
    if mode & 0o600 != 0o600:
        done.append(f"{path} had mode {mode:03o}; it has 600 now")


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
    name = _quoted(path)
    if status.st_uid != os.getuid():
        # A shell of root with a user's HOME would take the history away from him.
        whose = "" if os.getuid() else "run deja as that user, or, if it is to be root's, "
        raise UnsafeDirectory(
            f"{path} belongs to another user (uid {status.st_uid}); "
            f"{whose}run: sudo chown -R {os.getuid()} {name}"
        )
    if status.st_mode & 0o022:
        raise UnsafeDirectory(f"{path} can be written by others; run: chmod {mode:o} {name}")
    if status.st_mode & 0o777 != mode:
        path.chmod(mode)


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))


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
