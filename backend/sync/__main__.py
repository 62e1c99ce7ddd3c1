"""One round of sync, in a process of its own: `python -m backend.sync [DATA_DIRECTORY]`.

Exit code 0 if all is well, 1 if not, 75 if another round is at work; `deja sync status` tells. The
daemon starts it with a pipe as stdin: when that ends, so does this.
"""

import contextlib
import os
import stat
import sys
import threading
from pathlib import Path

if not __package__:  # run as a file: make `backend` importable
    sys.path[:0] = [str(Path(__file__).resolve().parent.parent.parent)]

from backend.sync.once import Busy, once, rendezvous
from backend.sync.places import NotSetUp, Places
from backend.wire import client

_FAILED, _BUSY = 1, os.EX_TEMPFAIL
# Behind whatever a person waits for.
_NICE = 10


def main(arguments: list[str]) -> int:
    if arguments:
        data_dir = Path(arguments[0])
    else:
        from backend import config

        data_dir = config.load().data_dir
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    try:
        status = once(Places(data_dir), lambda: client.connect(rendezvous(data_dir)))
    except Busy:
        return _BUSY
    except NotSetUp as error:
        print(error, file=sys.stderr)
        return _FAILED
    return 0 if status["ok"] else _FAILED


def _end_with_parent() -> None:
    """The daemon holds the other end of stdin for as long as it lives."""
    with contextlib.suppress(OSError):
        while os.read(0, 1 << 10):
            pass
    os._exit(_FAILED)


if __name__ == "__main__":
    if stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.exit(main(sys.argv[1:]))
