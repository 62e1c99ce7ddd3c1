"""A storage that drops, replays, swaps, truncates, forges or reads: the table of docs/sync.md."""

import zlib
from itertools import count
from pathlib import Path

import pytest
from pyrage import decrypt, encrypt, x25519
from support.syncing import Fleet, SyncHost

from backend.sync import key_check
from backend.sync.identity import Identity
from backend.sync.key_check import WrongKey
from backend.sync.segment import Seal
from backend.sync.stores.store import Missing, StorageError

SECRET = "deploy --to production-cluster-of-ours"


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    return Fleet(tmp_path)


@pytest.fixture
def laptop(fleet: Fleet) -> SyncHost:
    """A machine with three segments in the storage."""
    host = fleet.host("laptop")
    for command in ("one", SECRET, "three"):
        host.history.type(command)
        host.sync()
    return host


def name(host: SyncHost, sequence: int) -> str:
    return f"v1/{host.id}/{sequence:08}.age"


def refused(fleet: Fleet, said: str, *more: SyncHost) -> SyncHost:
    """A machine that joins now and refuses something; what it read of others stands."""
    reader = fleet.host("reader")
    other = fleet.host("other")
    other.history.type("from elsewhere")
    other.sync()
    problems = reader.sync().problems
    assert len(problems) == 1 and said in problems[0], problems
    assert "from elsewhere" in reader.history.commands()
    return reader


# Reads.


def test_nothing_in_the_storage_can_be_read(fleet: Fleet, laptop: SyncHost) -> None:
    known = [SECRET, "production", "laptop", laptop.identity.text(), '"command"', "deja"]
    for file, data in fleet.store.files.items():
        for text in known:
            assert text.encode() not in data and text not in file


def test_another_identity_reads_nothing_and_writes_nothing(fleet: Fleet, laptop: SyncHost) -> None:
    before = dict(fleet.store.files)
    stranger = SyncHost(fleet.directory, "stranger", Identity.generate(), fleet.store)
    stranger.history.type("mine")
    with pytest.raises(WrongKey, match="another identity"):
        stranger.sync()
    assert fleet.store.files == before
    assert stranger.history.commands() == ["mine"]


def test_a_storage_of_another_key_is_not_written_to(fleet: Fleet, laptop: SyncHost) -> None:
    """The key-check was exchanged, or the URL leads elsewhere."""
    fleet.store.delete("v1/key-check.age")
    key_check.write(fleet.store, Seal(Identity.generate()))
    laptop.history.type("new")
    before = dict(fleet.store.files)
    with pytest.raises(WrongKey):
        laptop.sync()
    assert fleet.store.files == before


def test_an_emptied_storage_is_not_written_to(fleet: Fleet, laptop: SyncHost) -> None:
    fleet.store.files.clear()
    laptop.history.type("new")
    with pytest.raises(Missing, match="emptied, or another place"):
        laptop.sync()
    assert fleet.store.files == {}


# Drops.


def test_a_segment_that_was_dropped_is_missed_and_put_back(fleet: Fleet, laptop: SyncHost) -> None:
    fleet.store.delete(name(laptop, 2))
    reader = refused(fleet, "segment 2 is not there")
    assert reader.history.commands() == ["from elsewhere", "one"]
    laptop.sync()
    assert reader.sync().problems == []
    assert len(reader.history.commands()) == 4


def test_what_was_read_before_it_was_dropped_is_missed(fleet: Fleet, laptop: SyncHost) -> None:
    reader = fleet.host("reader")
    reader.sync()
    for sequence in (1, 2, 3):
        fleet.store.delete(name(laptop, sequence))
    assert "segments 1 to 3 of host laptop" in reader.sync().problems[0]
    assert len(reader.history.commands()) == 3
    laptop.sync()
    assert reader.sync().problems == []


# Replays.


