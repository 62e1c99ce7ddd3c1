"""Which threads let others go first."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.system import priority

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux has priorities of single threads"
)


def test_of_a_thread_alone() -> None:
    before = niceness()
    with ThreadPoolExecutor(1, initializer=priority.lower) as lower:
        assert lower.submit(niceness).result() == max(before, priority.LOWER)
    assert niceness() == before


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
