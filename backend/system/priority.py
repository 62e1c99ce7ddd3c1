"""How much of a busy processor a thread gets."""

import contextlib
import os
import sys
import threading

# As nice(1) has it: a ninth of what others get.
LOWER = 10


def lower() -> None:
    """Let others go before this thread, for good: whoever is not root cannot take it back.

    Not for a thread that holds what others wait for, a lock or the interpreter's own, as most
    Python code does: on a busy machine they would wait as long as it does. Only Linux has
    priorities of single threads.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWER)
