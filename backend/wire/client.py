"""Talks to the daemon: finds it and asks it; backend/daemon/control.py starts and stops it.

Every failure of the transport becomes Unavailable. Quick commands import this: `_socket`, which has
all that is needed, and not `socket`, which takes longer to import than the rest together.
"""

import _socket
import os
import stat
import time

from backend.wire import protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    Path = str | os.PathLike[str]


class Unavailable(Exception):
    """No daemon answered: none runs, it is stuck, it is another version, or it hung up."""


class Refused(Exception):
    """The daemon answered with an error; the text is its one line.

    `code` is one of protocol's, or empty if the daemon is older than those.
    """

    def __init__(self, text: str, code: str = "") -> None:
        super().__init__(text)
        self.code = code


def rendezvous(path: "Path") -> dict[str, str]:
    """The fields of the rendezvous file: `v`, `version`, `pid`, `socket`.

    Raises Unavailable if there is none or it is torn.
    """
    try:
        if stat.S_ISFIFO(os.stat(path).st_mode):  # it would be waited for
            raise FileNotFoundError(path)
        with open(path, "rb") as file:
            return dict(protocol.decode(file.read()))
    except (OSError, protocol.ProtocolError) as error:
        raise Unavailable("no daemon is running; run: deja start") from error


class Connection:
    """An open connection; each `ask` has its own deadline.

    Raises Unavailable if the daemon cannot be reached within `timeout` seconds.
    """

    def __init__(self, socket_path: str, timeout: float) -> None:
        self._socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        self._socket.settimeout(timeout)
        self._buffer = b""
        try:
            self._socket.connect(socket_path)
        except OSError as error:
            self._socket.close()
            raise Unavailable(f"the daemon does not answer ({error}); run: deja restart") from error

    def ask(self, message: bytes, timeout: float) -> protocol.Fields:
        """Send one request, as protocol.request makes it, and return the fields of its reply.

        Raises Unavailable when `timeout` seconds pass, and Refused if the reply is an error.
        """
        deadline = time.monotonic() + timeout
        try:
            self._socket.settimeout(timeout)
            self._socket.sendall(message)
            fields = protocol.decode(self._read_message(deadline))
        except (OSError, protocol.ProtocolError) as error:
            raise Unavailable(f"the daemon does not answer ({error}); run: deja restart") from error
        # The first of each name: what comes later may be about what was asked for.
        head = dict(reversed(protocol.head(fields)))
        if head.get("ok") != "1":
            text = head.get("error", "the daemon sent an empty reply")
            raise Refused(text, head.get("code", ""))
        return fields

    def _read_message(self, deadline: float) -> bytes:
        while b"\0\0" not in self._buffer:
            self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
            data = self._socket.recv(1 << 16)
            if not data:
                raise ConnectionResetError("it hung up")
            self._buffer += data
        message, self._buffer = self._buffer.split(b"\0\0", 1)
        return message

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> "Self":
        return self

    def __exit__(
        self,
        kind: "type[BaseException] | None",
        error: "BaseException | None",
        trace: "TracebackType | None",
    ) -> None:
        self.close()


def connect(rendezvous_file: "Path", timeout: float = 2.0) -> Connection:
    """A connection to the running daemon. Raises Unavailable if there is none."""
    return Connection(rendezvous(rendezvous_file).get("socket", ""), timeout)
