"""The spool: files that the shell hooks append to and the daemon empties.

Knows nothing of the store; the caller commits how far each file was read together with
what was read, so that a crash between the two loses nothing and repeats nothing.
"""

import contextlib
import errno
import os
import re
import shlex
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from backend.system import private
from backend.wire import protocol
from backend.wire.record import Aliases, Record, aliases_from, from_fields

# A file is known by its name and its first bytes, which hold a start time in microseconds:
# a file that was removed and made again is read from its beginning. Mark and start time are
# 31 bytes long; more could hold text of a command, and the head is kept.
HEAD_BYTES = 31

# More than this is not read at once, so that a huge file cannot fill the memory.
CHUNK_BYTES = 4 << 20

# A file of another machine (a shared home) is kept this long after its last change.
FOREIGN_KEEP_S = 7 * 86400

# bash keeps its last line in a file beside its own; it holds no records.
SCRATCH = ".line."

_MARK = b"\0" + protocol.RECORD_MARK + b"\0"
_NAME = re.compile(r"(?P<host>.+)\.(?P<pid>\d+)\.\d+")


@dataclass(frozen=True)
class Progress:
    """How far a spool file has been read: `offset` bytes of the file that begins with `head`."""

    name: str
    head: bytes
    offset: int


@dataclass(frozen=True)
class Chunk:
    """What was read of one file: its records and aliases, records that were damaged, and the new
    progress.
    """

    records: list[Record]
    aliases: list[Aliases]
    damaged: int
    progress: Progress


