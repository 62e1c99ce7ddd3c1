"""A connection to the daemon: never waits, and takes nothing on trust.

`_socket` and not `socket`, whose import takes as long as drawing the whole screen.
"""

import _socket
import posix
import select

from backend.wire import protocol

# The rendezvous file is a line; a reply of fifty commands, each of which may be a script.
_LONGEST_RENDEZVOUS = 4096
_LONGEST_REPLY = 32 << 20
_CHUNK = 1 << 16
# A request that is longer than the socket holds is waited for, so long at a time: a daemon that is
# well takes it at once.
_ROOM_SECONDS = 0.1


class Unusable(Exception):
    """No daemon to talk to: absent, refusing, of another version, or talking nonsense."""


class Connection:
    """To the daemon of one data directory."""

    __slots__ = ("_buffer", "_socket")

    def __init__(self, data_dir: str) -> None:
        """Raises Unusable where nobody listens, or the listener has no room."""
        path = _socket_path(data_dir)
        self._socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._buffer = b""
        try:
            # Never blocks: with a full backlog this fails at once.
            self._socket.connect(path)
        except (OSError, ValueError) as error:
            self._socket.close()
            raise Unusable(str(error)) from error

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._socket.close()

    def send(self, verb: str, *fields: tuple[str, str | int]) -> None:
        """Send a request. Raises Unusable if the daemon does not take all of it."""
        message = protocol.request(verb, *fields)
        try:
            sent = self._socket.send(message)
            while sent < len(message) and select.select([], [self._socket], [], _ROOM_SECONDS)[1]:
                sent += self._socket.send(message[sent:])
        except OSError as error:
            raise Unusable(str(error)) from error
        if sent != len(message):
            raise Unusable("the daemon does not read")

    def receive(self) -> list[protocol.Fields]:
        """The replies that are whole by now, oldest first. Raises Unusable."""
        try:
            chunk = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return []
        except OSError as error:
            raise Unusable(str(error)) from error
        self._buffer += chunk
        if not chunk or len(self._buffer) > _LONGEST_REPLY:
            raise Unusable("the daemon hung up")
        if b"\0\0" not in chunk[-2:] and b"\0\0" not in self._buffer:
            return []
        messages, self._buffer = protocol.split(self._buffer)
        try:
            return [protocol.decode(message) for message in messages]
        except protocol.ProtocolError as error:
            raise Unusable(str(error)) from error


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
