"""Memory handed back to the system: freed heap, and mapped pages that are read again if need be.

Standard library only.
"""

import contextlib
import ctypes
import mmap

_M_ARENA_MAX = -8


def give_back_heap() -> None:
    """Return freed memory, tens of MB after a bulk or a load. glibc keeps it otherwise."""
    with contextlib.suppress(OSError, AttributeError):  # macOS and musl have no malloc_trim
        ctypes.CDLL(None).malloc_trim(0)


def give_back_pages(mapped: mmap.mmap) -> None:
    """Let go of the pages of a read-only mapped file; they would count as this process's."""
    mapped.madvise(mmap.MADV_DONTNEED)


def use_one_heap() -> None:
    """Have all threads allocate from one heap, as long as no other was made: less is left over.

    The daemon's threads seldom run at once. See M_ARENA_MAX in mallopt(3), glibc only.
    """
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
