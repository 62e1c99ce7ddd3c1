"""The round, with stores in memory: what one machine writes, all have; what is forgotten goes."""

import copy
from pathlib import Path

import pytest
from support.syncing import Fleet, SyncHost

from backend.sync.round.rewriting import tail


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    return Fleet(tmp_path)


def test_what_one_machine_has_all_have(fleet: Fleet) -> None:
    laptop, server = fleet.host("laptop"), fleet.host("server")
    laptop.history.type("git push")
    server.history.type("systemctl restart nginx")
    assert fleet.settle(laptop, server) == ["git push", "systemctl restart nginx"]


def test_a_quiet_round_is_one_request_and_one_question(fleet: Fleet) -> None:
    laptop, server = fleet.host("laptop"), fleet.host("server")
    laptop.history.type("git push")
    fleet.settle(laptop, server)
    asked = server.history.asked
    work = server.sync()
    assert (server.counted.requests, server.history.asked - asked) == (1, 1)
    assert (work.read, work.wrote) == (0, 0)


@pytest.mark.parametrize("files", ['{"a": 1}', '{"a": [1, ["host"]]}', "3"])
def test_notes_of_the_storage_that_are_damaged_are_made_anew(fleet: Fleet, files: str) -> None:
    laptop, server = fleet.host("laptop"), fleet.host("server")
    laptop.history.type("git push")
    fleet.settle(laptop, server)
    server.places.seen.write_text(f'{{"key": "{fleet.identity.fingerprint()}", "files": {files}}}')
    assert fleet.settle(laptop, server) == ["git push"]


def test_what_is_forgotten_goes_everywhere_and_from_the_storage(fleet: Fleet) -> None:
    laptop, server = fleet.host("laptop"), fleet.host("server")
    laptop.history.type("curl https://secret.example")
    laptop.history.type("ls")
    fleet.settle(laptop, server)
    server.history.forget("curl https://secret.example")
    assert fleet.settle(laptop, server) == ["ls"]
    late = fleet.host("late")
    assert fleet.settle(laptop, server, late) == ["ls"]


def test_what_is_typed_again_after_the_forgetting_lives(fleet: Fleet) -> None:
    laptop, server = fleet.host("laptop"), fleet.host("server")
    laptop.history.type("make")
    fleet.settle(laptop, server)
    server.history.forget("make")
    fleet.settle(laptop, server)
    laptop.history.type("make")
    assert fleet.settle(laptop, server) == ["make"]


def test_many_small_files_become_few(fleet: Fleet) -> None:
    laptop = fleet.host("laptop")
    for at in range(200):
        laptop.history.type(f"echo {at}")
        laptop.sync()
    assert len(fleet.store.files) <= 1 + 8 + 8
    assert len(fleet.settle(laptop, fleet.host("server"))) == 200


def test_a_store_that_went_back_in_time_takes_its_own_back(fleet: Fleet) -> None:
    laptop, server = fleet.host("laptop"), fleet.host("server")
    laptop.history.type("one")
    laptop.sync()
    old = copy.deepcopy(laptop.history)
    laptop.history.type("two")
    laptop.sync()
    laptop.history = old
    laptop.history.type("three")
    assert fleet.settle(laptop, server) == ["one", "three", "two"]


def test_a_copy_of_a_machine_takes_a_new_id(fleet: Fleet, tmp_path: Path) -> None:
    laptop = fleet.host("laptop")
    laptop.history.type("one", 1.0)
    laptop.sync()
    twin = SyncHost(tmp_path / "twin", "laptop", fleet.identity, fleet.store)
    twin.history = copy.deepcopy(laptop.history)
    laptop.history.type("here", 2.0)
    twin.history.type("there", 3.0)
    # The copy has given its run a number when the other uploads.
    twin.history.number()
    laptop.sync()
    assert fleet.settle(twin, laptop) == ["here", "one", "there"]
    assert twin.id != laptop.id


def test_many_files_stay_few() -> None:
    """The figures of docs/sync.md: files of a host, and how often a byte is written."""
    lengths: list[int] = []
    most = total = written = 0
    for _ in range(20_000):
        lengths.append(1_250)
        written += 1_250
        begin = tail(lengths)
        if begin is not None:
            lengths[begin:] = [sum(lengths[begin:])]
            written += lengths[-1]
        most, total = max(most, len(lengths)), total + len(lengths)
    assert (most, round(total / 20_000)) == (19, 10)
    assert written < 7 * 1_250 * 20_000
