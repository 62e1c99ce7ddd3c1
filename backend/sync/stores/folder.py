"""A folder as the storage: of Syncthing, Dropbox, NFS, a USB stick, a git checkout."""

import contextlib
import errno
import os
import shlex
import time
from collections.abc import Iterator
from pathlib import Path

from backend.sync.stores.store import Entry, Exists, Missing, StorageError

_TEMPORARY = ".deja-"
# One that is older was left by a process that was killed.
_STALE_S = 3600
# What a file system says that has no hard links: FAT, some of FUSE, some of SMB.
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


class Folder:
    """A file appears whole or not at all, and is on the disk when a call returns."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def list(self) -> list[Entry]:
        with self._told("list"):
            if not self._root.is_dir():
                raise FileNotFoundError
            return list(self._files(self._root / "v1", "v1"))

    def _files(self, directory: Path, prefix: str) -> Iterator[Entry]:
        try:
            found = list(os.scandir(directory))
        except FileNotFoundError:
            return
        for each in found:
            if each.is_dir(follow_symlinks=False):
                yield from self._files(directory / each.name, f"{prefix}/{each.name}")
            elif each.name.startswith(_TEMPORARY):
                _remove_stale(each)
            else:
                with contextlib.suppress(FileNotFoundError):
                    yield Entry(f"{prefix}/{each.name}", each.stat().st_size)

    def get(self, name: str) -> bytes:
        with self._told("read", name):
            return (self._root / name).read_bytes()

    def create(self, name: str, data: bytes) -> None:
        with self._told("write", name), self._beside(name, data) as (temporary, path):
            try:
                os.link(temporary, path)
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
                if path.exists():
                    raise FileExistsError(path) from error
                temporary.rename(path)

    def replace(self, name: str, data: bytes) -> None:
        with self._told("write", name), self._beside(name, data) as (temporary, path):
            temporary.replace(path)

    def delete(self, name: str) -> None:
        path = self._root / name
        with self._told("remove", name):
            path.unlink(missing_ok=True)
            _sync_directory(path.parent)
        # The last file of a host takes its directory along.
        with contextlib.suppress(OSError):
            path.parent.rmdir()

    @contextlib.contextmanager
    def _beside(self, name: str, data: bytes) -> Iterator[tuple[Path, Path]]:
        """A temporary file with `data`, on the disk, and the path that it is for."""
        path = self._root / name
        for parent in (self._root / "v1", path.parent):
            parent.mkdir(mode=0o700, exist_ok=True)
        temporary = path.with_name(f"{_TEMPORARY}{os.getpid()}-{os.urandom(4).hex()}.tmp")
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            yield temporary, path
        finally:
            temporary.unlink(missing_ok=True)
        _sync_directory(path.parent)

    @contextlib.contextmanager
    def _told(self, what: str, name: str = "") -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as error:
            if not self._root.is_dir():
                raise StorageError(
                    f"{self._root} is no directory; is it mounted? if it is to begin there, "
                    f"run: mkdir {shlex.quote(str(self._root))}"
                ) from error
            raise Missing(f"{self._root} has no {name}") from error
        except FileExistsError as error:
            raise Exists(f"{self._root} has {name} already") from error
        except OSError as error:
            raise StorageError(
                f"cannot {what} {self._root / name}: {error.strerror}; mend that, then "
                "run: deja sync"
            ) from error


def _remove_stale(each: "os.DirEntry[str]") -> None:
    with contextlib.suppress(OSError):
        if each.stat(follow_symlinks=False).st_mtime < time.time() - _STALE_S:
            Path(each.path).unlink()


def _sync_directory(path: Path) -> None:
    # Some network file systems cannot; there the file's own fsync is all that can be had.
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
