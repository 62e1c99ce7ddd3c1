"""The socket: reads requests, has a handler answer them, writes replies.

asyncio; a handler that takes long does its work in a thread (verbs.py), so that others are
answered meanwhile. A client that sends what is no request gets one line of error, and nobody
else notices.
"""

import asyncio
import logging
import os
import socket
import struct
import sys
from collections.abc import Mapping
from pathlib import Path

from backend.daemon.connections import Connections, allow_files
from backend.daemon.handler import Handler, RequestError
from backend.wire import protocol

log = logging.getLogger(__name__)

BACKLOG = 512

# A client that stops in the middle of a request, or does not read its reply, is hung up on.
STALL_S = 10.0


class Server:
    """Serves `handlers`, by verb, on a Unix socket that only this user can open."""

    def __init__(self, path: Path, handlers: Mapping[str, Handler]) -> None:
        self._path = path
        self._handlers = handlers
        self._clients: set[asyncio.Task[None]] = set()
        self._connections = Connections()
        self._server: asyncio.Server | None = None
        self._inode: int | None = None

    async def start(self) -> None:
        """Bind and listen; an old socket at this path is replaced."""
        self._connections = Connections(allow_files())
        self._path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)
        try:
            listener.bind(str(self._path))
        finally:
            os.umask(mask)
        self._inode = self._path.stat().st_ino
        self._server = await asyncio.start_unix_server(
            self._serve, sock=listener, backlog=BACKLOG, limit=protocol.MAX_REQUEST_BYTES
        )

    def is_reachable(self) -> bool:
        """Whether the socket file is still there and still this server's."""
        try:
            return self._path.stat().st_ino == self._inode
        except OSError:
            return False

    async def stop(self) -> None:
        """Stop listening, end the clients' connections and remove the socket."""
        if self._server is not None:
            self._server.close()
        for task in self._clients:
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        if self.is_reachable():
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._clients.add(task)
        peer = writer.get_extra_info("socket")
        try:
            if peer_uid(peer) == os.getuid():
                self._connections.add(task, peer_pid(peer), writer.transport.abort)
                await self._converse(task, reader, writer)
            writer.close()
            async with asyncio.timeout(STALL_S):
                await writer.wait_closed()
        except (ConnectionError, TimeoutError, asyncio.CancelledError):
            # `close` would wait for ever for a client that does not read.
            writer.transport.abort()
        finally:
            self._clients.discard(task)
            self._connections.remove(task)
            writer.close()

    async def _converse(
        self, task: object, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while True:
            self._connections.idle(task)
            message = await _next_message(reader)
            if message is None:
                return
            self._connections.busy(task)
            writer.write(await self._answer(message))
            async with asyncio.timeout(STALL_S):
                await writer.drain()

    async def _answer(self, message: bytes) -> bytes:
        try:
            return protocol.encode(await self._reply(message))
        except RequestError as error:
            return _refusal(str(error), error.code)
        except protocol.ProtocolError as error:
            return _refusal(str(error), protocol.BAD_REQUEST)
        except Exception as error:
            # The type alone: the text of an exception may hold the text of a command.
            kind = type(error).__name__
            log.error("a request failed: %s at %s", kind, innermost_frame(error))
            return _refusal(f"internal error ({kind}); deja logs", protocol.INTERNAL)

    async def _reply(self, message: bytes) -> protocol.Fields:
        fields = protocol.decode(message)
        request = dict(fields)
        reply = await self._handler(request)(fields)
        echo = [("id", request["id"])] if "id" in request else []
        return [("ok", "1"), *echo, *reply]

    def _handler(self, request: Mapping[str, str]) -> Handler:
        if request.get("v") != str(protocol.VERSION):
            raise RequestError(f"this daemon speaks protocol {protocol.VERSION}; run: deja restart")
        handler = self._handlers.get(request.get("verb", ""))
        if handler is None:
            raise RequestError("unknown verb")
        return handler


def _refusal(text: str, code: str) -> bytes:
    return protocol.encode(
        [("ok", "0"), ("v", str(protocol.VERSION)), ("code", code), ("error", text)]
    )


async def _next_message(reader: asyncio.StreamReader) -> bytes | None:
    """The next message without its end, or None when the client is done or sent too much."""
    first = await reader.read(1)
    if not first:
        return None
    try:
        async with asyncio.timeout(STALL_S):
            return first + (await reader.readuntil(b"\0\0"))[:-2]
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None


def peer_uid(connection: socket.socket) -> int:
    """The user at the other end. On macOS: LOCAL_PEERCRED, as in its unix(4); not run there."""
    if sys.platform == "darwin":
        credentials = connection.getsockopt(0, 1, struct.calcsize("2I"))
        return int(struct.unpack("2I", credentials)[1])
    credentials = connection.getsockopt(
        socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")
    )
    return int(struct.unpack("3i", credentials)[1])


def peer_pid(connection: socket.socket) -> int:
    """The process at the other end, or 0. On macOS: LOCAL_PEERPID, as in its unix(4); not run
    there.
    """
    if sys.platform == "darwin":
        return connection.getsockopt(0, 2)
    credentials = connection.getsockopt(
        socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")
    )
    return int(struct.unpack("3i", credentials)[0])


def innermost_frame(error: BaseException) -> str:
    """File and line where an exception arose."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
