"""kill -9 between any two operations of a round: nothing is lost, nothing is there twice."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from support.syncing import Fleet, SyncHost


def _news(laptop: SyncHost, server: SyncHost) -> list[str]:
    laptop.history.type("one")
    server.history.type("two")
    server.sync()
    return ["one", "two"]


def _forgotten(laptop: SyncHost, server: SyncHost) -> list[str]:
    for command in ("one", "two", "three"):
        laptop.history.type(command)
        laptop.sync()
    server.sync()
    server.history.forget("two")
    server.sync()
    return ["one", "three"]


def _many(laptop: SyncHost, server: SyncHost) -> list[str]:
    """The next round merges small files."""
    expected = [f"echo {at}" for at in range(9)]
    for command in expected[:-1]:
        laptop.history.type(command)
        laptop.sync()
    laptop.history.type(expected[-1])
    return expected


def _lost(laptop: SyncHost, server: SyncHost) -> list[str]:
    """The next round writes everything anew."""
    for command in ("one", "two", "three"):
        laptop.history.type(command)
        laptop.sync()
    laptop.store.delete(f"v1/{laptop.id}/00000002.age")
    return ["one", "two", "three"]


@pytest.mark.slow
@pytest.mark.parametrize("is_done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("prepare", [_news, _forgotten, _many, _lost])
def test_wherever_it_is_killed(
    tmp_path: Path, prepare: Callable[[SyncHost, SyncHost], list[str]], is_done: bool
) -> None:
    for at in count(1):
        fleet = Fleet(tmp_path / str(at))
        laptop, server = fleet.host("laptop"), fleet.host("server")
        expected = prepare(laptop, server)
        was_killed = laptop.sync_killed(at, is_done)
        late = fleet.host("late")
        assert fleet.settle(laptop, server, late) == sorted(expected)
        # What is left on the storage has no file too many, and holds for one more that joins.
        assert fleet.settle(laptop, server, late, fleet.host("last")) == sorted(expected)
        if not was_killed:
            assert at > 4
            return


@pytest.mark.slow
def test_killed_again_and_again(tmp_path: Path) -> None:
    """Rounds that get one call further each time."""
    fleet = Fleet(tmp_path)
    laptop, server = fleet.host("laptop"), fleet.host("server")
    expected = []
    for at in range(40):
        expected.append(f"echo {at}")
        laptop.history.type(expected[-1])
        laptop.sync_killed(1 + at % 13, bool(at % 2))
        server.sync()
    assert fleet.settle(laptop, server) == sorted(expected)
