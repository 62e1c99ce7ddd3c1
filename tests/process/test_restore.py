"""deja restore: the snapshots are listed, and one takes the place of the history."""

import os
import stat
import time
from pathlib import Path

import pytest
from support.install import Deja, wait_until

from backend.storage import snapshots


@pytest.fixture
def two(daemon: Deja) -> Deja:
    """Snapshot 1 of ten commands, snapshot 2 of twenty, and a command that is in none."""
    daemon.record(*(f"make target-1{n}" for n in range(10)))
    daemon.ask("refresh")
    wait_until(lambda: found(daemon), "a snapshot")
    daemon.record(*(f"make target-2{n}" for n in range(10)))
    daemon.ask("refresh")
    past = time.time() - 2 * snapshots.DAY_S
    os.utime(found(daemon)[0].path, (past, past))
    wait_until(lambda: len(found(daemon)) == 2, "one of today")
    spool = daemon.record("later")
    daemon.ask("refresh")
    wait_until(lambda: b"later" not in spool.read_bytes(), "the spool to be wiped")
    return daemon


def found(deja: Deja) -> list[snapshots.Snapshot]:
    return snapshots.found(deja.config.store_file)


def test_without_a_snapshot_it_says_so(deja: Deja) -> None:
    told = deja("restore", "--list")
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.count("\n") == 1
    assert "there is no snapshot" in told.stderr


def test_they_are_listed_the_newest_first(two: Deja) -> None:
    lines = two("restore", "--list").stdout.splitlines()
    today = time.strftime("%Y-%m-%d")
    assert lines[0].startswith(f"  2  {today}")
    assert lines[0].endswith("  20 commands  20 runs")
    assert lines[1].startswith("  1  ")
    assert lines[1].endswith("  10 commands  10 runs")
    assert len(lines) == 2


def test_one_takes_the_place_of_the_history_which_is_kept(two: Deja) -> None:
    store = two.config.store_file
    before = two.pid
    assert two("restore").returncode == 130, "it asks, and nobody answers"
    assert two.pid == before
    done = two("restore", "--yes", "1")
    assert done.returncode == 0, done.stderr
    (aside,) = store.parent.glob("history.db.aside-*")
    assert done.stdout.splitlines()[1] == f"restored; what was there is kept as {aside}"
    assert snapshots.contents(Path(aside)).commands == 21
    assert stat.S_IMODE(store.stat().st_mode) == 0o600
    assert two.status()["commands"] == "10"
    assert two.search("later") == []
    assert two("restore", "--yes").returncode == 0
    assert two.status()["commands"] == "20", "the newest, when no number is given"
    two.record("make target-new")
    assert two.search("make target-new", limit=1) == ["make target-new"]


def test_a_history_that_is_gone_is_restored(two: Deja) -> None:
    two.stop()
    for path in two.config.data_dir.glob("history.db*"):
        path.unlink()
    done = two("restore", "--yes", "2")
    assert done.stdout.splitlines()[1] == "restored"
    assert two.status()["commands"] == "20"


def test_a_damaged_snapshot_changes_nothing(two: Deja) -> None:
    found(two)[0].path.write_bytes(b"no database")
    assert "cannot be read" in two("restore", "--list").stdout
    refused = two("restore", "--yes", "2")
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert two("search", "later").stdout == "later\n"
    assert two("restore", "--yes", "7").returncode == 2
