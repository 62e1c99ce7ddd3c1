"""Starting the daemon from the picker, in the background and silently.

`subprocess` takes longer to import than the picker takes to draw.
"""

import os
import sys


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
        os.execv(sys.executable, [sys.executable, "-I", app, "start"])
    finally:
        os._exit(127)
