"""Memory handed back to the system: freed heap, and mapped files that are read again if need be."""

import contextlib
import ctypes
import mmap
from pathlib import Path

_M_ARENA_MAX = -8


def give_back_heap() -> None:
    """Return freed memory, tens of MB after a bulk or a load. glibc keeps it otherwise."""
    with contextlib.suppress(OSError, AttributeError):  # macOS and musl have no malloc_trim
        ctypes.CDLL(None).malloc_trim(0)


def give_back_pages(mapped: mmap.mmap) -> None:
    """Let go of the pages of a read-only mapped file; they would count as this process's."""
    mapped.madvise(mmap.MADV_DONTNEED)


def give_back_unused() -> None:
    """Return freed memory and let go of code, most of which ran once, when a library was loaded."""
    give_back_heap()
    give_back_code()


def give_back_code() -> None:
    """Let go of the code of libraries, 30 MB of files; what runs is read again. For idle times.

    Linux only. Code alone, never data: that of libraries was changed when they were loaded.
    """
    with contextlib.suppress(OSError, AttributeError):
        madvise = ctypes.CDLL(None).madvise
        madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
        for line in Path("/proc/self/maps").read_text("utf-8", "replace").splitlines():
            addresses, access, _, _, inode, *_ = line.split(maxsplit=5)
            if access == "r-xp" and inode != "0":
                start, end = (int(address, 16) for address in addresses.split("-"))
                madvise(start, end - start, mmap.MADV_DONTNEED)


def use_one_heap() -> None:
    """Have all threads allocate from one heap, as long as no other was made: less is left over.

    The daemon's threads seldom run at once. See M_ARENA_MAX in mallopt(3), glibc only.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
