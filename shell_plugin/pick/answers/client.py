"""The conversation with the daemon: never waits, and takes nothing on trust.

One request is on its way at a time, the newest query next; a reply counts only if it carries
the number of that request. `_socket` and not `socket`, whose import takes as long as drawing
the whole screen.
"""

import _socket
import posix

from backend.wire import protocol
from backend.wire.row import rows

from .answer import Answer

# The rendezvous file is a line; a reply of fifty commands, each of which may be a script.
_LONGEST_RENDEZVOUS = 4096
_LONGEST_REPLY = 32 << 20
_CHUNK = 1 << 16


class Unusable(Exception):
    """No daemon to talk to: absent, refusing, of another version, or talking nonsense."""


class DaemonClient:
    """A connection to the daemon of one data directory."""

    __slots__ = ("_buffer", "_first", "_number", "_query", "_socket")

    def __init__(self, data_dir: str) -> None:
        """Raises Unusable where nobody listens, or the listener has no room."""
        path = _socket_path(data_dir)
        self._socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._buffer = b""
        self._number = 0
        self._first = 0
        self._query: str | None = None
        try:
            # Never blocks: with a full backlog this fails at once.
            self._socket.connect(path)
        except (OSError, ValueError) as error:
            self._socket.close()
            raise Unusable(str(error)) from error

    @property
    def waiting(self) -> bool:
        """Whether a request has not been answered."""
        return self._query is not None

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._socket.close()

    def ask(self, query: str, cwd: str, session: str, first: int, limit: int) -> None:
        """Send a search for `limit` rows, `first` passed over.

        Raises Unusable if it does not go out whole at once.
        """
        self._number += 1
        self._send(
            "search",
            ("query", query),
            ("limit", limit),
            ("offset", first),
            ("cwd", cwd),
            ("session", session),
            ("id", self._number),
        )
        self._query, self._first = query, first

    def tell(self, query: str, command: str) -> None:
        """Send what was picked; the reply is for nobody. Raises Unusable as `ask` does."""
        self._send("pick", ("query", query), ("command", command))

    def _send(self, verb: str, *fields: tuple[str, str | int]) -> None:
        message = protocol.request(verb, *fields)
        try:
            sent = self._socket.send(message)
        except OSError as error:
            raise Unusable(str(error)) from error
        if sent != len(message):
            raise Unusable("the daemon does not read")

    def receive(self) -> Answer | None:
        """What has arrived, if that makes an answer whole. Raises Unusable."""
        try:
            chunk = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return None
        except OSError as error:
            raise Unusable(str(error)) from error
        self._buffer += chunk
        if not chunk or len(self._buffer) > _LONGEST_REPLY:
            raise Unusable("the daemon hung up")
        if b"\0\0" not in chunk[-2:] and b"\0\0" not in self._buffer:
            return None
        messages, self._buffer = protocol.split(self._buffer)
        answers = [self._read(message) for message in messages]
        return next((answer for answer in reversed(answers) if answer), None)

    def _read(self, message: bytes) -> Answer | None:
        try:
            fields = protocol.decode(message)
        except protocol.ProtocolError as error:
            raise Unusable(str(error)) from error
        head = dict(reversed(fields))
        if head.get("ok") != "1":
            raise Unusable(head.get("error", "the daemon talks nonsense"))
        if head.get("id") != str(self._number) or self._query is None:
            return None
        query, self._query = self._query, None
        return Answer(
            *(query, list(rows(fields)), head.get("mode", protocol.TEXT), _hint(fields)),
            first=self._first,
            found=_number(head.get("found", "")),
            matches=_number(head.get("matches", "")),
            applied=tuple(value for key, value in fields if key == "applied"),
        )


def _hint(fields: protocol.Fields) -> str:
    """Filters that make no sense, and the remark, which may be one of them."""
    told = [value for key, value in fields if key == "mistake"]
    told += [value for key, value in fields if key == "note"]
    return "; ".join(dict.fromkeys(told))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _socket_path(data_dir: str) -> str:
    """Where the daemon listens. Raises Unusable if there is none, or one of another version."""
    try:
        # Without waiting, as a pipe would have it.
        descriptor = posix.open(f"{data_dir}/daemon", posix.O_RDONLY | posix.O_NONBLOCK)
        with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123
            messages, _ = protocol.split(file.read(_LONGEST_RENDEZVOUS))
        fields = dict(protocol.decode(messages[0]))
        if fields["v"] != str(protocol.VERSION):
            raise Unusable("the daemon is of another version")
        return fields["socket"]
    except (OSError, IndexError, KeyError, protocol.ProtocolError) as error:
        raise Unusable(str(error)) from error
