"""The sums over the write-ahead log are SQLite's, and show every change of what is pending."""

import os
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.storage.condition import damage, wal


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The log of an open database, with some hundred pages that are not in it."""
    db = sqlite3.connect(tmp_path / "store", isolation_level=None)
    db.executescript("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE t(a)")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for _ in range(300):
        db.execute("INSERT INTO t VALUES(?)", (os.urandom(3000),))
    yield tmp_path / "store-wal"
    db.close()


def store(log: Path) -> Path:
    return log.with_name("store")


def test_a_log_as_it_was_written(log: Path) -> None:
    assert wal.pending(store(log)) > 300
    assert wal.is_sound(store(log))
    damage.check_open(store(log))


def test_every_flipped_bit_shows(log: Path) -> None:
    chance, size = random.Random(5), log.stat().st_size
    for _ in range(50):
        # The header's version and number, and the sums in frames, are not part of what is read.
        at = chance.randrange(32 + 24, size)
        if (at - 32) % (24 + 4096) < 24:
            continue
        with log.open("r+b") as file:
            file.seek(at)
            (was,) = file.read(1)
            file.seek(at)
            file.write(bytes([was ^ 1 << chance.randrange(8)]))
            file.flush()
            assert not wal.is_sound(store(log)), at
            file.seek(at)
            file.write(bytes([was]))
    assert wal.is_sound(store(log))


@pytest.mark.parametrize("what", ["cut", "gone", "garbage", "zeros"])
def test_damage_is_told_as_sqlite_tells_it(log: Path, what: str) -> None:
    size = log.stat().st_size
    match what:
        case "cut":
            os.truncate(log, size - 1)
        case "gone":
            log.unlink()
        case "garbage":
            log.write_bytes(os.urandom(size))
        case "zeros":
            log.write_bytes(bytes(size))
    with pytest.raises(sqlite3.DatabaseError) as caught:
        damage.check_open(store(log))
    assert damage.is_damage(caught.value)


def test_what_is_in_the_database_need_not_be_in_the_log(log: Path) -> None:
    with sqlite3.connect(store(log)) as db:
        db.execute("PRAGMA wal_checkpoint(PASSIVE)")
    assert wal.pending(store(log)) == 0
    log.write_bytes(b"")
    assert wal.is_sound(store(log))


@pytest.mark.parametrize("what", ["cut", "zeros"])
def test_a_database_that_is_no_longer_one(log: Path, what: str) -> None:
    with sqlite3.connect(store(log)) as db:
        db.execute("PRAGMA wal_checkpoint(PASSIVE)")
    size = store(log).stat().st_size
    if what == "cut":
        os.truncate(store(log), size - 4096)
    else:
        with store(log).open("r+b") as file:
            file.write(bytes(4096))
    with pytest.raises(sqlite3.DatabaseError) as caught:
        damage.check_open(store(log))
    assert damage.is_damage(caught.value)