def test_an_older_version_of_a_file_is_told_and_replaced(fleet: Fleet, laptop: SyncHost) -> None:
    reader = fleet.host("reader")
    reader.sync()
    old = fleet.store.files[name(laptop, 2)]
    laptop.history.forget(SECRET)
    laptop.sync()
    reader.sync()
    fleet.store.files[name(laptop, 2)] = old
    assert "has put an older version back" in reader.sync().problems[0]
    late = fleet.host("late")
    late.sync()
    assert SECRET not in late.history.commands()
    laptop.sync()
    assert fleet.settle(laptop, reader, late) == ["one", "three"]
    assert name(laptop, 2) not in fleet.store.files


def test_an_older_state_of_all_is_told_by_who_saw_a_newer(fleet: Fleet, laptop: SyncHost) -> None:
    old = dict(fleet.store.files)
    laptop.history.type("four")
    laptop.sync()
    reader = fleet.host("reader")
    reader.sync()
    fleet.store.files = old
    assert "segment 4 of host laptop" in reader.sync().problems[0]
    # Who joins now cannot know; once the owner has synced, nothing is missing.
    assert fleet.host("late").sync().problems == []
    laptop.sync()
    assert len(fleet.settle(laptop, reader)) == 4


# Swaps.


def test_segments_that_changed_places_are_refused(fleet: Fleet, laptop: SyncHost) -> None:
    files = fleet.store.files
    files[name(laptop, 1)], files[name(laptop, 2)] = files[name(laptop, 2)], files[name(laptop, 1)]
    reader = refused(fleet, f"it is segment 2 of host {laptop.id}, under another name")
    assert reader.history.commands() == ["from elsewhere"]


def test_a_segment_of_another_host_is_refused(fleet: Fleet, laptop: SyncHost) -> None:
    server = fleet.host("server")
    server.history.type("theirs")
    server.sync()
    fleet.store.files[name(laptop, 1)] = fleet.store.files[name(server, 1)]
    refused(fleet, f"of host {server.id}, under another name")


# Truncates, damages.


@pytest.mark.parametrize("length", [0, 1, 100, 300, -1])
def test_a_file_that_was_cut_is_refused(fleet: Fleet, laptop: SyncHost, length: int) -> None:
    whole = fleet.store.files[name(laptop, 2)]
    fleet.store.files[name(laptop, 2)] = whole[:length]
    reader = refused(fleet, "segment 2 of host")
    assert reader.history.commands() == ["from elsewhere", "one"]
    laptop.sync()
    assert reader.sync().problems == []


def test_a_byte_that_was_changed_is_found_wherever_it_is(fleet: Fleet, laptop: SyncHost) -> None:
    whole = fleet.store.files[name(laptop, 2)]
    seal = Seal(fleet.identity)
    for at in range(0, len(whole), 7):
        changed = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        with pytest.raises(Exception, match=r"^it "):
            seal.read(changed, laptop.id, 2)


