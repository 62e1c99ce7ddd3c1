"""A store that is made again of what is left of one is the same host, and nothing comes twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.hosts import Host, exchange

from backend.storage import snapshots
from backend.storage.exchange import hosts
from backend.storage.exchange.hosts import Segment
from backend.storage.rescue import recovery
from backend.wire.record import Record


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Host, Host]:
    one, other = Host(tmp_path, 0), Host(tmp_path, 1)
    one.type("ls", "make", "git push", start=5.0)
    other.type("ls", start=7.0)
    one.keep("make", True, "builds")
    other.forget("ls")
    exchange([one, other])
    one.take([], Segment(other.own.host, 3, "chain", 1, 2))
    return one, other


def test_who_ran_it_is_carried_and_outlives_the_store(pair: tuple[Host, Host]) -> None:
    one, other = pair
    one.store.add([Record("git add .", 50.0, author="claude"), Record("git add .", 60.0)])
    exchange([one, other])
    said = "SELECT author FROM runs JOIN commands c ON c.id = command_id"
    said += " WHERE text = 'git add .' ORDER BY start_us"
    assert other.db.execute(said).fetchall() == [("claude",), (None,)]
    snapshots.take(one.db, one.store.path)
    for host in pair:
        assert replaced(host).db.execute(said).fetchall() == [("claude",), (None,)]


def replaced(host: Host) -> Host:
    host.store = recovery.replace(host.store.path, "a test", open_=host.store)
    return host


def test_a_store_that_could_be_read_is_the_host_that_it_was(pair: tuple[Host, Host]) -> None:
    one, other = pair
    before, peers, said = one.contents(), hosts.peers(one.db), one.out()
    made = replaced(one)
    assert (made.contents(), hosts.peers(made.db), made.out()) == (before, peers, said)
    made.type("new", start=9.0)
    exchange([made, other])
    assert made.contents() == other.contents()


def test_of_one_that_was_lost_the_segments_are_read_again(pair: tuple[Host, Host]) -> None:
    one, other = pair
    stream = one.out()
    snapshots.take(one.db, one.store.path)
    one.type("later", start=8.0)
    stream = [*stream, *one.out(after=one.own.counter)]
    one.store.close()
    data = bytearray(one.store.path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    one.store.path.write_bytes(data)
    one.store = recovery.open_store(one.store.path)
    assert [peer.sequence for peer in hosts.peers(one.db)] == [0, 0]
    one.take(stream)
    exchange([one, other])
    assert one.contents() == other.contents()
    assert "later" in one.runs().values()
    assert len(one.runs()) == 3


def test_a_snapshot_brings_no_run_back_that_was_forgotten(pair: tuple[Host, Host]) -> None:
    one, _ = pair
    one.type("make", start=20.0)
    one.out()
    snapshots.take(one.db, one.store.path)
    (first, second) = [key for key, text in sorted(one.runs().items()) if text == "make"]
    one.forget_last_run()
    # A row that makes no sense, so that the snapshot is asked, too.
    one.db.execute("UPDATE runs SET exit = 'x' WHERE id = 1")
    left = replaced(one).runs()
    assert first in left and second not in left
