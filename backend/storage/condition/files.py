"""The files of an open store: whether they are still those by which it was opened."""

import contextlib
from pathlib import Path


class Files:
    """The database at `path`, its write-ahead log and the index of that. Raises OSError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._numbers = self._found()

    def _found(self) -> list[int]:
        return [Path(f"{self._path}{suffix}").stat().st_ino for suffix in ("", "-wal", "-shm")]

    def are_in_place(self) -> bool:
        """Whether none was removed or replaced."""
        try:
            return self._found() == self._numbers
        except OSError:
            return False

    def are_replaced(self) -> bool:
        """Whether there is another database of this name."""
        return self._path.exists() and self._path.stat().st_ino != self._numbers[0]

    def remove_stray_log(self) -> None:
        """SQLite leaves the log of a database that is gone, and would mix another of its name with
        it. Call when the store is closed.
        """
        with contextlib.suppress(OSError):
            log = Path(f"{self._path}-wal")
            if self.are_replaced() and log.stat().st_ino == self._numbers[1]:
                log.unlink()
                Path(f"{self._path}-shm").unlink()
