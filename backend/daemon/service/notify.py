"""Tells systemd how the daemon is: sd_notify(3), a datagram to the socket that NOTIFY_SOCKET names.

Nothing is told where nobody listens.
"""

import contextlib
import os
import socket
from collections.abc import Mapping

READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"

_NAMES = ("NOTIFY_SOCKET", "WATCHDOG_USEC")


def variables(environ: Mapping[str, str]) -> dict[str, str]:
    """What of `environ` tells where to."""
    return {name: environ[name] for name in _NAMES if name in environ}


def notify(state: str) -> None:
    """Say one of the above. A socket that is gone is no reason to fail."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    if address.startswith("@"):  # of the abstract name space
        address = "\0" + address[1:]
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(state.encode(), address)
