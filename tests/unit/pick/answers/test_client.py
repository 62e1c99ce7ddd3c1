"""The conversation with the daemon takes nothing on trust."""

import os
import socket
import threading
from pathlib import Path

import pytest

from backend.wire import protocol
from shell_plugin.pick.answers.answer import Answer
from shell_plugin.pick.answers.client import DaemonClient
from shell_plugin.pick.answers.connection import Connection, Unusable


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"garbage", b"v=1\0pid=1\0\0", b"v=2\0socket=/x\0\0", b"v=1\0socket=/x\0\0"],
)
def test_a_rendezvous_that_leads_nowhere(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "daemon").write_bytes(content)
    with pytest.raises(Unusable):
        DaemonClient(str(tmp_path))


def answered(tmp_path: Path, *fields: tuple[str, str]) -> Answer | None:
    """What the client makes of a reply with these fields to a request for rows from 50 on."""
    path = str(tmp_path / "s")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    (tmp_path / "daemon").write_bytes(protocol.encode([("v", 1), ("socket", path)]))
    client = DaemonClient(str(tmp_path))
    client.ask(("q", "exit:0", (7,)), "/w", "s", 50, 50)
    peer, _ = listener.accept()
    peer.sendall(protocol.encode([("ok", 1), ("id", 1), *fields]))
    try:
        return client.receive()
    finally:
        client.close()
        peer.close()
        listener.close()


def test_what_a_reply_says_of_all_rows(tmp_path: Path) -> None:
    answer = answered(
        tmp_path,
        *[("mode", "hybrid"), ("found", "348"), ("matches", "11"), ("note", "one: wrong")],
        *[("applied", "exit:0"), ("applied", "-x"), ("mistake", "one: wrong"), ("mistake", "two")],
        *[("command", "git"), ("match", "start"), ("id", "7"), ("note", "mine")],
        *[("command", "hg"), ("applied", "no")],
    )
    assert answer is not None
    assert (answer.first, answer.next, answer.found, answer.matches) == (50, 52, 348, 11)
    assert answer.question == ("q", "exit:0", (7,))
    assert answer.applied == ("exit:0", "-x")
    assert answer.hint == "one: wrong; two"
    assert [row.match for row in answer.rows] == ["start", None]


@pytest.mark.parametrize("number", ["", "-1", "x", "1" * 400, "٣", "1.5"])
def test_numbers_that_are_none_count_what_is_here(number: str, tmp_path: Path) -> None:
    answer = answered(tmp_path, ("found", number), ("matches", number), ("command", "git"))
    assert answer is not None
    assert (answer.found, answer.matches, answer.hint) == (51, 0, "")


def test_a_pipe_in_the_place_of_the_rendezvous_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "daemon")
    with pytest.raises(Unusable):
        DaemonClient(str(tmp_path))


def test_a_request_longer_than_a_socket_holds_is_sent_whole(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    (tmp_path / "daemon").write_bytes(protocol.encode([("v", 1), ("socket", path)]))
    with listener:
        connection = Connection(str(tmp_path))
        peer, _ = listener.accept()
        got = bytearray()

        def read() -> None:
            while not got.endswith(b"\0\0"):
                got.extend(peer.recv(4096))

        reader = threading.Thread(target=read)
        reader.start()
        fields = [("id", 10**6 + at) for at in range(60_000)]
        connection.send("forget", *fields)
        reader.join()
        assert bytes(got) == protocol.request("forget", *fields)
        # Nobody reads this one: it is given up, not waited for.
        with pytest.raises(Unusable):
            connection.send("forget", *fields)
        connection.close()
        peer.close()


@pytest.mark.parametrize(("started", "read"), [("2.5", 2.5), ("soon", None)])
def test_an_episode_above_the_rows(tmp_path: Path, started: str, read: float | None) -> None:
    titles = [("episode_title", "mkfs"), ("episode_title", "rsync")]
    answer = answered(tmp_path, ("episode", "7"), ("episode_started", started), *titles)
    assert answer is not None and answer.heading is not None
    assert (answer.heading.started, answer.heading.title) == (read, ("mkfs", "rsync"))
