"""Starting the daemon from the picker, in the background and silently.

`subprocess` takes longer to import than the picker takes to draw.
"""

import os
import sys

from backend.wire.environment import clean


def start_daemon() -> None:
    """Run `app.py start` on its own, cut off from the terminal. It says nothing if it fails."""
    app = __file__.rpartition("/shell_plugin/")[0] + "/backend/app.py"
    if os.fork():
        return
    # The child: nothing below may return into the picker.
    try:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.execve(sys.executable, [sys.executable, "-I", app, "start"], clean(os.environ))
    finally:
        os._exit(127)
