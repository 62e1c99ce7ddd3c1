"""The socket: one bad client costs nobody else anything."""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from backend.daemon import server
from backend.daemon.handler import RequestError
from backend.daemon.server import Server
from backend.wire import protocol
from backend.wire.protocol import Fields

Talk = Callable[[Path], Awaitable[None]]


async def echo(fields: Fields) -> Fields:
    return [(key, value) for key, value in fields if key == "say"]


async def refuse(_: Fields) -> Fields:
    raise RequestError("not today; run: deja doctor", protocol.SOON)


async def crash(_: Fields) -> Fields:
    raise ValueError("rm -rf /secret/path")


async def garble(_: Fields) -> Fields:
    return [("say", "\ud800")]  # a surrogate that no byte decodes to


def serve(path: Path, talk: Talk) -> None:
    """Run a server, and `talk` beside it."""

    async def both() -> None:
        verbs = {"echo": echo, "refuse": refuse, "crash": crash, "garble": garble}
        made = Server(path, verbs)
        await made.start()
        assert made.is_reachable()
        try:
            await talk(path)
        finally:
            await made.stop()
        assert not path.exists()

    asyncio.run(asyncio.wait_for(both(), 60))


async def ask(path: Path, *requests: bytes) -> list[dict[str, str]]:
    """Send all at once; the replies, until as many came or the server hung up."""
    reader, writer = await asyncio.open_unix_connection(path, limit=1 << 22)
    writer.write(b"".join(requests))
    replies = []
    try:
        for _ in requests:
            replies.append(dict(protocol.decode((await reader.readuntil(b"\0\0"))[:-2])))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    writer.close()
    return replies


def request(verb: str, **fields: str) -> bytes:
    return protocol.request(verb, *fields.items())


def test_requests_on_one_connection_are_answered_in_order(tmp_path: Path) -> None:
    async def talk(path: Path) -> None:
        sent = [request("echo", id=str(number), say="x" * number) for number in range(50)]
        replies = await ask(path, *sent)
        assert [reply["id"] for reply in replies] == [str(number) for number in range(50)]
        assert all(reply["ok"] == "1" for reply in replies)
        assert replies[49]["say"] == "x" * 49

    serve(tmp_path / "s", talk)


def test_a_request_in_pieces(tmp_path: Path) -> None:
    async def talk(path: Path) -> None:
        reader, writer = await asyncio.open_unix_connection(path)
        for byte in request("echo", say="slowly"):
            writer.write(bytes([byte]))
            await writer.drain()
        assert b"say=slowly" in await reader.readuntil(b"\0\0")
        writer.close()

    serve(tmp_path / "s", talk)


def test_errors_are_one_line_and_the_connection_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def talk(path: Path) -> None:
        bad = [
            b"v=1\0nonsense\0\0",
            b"v=2\0verb=echo\0\0",
            request("dance"),
            request("refuse"),
            request("crash"),
            request("garble"),
            b"verb=echo\0\0",
        ]
        *replies, last = await ask(path, *bad, request("echo", say="still here"))
        assert [reply["code"] for reply in replies] == [
            *("bad-request", "bad-request", "bad-request", "soon"),
            *("internal", "internal", "bad-request"),
        ]
        for reply in replies:
            assert reply["ok"] == "0"
            assert reply["error"]
            assert "\n" not in reply["error"]
        assert last["say"] == "still here"

    with caplog.at_level(logging.DEBUG):
        serve(tmp_path / "s", talk)
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text


def test_too_long_a_request_is_cut_off(tmp_path: Path) -> None:
    async def talk(path: Path) -> None:
        huge = request("echo", say="x" * (protocol.MAX_REQUEST_BYTES + 1))
        assert await ask(path, huge) == []
        (fits,) = await ask(path, request("echo", say="x" * (protocol.MAX_REQUEST_BYTES - 100)))
        assert fits["ok"] == "1"

    serve(tmp_path / "s", talk)


@pytest.mark.slow
@pytest.mark.parametrize("sent", [b"v=1\0verb=echo", b"\0", b"x" * 100])
def test_a_client_that_stops_halfway_is_hung_up_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(server, "STALL_S", 0.3)

    async def talk(path: Path) -> None:
        reader, writer = await asyncio.open_unix_connection(path)
        writer.write(sent)
        assert await reader.read() == b""
        writer.close()

    serve(tmp_path / "s", talk)


@pytest.mark.slow
def test_a_client_that_never_reads_is_hung_up_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "STALL_S", 0.3)

    async def talk(path: Path) -> None:
        deaf = socket.socket(socket.AF_UNIX)
        deaf.setblocking(False)
        deaf.connect(str(path))
        loop = asyncio.get_running_loop()
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            while True:
                await loop.sock_sendall(deaf, request("echo", say="x" * 100_000))
        (reply,) = await ask(path, request("echo", say="others are served"))
        assert reply["ok"] == "1"
        deaf.close()

    serve(tmp_path / "s", talk)


@pytest.mark.slow
def test_an_idle_connection_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "STALL_S", 0.1)

    async def talk(path: Path) -> None:
        reader, writer = await asyncio.open_unix_connection(path)
        await asyncio.sleep(0.5)
        writer.write(request("echo", say="after a pause"))
        assert b"after a pause" in await reader.readuntil(b"\0\0")
        writer.close()

    serve(tmp_path / "s", talk)


def test_another_user_is_not_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "peer_uid", lambda _: os.getuid() + 1)

    async def talk(path: Path) -> None:
        assert await ask(path, request("echo", say="x")) == []

    serve(tmp_path / "s", talk)


def test_the_peer_is_known() -> None:
    left, right = socket.socketpair()
    assert server.peer_uid(left) == os.getuid()
    left.close()
    right.close()


def test_the_socket_is_private_and_replaces_a_stale_one(tmp_path: Path) -> None:
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(tmp_path / "s"))
    stale.close()

    async def talk(path: Path) -> None:
        assert path.stat().st_mode & 0o777 == 0o600
        (reply,) = await ask(path, request("echo", say="x"))
        assert reply["ok"] == "1"

    serve(tmp_path / "s", talk)


def test_a_socket_that_was_removed_or_replaced_is_noticed(tmp_path: Path) -> None:
    async def both() -> None:
        made = Server(tmp_path / "s", {"echo": echo})
        assert not made.is_reachable()
        await made.start()
        (tmp_path / "s").unlink()
        assert not made.is_reachable()
        (tmp_path / "s").touch()
        assert not made.is_reachable()
        await made.stop()
        assert (tmp_path / "s").exists(), "what took its place is not its own to remove"

    asyncio.run(both())


def test_stopping_a_server_that_never_started(tmp_path: Path) -> None:
    asyncio.run(Server(tmp_path / "s", {}).stop())
