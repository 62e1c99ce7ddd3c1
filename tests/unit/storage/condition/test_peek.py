"""Looking at the files of an open store takes none of SQLite's locks away."""

import subprocess
import sys
from pathlib import Path

from backend.storage.store import Store
from backend.wire.record import Record

# The bytes that SQLite locks as long as somebody has a store open: of the index of its log, and of
# the database itself (os_unix.c: UNIX_SHM_DMS, SHARED_FIRST).
TAKE = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, int(sys.argv[2]))
"""
OF_INDEX, OF_DATABASE = 128, 0x40000000 + 2


def is_free(path: str, byte: int) -> bool:
    """Whether another process can take the lock."""
    done = subprocess.run([sys.executable, "-c", TAKE, path, str(byte)], capture_output=True)
    assert done.returncode == 0 or b"BlockingIOError" in done.stderr, done.stderr
    return done.returncode == 0


def test_a_look_leaves_the_locks(tmp_path: Path) -> None:
    store = Store(tmp_path / "history.db")
    store.add([Record("make")])
    for _ in range(2):
        store.check()
        assert not is_free(f"{store.path}-shm", OF_INDEX)
        assert not is_free(str(store.path), OF_DATABASE)
    path = store.path
    store.close()
    assert is_free(str(path), OF_DATABASE)