def test_a_half_uploaded_segment_is_written_again(fleet: Fleet, laptop: SyncHost) -> None:
    """By a program or a disk that does not put files whole: the process died in the middle."""
    laptop.history.type("four")
    killed_at = (at for at in count(1) if laptop.sync_killed(at, is_done=True))
    while name(laptop, 4) not in fleet.store.files:
        next(killed_at)
    whole = fleet.store.files[name(laptop, 4)]
    fleet.store.files[name(laptop, 4)] = whole[: len(whole) // 2]
    reader = refused(fleet, "segment 4 of host")
    assert len(laptop.sync().problems) == 1
    laptop.history.type("five")
    assert len(fleet.settle(laptop, reader)) == 6


# Withholds.


def test_a_file_that_is_listed_and_not_given_holds_up_nobody_else(
    fleet: Fleet, laptop: SyncHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = fleet.store.get

    def get(file: str) -> bytes:
        if file == name(laptop, 2):
            raise Missing(file)
        return given(file)

    monkeypatch.setattr(fleet.store, "get", get)
    refused(fleet, "segment 2 of host laptop")


# Forges.


def test_files_in_the_name_of_a_host_are_removed_by_it(fleet: Fleet, laptop: SyncHost) -> None:
    more = {f"v1/{laptop.id}/99999999.age": b"x", name(laptop, 4): b"y"}
    fleet.store.files |= more
    reader = refused(fleet, "segment 4 of host")
    assert len(laptop.sync().problems) == 2
    laptop.history.type("four")
    assert len(fleet.settle(laptop, reader)) == 5
    assert f"v1/{laptop.id}/99999999.age" not in fleet.store.files


def test_a_file_of_a_newer_format_is_left_alone(fleet: Fleet, laptop: SyncHost) -> None:
    """It is this machine's own: somebody has gone back to an older deja."""
    seal = Seal(fleet.identity)
    fleet.store.files[name(laptop, 4)] = seal.close({"format": 2})
    before = dict(fleet.store.files)
    laptop.history.type("four")
    with pytest.raises(StorageError, match="newer than this deja; upgrade"):
        laptop.sync()
    assert fleet.store.files == before


def test_a_forged_file_is_refused_though_it_is_encrypted(fleet: Fleet, laptop: SyncHost) -> None:
    """Whoever knows the public key can encrypt to it; age does not say who wrote."""
    key = x25519.Identity.from_str(fleet.identity.text())
    inner = zlib.decompress(decrypt(fleet.store.files[name(laptop, 3)], [key]))
    forged = encrypt(zlib.compress(inner.replace(b"three", b"rm -r")), [key.to_public()])
    fleet.store.files[name(laptop, 3)] = forged
    reader = refused(fleet, "its mac is wrong")
    assert "rm -r" not in reader.history.commands()


def test_a_bomb_is_not_unpacked(fleet: Fleet, laptop: SyncHost) -> None:
    key = x25519.Identity.from_str(fleet.identity.text())
    bomb = encrypt(zlib.compress(bytes(200 << 20)), [key.to_public()])
    fleet.store.files[name(laptop, 3)] = bomb
    refused(fleet, "longer than a segment may be")


def test_a_fork_of_a_host_is_refused(fleet: Fleet, laptop: SyncHost) -> None:
    """Two segments of one number, by a copied machine over a mover without conditional writes: who
    has read the one does not take what follows the other.
    """
    reader = fleet.host("reader")
    reader.sync()
    laptop.history.type("four")
    laptop.sync()
    seal = Seal(fleet.identity)
    header, body = seal.read(fleet.store.files[name(laptop, 4)], laptop.id, 4)
    forked = header._replace(previous=seal.chain(laptop.id, 3, "", b"other"))
    chain = seal.chain(laptop.id, 4, forked.previous, body)
    fleet.store.files[name(laptop, 4)] = seal.write(forked._replace(chain=chain), body)
    assert "it follows another segment 3" in reader.sync().problems[0]


def test_other_files_are_left_alone(fleet: Fleet, laptop: SyncHost) -> None:
    more = {f"v1/{laptop.id}/00000002.sync-conflict-1.age": b"x", "v1/.stfolder": b"", "v1/x": b"y"}
    fleet.store.files |= more
    assert fleet.host("reader").sync().problems == []
    assert fleet.store.files.items() >= more.items()


# Delivers late, twice, in another order.


def test_files_that_come_in_any_order_come_in_the_end(fleet: Fleet, laptop: SyncHost) -> None:
    whole = dict(fleet.store.files)
    reader = fleet.host("reader")
    for sequence in (3, 1, 2):
        fleet.store.files = {k: v for k, v in whole.items() if laptop.id not in k}
        fleet.store.files |= {name(laptop, sequence): whole[name(laptop, sequence)]}
        reader.sync()
    fleet.store.files = whole
    assert reader.sync().problems == []
    assert sorted(reader.history.commands()) == sorted(["one", SECRET, "three"])
