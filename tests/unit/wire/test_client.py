"""The client: every failure of the transport is Unavailable, within its deadline."""

import os
import socket
import threading
import time
from pathlib import Path

import pytest

from backend.wire import client, protocol
from backend.wire.client import Connection, Refused, Unavailable


class Listener:
    """A socket that answers a request with fixed bytes, or with nothing."""

    def __init__(self, path: Path, reply: bytes | None) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen()
        self._reply = reply
        self._held: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        peer, _ = self._socket.accept()
        self._held.append(peer)
        peer.recv(1 << 16)
        if self._reply is not None:
            peer.sendall(self._reply)
            peer.close()


def ask(tmp_path: Path, reply: bytes | None, timeout: float = 30.0) -> protocol.Fields:
    listener = Listener(tmp_path / "s", reply)
    with Connection(str(listener.path), 5.0) as connection:
        return connection.ask(protocol.request("status"), timeout)


def test_a_reply(tmp_path: Path) -> None:
    assert ask(tmp_path, b"ok=1\0pid=7\0\0") == [("ok", "1"), ("pid", "7")]


def test_an_error_is_refused_with_its_line_and_code(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no such thing") as raised:
        ask(tmp_path, b"ok=0\0code=bad-request\0error=no such thing\0\0")
    assert raised.value.code == protocol.BAD_REQUEST


def test_an_error_of_a_daemon_that_knows_no_codes(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no such thing") as raised:
        ask(tmp_path, b"ok=0\0v=1\0error=no such thing\0\0")
    assert raised.value.code == ""


@pytest.mark.parametrize("reply", [b"", b"ok=1\0pid=", b"garbage\0\0"])
def test_an_answer_that_is_none(tmp_path: Path, reply: bytes) -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        ask(tmp_path, reply)


def test_an_empty_message_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="empty reply"):
        ask(tmp_path, b"\0\0")


@pytest.mark.slow
def test_a_silent_daemon_costs_the_deadline_and_no_more(tmp_path: Path) -> None:
    before = time.monotonic()
    with pytest.raises(Unavailable, match="deja restart"):
        ask(tmp_path, None, timeout=0.2)
    assert time.monotonic() - before < 20


@pytest.mark.parametrize("content", [b"", b"torn", b"v=1\0\0", b"\xff\0\0"])
def test_a_rendezvous_that_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "daemon").write_bytes(content)
    with pytest.raises(Unavailable):
        client.connect(tmp_path / "daemon")


def test_no_rendezvous_and_a_dead_socket(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="deja start"):
        client.connect(tmp_path / "daemon")
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(tmp_path / "s"))
    dead.close()
    (tmp_path / "daemon").write_bytes(protocol.encode([("socket", str(tmp_path / "s"))]))
    with pytest.raises(Unavailable, match="deja restart"):
        client.connect(tmp_path / "daemon")


def test_a_path_longer_than_a_socket_can_have(tmp_path: Path) -> None:
    (tmp_path / "daemon").write_bytes(protocol.encode([("socket", "/x" * 200)]))
    with pytest.raises(Unavailable):
        client.connect(tmp_path / "daemon")


def test_a_pipe_in_the_place_of_the_rendezvous_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "daemon")
    with pytest.raises(Unavailable, match="deja start"):
        client.connect(tmp_path / "daemon")