class Reader:
    """Reads the files of one spool directory, each from where it was read before.

    `damaged` counts records that could not be read; `mended` tells what was put right so that files
    can be. Progress is advanced by the caller, once it is committed.
    """

    def __init__(self, directory: Path, progress: dict[str, Progress]) -> None:
        self._directory = directory
        self._progress = progress
        self._wiped: dict[str, int] = {}
        self._unchanged: dict[str, tuple[int, ...]] = {}
        self._host = host_name()
        self._unread: set[str] = set()
        self.damaged = 0
        self.mended: list[str] = []

    def problem(self) -> str | None:
        """Why the commands that the hooks write are not taken in, with what mends it."""
        name = shlex.quote(str(self._directory))
        try:
            os.scandir(self._directory).close()
            if not os.access(self._directory, os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        except FileNotFoundError:
            return None  # no shell has written yet
        except OSError as error:
            reason = f"cannot read {name} ({error.strerror}); run: chmod 700 {name}"
            return f"new commands are not taken in: {reason}"
        if self._unread:
            file = shlex.quote(str(self._directory / min(self._unread)))
            return f"new commands are not taken in: cannot read {file}; run: chmod 600 {file}"
        return None

    def read(self) -> Iterator[Chunk]:
        """What the files hold beyond the known progress, file by file.

        A record that has not been written to its end yet is left for the next time.
        """
        self._unread.clear()
        for entry in self._entries():
            try:
                if entry.is_file(follow_symlinks=False):
                    yield from self._read_changed(entry)
                elif _NAME.fullmatch(entry.name):
                    self._move_aside(Path(entry.path))
            except FileNotFoundError:
                continue
            except OSError:
                self._unread.add(entry.name)
                with contextlib.suppress(OSError):
                    _open_up(Path(entry.path), 0o600, self.mended)

    def _entries(self) -> list["os.DirEntry[str]"]:
        """The entries of the directory, which is put right where that is this user's to do."""
        for last in (False, True):
            try:
                return sorted(os.scandir(self._directory), key=lambda entry: entry.name)
            except FileNotFoundError:
                return []
            except OSError:
                if last:
                    return []
                with contextlib.suppress(OSError, private.UnsafeDirectory):
                    private.put_right(self._directory, self.mended)
        return []

    def _move_aside(self, path: Path) -> None:
        """No file, though a shell would write to it."""
        path.rename(path.with_name(f"{private.ASIDE}{path.name}-{time.time_ns()}"))
        self.mended.append(f"{path} was no file; it is moved aside")

    def _read_changed(self, entry: "os.DirEntry[str]") -> Iterator[Chunk]:
        """What a file holds beyond the known progress; nothing if it is as it was last time."""
        found = _signature(entry.stat(follow_symlinks=False))
        if self._unchanged.get(entry.name) != found:
            if not entry.name.startswith(SCRATCH):
                yield from _read_file(Path(entry.path), self._progress.get(entry.name))
            self._unchanged[entry.name] = found

    def advance(self, chunk: Chunk) -> None:
        """The chunk's progress is committed: it will not be read again."""
        name = chunk.progress.name
        before = self._progress.get(name)
        if before and not _same_file(chunk.progress.head, before.head):
            self._wiped.pop(name, None)
        self._progress[name] = chunk.progress
        self.damaged += chunk.damaged

    def has_unwiped(self) -> bool:
        """Whether text of commands that are in the store stands in the spool still."""
        return any(
            self._wiped.get(name) != progress.offset for name, progress in self._progress.items()
        )

    def wipe(self) -> list[str]:
        """Overwrite what was read (it may hold secrets; the store's copy is masked) and remove
        the files of shells that are gone; the names of those. Call when the store is on disk.

        Overwriting in place is safe beside a shell that appends.
        """
        gone = []
        for name in sorted(self._progress.keys() | self._unchanged.keys()):
            path = self._directory / name
            progress = self._progress.get(name)
            if progress and self._wiped.get(name) != progress.offset:
                _overwrite(path, progress, self._wiped.get(name, HEAD_BYTES))
                self._wiped[name] = progress.offset
            if self._is_finished(path, progress.offset if progress else 0):
                path.unlink(missing_ok=True)
                gone.append(name)
                self._progress.pop(name, None)
                self._wiped.pop(name, None)
                self._unchanged.pop(name, None)
        return gone

    def _is_finished(self, path: Path, offset: int) -> bool:
        """Whether all was read of a file and its shell is gone."""
        match = _NAME.fullmatch(path.name.removeprefix(SCRATCH))
        # The shell first, the file second: the other way round it could append in between.
        if match and match["host"] == self._host and _alive(int(match["pid"])):
            return False
        try:
            status = path.stat()
        except OSError:
            return True
        read = self._unchanged.get(path.name)
        torn = status.st_size != offset
        if torn and (read is None or read[:2] != _signature(status)[:2]):
            return False
        of_here = match is not None and match["host"] == self._host
        if not of_here and (not match or time.time() - status.st_mtime < FOREIGN_KEEP_S):
            return False
        # Torn when the shell died: no record, and it may hold a secret.
        self.damaged += torn and not path.name.startswith(SCRATCH)
        return True


def _open_up(path: Path, mode: int, done: list[str]) -> None:
    """Let this user, whose file it is, read it again."""
    before = stat.S_IMODE(path.lstat().st_mode)
    if before != mode and not before & 0o022:
        path.chmod(mode)
        done.append(f"{path} had mode {before:03o}; it has {mode:o} now")


def _signature(status: os.stat_result) -> tuple[int, int, int]:
    """Changes when the file does: inode, size, time of change."""
    return status.st_ino, status.st_size, status.st_mtime_ns


def _overwrite(path: Path, progress: Progress, begin: int) -> None:
    """Zeros over what was read, unless another file has taken the name since."""
    with contextlib.suppress(FileNotFoundError), path.open("r+b") as file:
        if not _same_file(file.read(HEAD_BYTES), progress.head):
            return
        file.seek(begin)
        file.write(bytes(max(0, progress.offset - begin)))
        file.flush()
        os.fdatasync(file.fileno())


def _read_file(path: Path, before: Progress | None) -> Iterator[Chunk]:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        offset = before.offset if before and _same_file(head, before.head) else 0
        want = CHUNK_BYTES
        while True:
            file.seek(offset)
            data = file.read(want)
            records, aliases, damaged, used = parse(data)
            if used:
                offset += used
                want = CHUNK_BYTES
                yield Chunk(records, aliases, damaged, Progress(path.name, head, offset))
            if len(data) < want:
                return
            if not used:
                want *= 2


def _same_file(head: bytes, before: bytes) -> bool:
    """The file may have been shorter than HEAD_BYTES when it was read before."""
    return head[: len(before)] == before


def parse(data: bytes) -> tuple[list[Record], list[Aliases], int, int]:
    """Complete records and aliases in `data`, how many were damaged, how many bytes are done with.

    Anything between the end of a record and the next mark was torn by a failed write.
    """
    records: list[Record] = []
    aliases: list[Aliases] = []
    damaged = 0
    position = 0
    while (mark := data.find(_MARK, position)) >= 0:
        damaged += mark > position
        begin = mark + len(_MARK)
        end = data.find(b"\0\0", begin)
        following = data.find(_MARK, begin)
        # A record that lacks its last NUL borrows the next mark's; its shell writes it again.
        if following >= 0 and (end < 0 or following <= end + 1):
            damaged += 1
            position = following
            continue
        if end < 0:
            return records, aliases, damaged, mark
        found = _read(data[begin:end])
        if isinstance(found, Record):
            records.append(found)
        elif found:
            aliases.append(found)
        else:
            damaged += 1
        position = end + 2
    return records, aliases, damaged, position


def _read(fields: bytes) -> Record | Aliases | None:
    try:
        read = protocol.decode(fields)
    except protocol.ProtocolError:
        return None
    return from_fields(read) or aliases_from(read)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def host_name() -> str:
    """This machine's name as it stands in the names of spool files."""
    return re.sub(r"[^A-Za-z0-9-]", "-", os.uname().nodename)
