"""Memory handed back to the system: freed heap, and mapped files that are read again if need be."""

import contextlib
import ctypes
import mmap
import re
from pathlib import Path

_M_ARENA_MAX = -8

# Of /proc/self/smaps: a private mapping of a file that is not written to, and holds no page that
# is not the file's. See proc_pid_smaps(5).
_UNCHANGED = re.compile(
    r"^([0-9a-f]+)-([0-9a-f]+) r-[-x]p \S+ \S+ [1-9]\d* .*\n(?:[A-Z].*\n)*?Anonymous: +0 kB$", re.M
)


def give_back_heap() -> None:
    """Return freed memory, tens of MB after a bulk or a load. glibc keeps it otherwise."""
    with contextlib.suppress(OSError, AttributeError):  # macOS and musl have no malloc_trim
        ctypes.CDLL(None).malloc_trim(0)


def give_back_pages(mapped: mmap.mmap) -> None:
    """Let go of the pages of a read-only mapped file; they would count as this process's."""
    mapped.madvise(mmap.MADV_DONTNEED)


def give_back_unused() -> None:
    """Return freed memory, and what of libraries' files was read when they were loaded."""
    give_back_heap()
    give_back_libraries()


def give_back_libraries() -> None:
    """Let go of the code and constants of libraries, 40 MB of files; what runs is read again.

    Linux only. Nothing of which a page was changed, as loading does with tables of addresses.
    """
    with contextlib.suppress(OSError, AttributeError):
        madvise = ctypes.CDLL(None).madvise
        madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
        for mapping in _UNCHANGED.finditer(Path("/proc/self/smaps").read_text("utf-8", "replace")):
            start, end = (int(address, 16) for address in mapping.groups())
            madvise(start, end - start, mmap.MADV_DONTNEED)


def use_one_heap() -> None:
    """Have all threads allocate from one heap, as long as no other was made: less is left over.

    The daemon's threads seldom run at once. See M_ARENA_MAX in mallopt(3), glibc only.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
