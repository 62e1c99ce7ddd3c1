"""A store that is deleted, emptied, zeroed, cut off or overwritten comes back with its commands."""

import os
import shutil
import signal
import sqlite3
import stat
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from support.install import Deja, wait_until

from backend.config import Config
from backend.engine.engine import Engine
from backend.storage import snapshots
from backend.storage.condition.damage import in_all
from backend.wire.record import Record

COUNT = 2000


def deleted(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def zeros(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(bytes(size))


def half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def garbage(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(os.urandom(size))


DAMAGE = (deleted, emptied, zeros, half, garbage)
Damage = Callable[[Path], None]


@pytest.fixture(params=DAMAGE, ids=lambda damage: damage.__name__)
def damage(request: pytest.FixtureRequest) -> Damage:
    made: Damage = request.param
    return made


def fill(deja: Deja, count: int, what: str = "make target") -> None:
    for start in range(0, count, 200):
        deja.record(*(f"{what}-{n}" for n in range(start, min(start + 200, count))))
    deja.ask("refresh")


def runs(path: Path) -> tuple[int, int]:
    with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as db:
        (commands,) = db.execute("SELECT COUNT(*) FROM commands").fetchone()
        (count,) = db.execute("SELECT COUNT(*) FROM runs").fetchone()
    return commands, count


def _is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def has_snapshot(deja: Deja) -> bool:
    return bool(snapshots.found(deja.config.store_file))


def test_after_a_restart_everything_comes_back(daemon: Deja, damage: Damage) -> None:
    store = daemon.config.store_file
    fill(daemon, COUNT)
    daemon.record("make target-7", "make target-7")
    daemon("restart")
    wait_until(lambda: has_snapshot(daemon), "a snapshot")
    os.kill(daemon.pid, signal.SIGKILL)
    wait_until(lambda: not daemon.pid, "its end")
    damage(store)
    daemon.start()
    wait_until(lambda: daemon.status()["commands"] == str(COUNT), "all to be back")
    daemon.stop()
    assert runs(store) == (COUNT, COUNT + 2), "with every run, none twice"
    assert in_all(store) is None


def test_what_came_after_the_snapshot_comes_back_from_the_text_index(
    daemon: Deja, damage: Damage
) -> None:
    store = daemon.config.store_file
    fill(daemon, 300)
    wait_until(lambda: has_snapshot(daemon), "a snapshot")
    fill(daemon, 50, "later")
    daemon.stop()
    assert snapshots.contents(snapshots.found(store)[0].path).commands == 300
    damage(store)
    daemon.record("newest")
    daemon.start()
    wait_until(lambda: daemon.status()["commands"] == "351", "all to be back")
    assert daemon.search("later-49", limit=1) == ["later-49"]
    daemon.stop()
    assert runs(store) == (351, 351)


def test_a_running_daemon_writes_back_what_it_has_in_memory(daemon: Deja, damage: Damage) -> None:
    store, pid = daemon.config.store_file, daemon.pid
    fill(daemon, COUNT)
    wait_until(lambda: has_snapshot(daemon), "a snapshot")
    fill(daemon, 50, "later")
    damage(store)
    wait_until(lambda: store.exists() and in_all(store) is None, "a sound store")
    daemon.record("newest")
    wait_until(lambda: daemon.search("newest", limit=1) == ["newest"], "recording to go on")
    assert daemon.status()["commands"] == str(COUNT + 51)
    assert daemon.pid == pid
    daemon.stop()
    assert runs(store) == (COUNT + 51, COUNT + 51)
    assert in_all(store) is None


def test_memory_alone_is_enough(settings: Config, damage: Damage) -> None:
    """No snapshot, no saved text index: number, text, uses and time of every command."""
    engine = Engine(settings)
    engine.record([Record(f"command {n} \udcff", 1e9 + n, exit=n % 2) for n in range(500)])
    engine.record([Record("command 7 \udcff", 1e9 + 1000)])
    before = [dict(zip("abcde", row, strict=False)) for row in engine._history.lookup.sums()]
    damage(settings.store_file)
    if not engine.is_in_place():
        assert engine.put_back()
    engine.tidy()
    after = [dict(zip("abcde", row, strict=False)) for row in engine._history.lookup.sums()]
    assert after == before
    found = engine.search("command 7", mode="text", limit=1).rows
    assert [(row.command, row.runs) for row in found] == [("command 7 \udcff", 2)]
    engine.close()
    assert in_all(settings.store_file) is None


def test_a_directory_that_was_removed_does_not_come_back(daemon: Deja) -> None:
    pid = daemon.pid
    fill(daemon, 10)
    shutil.rmtree(daemon.config.data_dir)
    wait_until(lambda: _is_gone(pid), "the daemon to end")
    assert not daemon.config.data_dir.exists()


def test_a_directory_that_is_being_removed_is_not_written_to(daemon: Deja) -> None:
    """The store is the first to go; the daemon looks again before it writes it back."""
    pid = daemon.pid
    fill(daemon, 10)
    for name in ("history.db", "history.db-wal", "history.db-shm"):
        daemon.config.store_file.with_name(name).unlink()
    wait_until(lambda: "was removed" in daemon.status().get("problem", ""), "a drain to notice")
    shutil.rmtree(daemon.config.data_dir)
    wait_until(lambda: _is_gone(pid), "the daemon to end")
    assert not daemon.config.data_dir.exists()


def test_a_sound_store_that_was_put_there_wins(daemon: Deja, tmp_path: Path) -> None:
    fill(daemon, 10)
    store = daemon.config.store_file
    other = snapshots.prepare(store).rename(tmp_path / "other")
    with sqlite3.connect(other) as db:
        db.execute("UPDATE commands SET text = 'the other' WHERE id = 1")
    pid = daemon.pid
    other.rename(store)
    wait_until(lambda: _is_gone(pid), "the daemon to make room")
    assert "the other\n" in daemon("search", "other").stdout


@pytest.mark.parametrize("how", ["garbage", "zeros", "cut", "deleted"])
def test_a_damaged_log_costs_no_commit_that_was_in_the_database(daemon: Deja, how: str) -> None:
    store = daemon.config.store_file
    fill(daemon, 200)
    wait_until(lambda: has_snapshot(daemon), "the log to be moved into the file")
    log = store.with_name("history.db-wal")
    fill(daemon, 100, "in the log")
    size = log.stat().st_size
    match how:
        case "garbage":
            log.write_bytes(os.urandom(size))
        case "zeros":
            log.write_bytes(bytes(size))
        case "cut":
            os.truncate(log, size // 3)
        case "deleted":
            log.unlink()
    daemon.record("newest")
    wait_until(lambda: daemon.search("newest", limit=1) == ["newest"], "recording to go on")
    wait_until(lambda: daemon.status()["commands"] == "301", "all to be there")
    daemon.stop()
    assert in_all(store) is None
    assert runs(store) == (301, 301)


def test_snapshots_are_this_users_alone_and_three(settings: Config) -> None:
    engine = Engine(settings)
    store = settings.store_file
    for day in range(5):
        engine.record([Record(f"day {day}", 1e9 + day)])
        for old in snapshots.found(store):
            os.utime(old.path, (time.time() - 2 * snapshots.DAY_S,) * 2)
        engine.tidy()
        engine.tidy()
    found = snapshots.found(store)
    assert [snapshot.number for snapshot in found] == [5, 4, 3]
    assert [snapshots.contents(snapshot.path).commands for snapshot in found] == [5, 4, 3]
    assert snapshots.directory(store) == settings.snapshots_dir
    assert stat.S_IMODE(settings.snapshots_dir.stat().st_mode) == 0o700
    assert {stat.S_IMODE(snapshot.path.stat().st_mode) for snapshot in found} == {0o600}
    engine.close()


def test_a_history_that_has_grown_is_kept_before_the_day_is_over(settings: Config) -> None:
    engine = Engine(settings)
    engine.tidy()
    assert not snapshots.found(settings.store_file), "of nothing"
    engine.record([Record("one", 1.0)])
    engine.tidy()
    engine.record([Record(f"{n} more", 1.0 + n) for n in range(50)])
    engine.tidy()
    assert len(snapshots.found(settings.store_file)) == 1
    engine.record([Record(f"{n} and more", 1.0 + n) for n in range(5000)])
    engine.tidy()
    assert len(snapshots.found(settings.store_file)) == 2
    engine.close()


def test_a_snapshot_of_the_future_is_replaced(settings: Config) -> None:
    engine = Engine(settings)
    engine.record([Record("one", 1.0)])
    engine.tidy()
    (first,) = snapshots.found(settings.store_file)
    os.utime(first.path, (time.time() + 5 * snapshots.DAY_S,) * 2)
    engine.tidy()
    assert [found.number for found in snapshots.found(settings.store_file)] == [2, 1]
    engine.close()


def holding(directory: Path, text: bytes) -> list[Path]:
    files = [path for path in directory.rglob("*") if path.is_file()]
    return [path for path in files if text in path.read_bytes()]


def test_what_is_forgotten_is_in_no_snapshot(daemon: Deja) -> None:
    fill(daemon, 200)
    daemon.record("login zqSecret1")
    wait_until(lambda: has_snapshot(daemon), "a snapshot")
    assert daemon.config.snapshots_dir in {file.parent for file in holding(daemon.root, b"zqSec")}
    assert daemon("forget", "-y", "login", "zqSecret1").returncode == 0
    assert holding(daemon.root, b"zqSecret1") == []
    wait_until(lambda: has_snapshot(daemon), "one of now")
    assert holding(daemon.root, b"zqSecret1") == []
    daemon.stop()
    garbage(daemon.config.store_file)
    daemon.start()
    wait_until(lambda: daemon.status()["commands"] == "200", "the others to be back")
    assert "login zqSecret1" not in daemon.search("zqSecret1", limit=1000)


def test_nor_in_one_that_is_being_written(
    settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Engine(settings)
    engine.record([Record("login zqSecret1", 1.0), Record("ls", 2.0)])
    prepare = engine._backups._prepare

    def prepare_and_forget() -> bool:
        made = prepare()
        assert b"zqSecret1" in (settings.snapshots_dir / "new").read_bytes()
        engine.forget([1])
        assert holding(settings.data_dir, b"zqSecret1") == []
        return made

    monkeypatch.setattr(engine._backups, "_prepare", prepare_and_forget)
    engine.tidy()
    assert not snapshots.found(settings.store_file)
    monkeypatch.undo()
    engine.tidy()
    assert len(snapshots.found(settings.store_file)) == 1
    assert holding(settings.data_dir, b"zqSecret1") == []
    engine.close()


def test_a_snapshot_that_outlived_a_forgetting_is_dropped(settings: Config) -> None:
    """The daemon died after it had forgotten and before it came to the snapshots."""
    engine = Engine(settings)
    engine.record([Record("login zqSecret1", 1.0), Record("ls", 2.0)])
    engine.tidy()
    engine._history.store.forget([1])
    engine._history.store.clear_log()
    engine._history.store.close()
    Engine(settings).close()
    assert not snapshots.found(settings.store_file)
    assert holding(settings.data_dir, b"zqSecret1") == []


def test_nor_does_it_bring_back_what_was_forgotten(settings: Config) -> None:
    """It is all there is beside a damaged store that knows what was forgotten since."""
    engine = Engine(settings)
    engine.record([Record("login zqSecret1", 1.0), *(Record(f"ls {n}", 2.0) for n in range(3000))])
    engine.tidy()
    engine._history.store.forget([1])
    engine._history.store.clear_log()
    query = "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_commands_1'"
    (page,) = engine._history.store.db.execute(query).fetchone()
    engine._history.store.close()
    with settings.store_file.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    engine = Engine(settings)
    engine.prepare()
    assert engine.status()["commands"] == 3000
    assert engine.search("zqSecret1", mode="text").matches == 0
    engine.close()


def test_what_a_snapshot_holds_is_masked_by_the_rules_of_now(settings: Config) -> None:
    engine = Engine(settings)
    engine._history.store.add([Record("curl -u me:Hunter2xyz https://a.example", 1.0)])
    engine._history.store.add([Record("ls", 2.0)])
    taken = snapshots.take(engine._history.store.db, settings.store_file)
    assert b"Hunter2xyz" in taken.path.read_bytes()
    engine.close()
    garbage(settings.store_file)
    engine = Engine(settings)
    while engine.embed_waiting():
        pass
    engine.tidy()
    assert engine.status()["commands"] == 2
    assert engine.search("Hunter2xyz", mode="text").matches == 0
    damaged = {file for file in holding(settings.data_dir, b"Hunter2xyz") if "aside" in file.name}
    assert holding(settings.data_dir, b"Hunter2xyz") == sorted(damaged)
    engine.close()
