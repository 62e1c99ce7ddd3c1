"""Damaged stores: set aside under a dated name, never deleted; what can be read comes back."""

import shutil
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from support.disk import small_disk
from support.embedding import BagOfLetters
from support.install import Deja, record_bytes, wait_until

from backend.config import Config
from backend.daemon import control
from backend.engine.engine import Engine
from backend.storage.condition.damage import in_all
from backend.storage.store import Store
from backend.wire.record import Record

COUNT = 3000


@pytest.fixture
def filled(settings: Config) -> Path:
    """A closed store of COUNT commands, each of which ran twice, and one that was forgotten."""
    store = Store(settings.store_file)
    (gone,) = store.add([Record("forget me", 1.0)]).new
    for again in (1, 2):
        store.add(
            [
                Record(
                    f"command {n} \udcff", 1000.0 * again + n, 0.5, n % 2, f"/dir/{n % 7}", "s.1.1"
                )
                for n in range(COUNT)
            ]
        )
    store.forget([gone])
    store.close()
    return settings.store_file


def overwrite(path: Path, at: int, size: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(bytes((7 * n + 13) % 256 for n in range(size)))


def first_page(path: Path) -> None:
    overwrite(path, 0, 4096)


def header(path: Path) -> None:
    overwrite(path, 0, 100)


def middle(path: Path) -> None:
    overwrite(path, path.stat().st_size // 2, 3 * 4096)


def half(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 + 100)


def another_program(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA application_id=7")


def newer(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("ALTER TABLE runs ADD COLUMN tomorrow")
        db.execute("PRAGMA user_version=99")


def not_a_database(path: Path) -> None:
    path.write_bytes(b"this was my history" * 1000)


# The fault, and the least share of the commands that must come back.
DAMAGE: list[tuple[Callable[[Path], None], float]] = [
    (header, 0.99),
    (first_page, 0.99),
    (middle, 0.6),
    (half, 0.2),
    (another_program, 1.0),
    (newer, 1.0),
    (not_a_database, 0.0),
]


def aside(store: Path) -> list[Path]:
    return [file for file in store.parent.glob("history.db.aside-*") if "-wal" not in file.name]


@pytest.mark.parametrize(
    ("damage", "share"), DAMAGE, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_damaged_store_is_set_aside_and_recovered(
    filled: Path, settings: Config, damage: Callable[[Path], None], share: float
) -> None:
    damage(filled)
    broken = filled.read_bytes()
    (settings.spool_dir / "elsewhere.1.1").write_bytes(record_bytes("in the spool"))
    engine = Engine(settings)
    engine.prepare()
    (kept,) = aside(filled)
    assert kept.read_bytes() == broken, "set aside as it was"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    found = engine.search("spool", mode="text")
    assert [row.command for row in found.rows] == ["in the spool"]
    assert found.note is not None
    assert str(kept) in found.note
    assert "in the spool" not in found.note
    commands = int(str(engine.status()["commands"])) - 1
    assert COUNT * share <= commands <= COUNT
    rows = engine.search("command 1 \udcff", mode="text", limit=1).rows
    if share > 0.9:
        (row,) = rows
        assert (row.command, row.runs, row.exit, row.cwd) == ("command 1 \udcff", 2, 1, "/dir/1")
        assert engine.record([Record("forget me", 1.0)], imported=True) == 0, "stays forgotten"
    engine.close()
    assert in_all(filled) is None
    assert not list(filled.parent.glob("history.db.reading*"))


def test_the_user_is_told_once(filled: Path, settings: Config) -> None:
    not_a_database(filled)
    engine = Engine(settings)
    assert "kept as" in str(engine.search("x").note)
    assert "kept as" in str(engine.status()["recovered"])
    engine.close()
    again = Engine(settings)
    assert "kept as" not in str(again.search("x").note)
    assert again.status()["recovered"] is None
    again.close()
    assert len(aside(filled)) == 1


def test_damage_under_a_running_engine_is_met_and_mended(filled: Path, settings: Config) -> None:
    engine = Engine(settings)
    engine.load_model()
    shutil.copy(filled, filled.with_name("copy"))
    overwrite(filled, 2 * 4096, filled.stat().st_size - 4096 * 3)
    engine._history.store.db.execute("PRAGMA cache_size=0")  # what SQLite has in memory is sound
    engine._history.store.db.execute("PRAGMA shrink_memory")
    engine.record([Record("brand new", 5.0)])
    found = engine.search("brand new", mode="text")
    assert "brand new" in [row.command for row in found.rows]
    assert aside(filled)
    engine.close()


def test_the_write_ahead_log_is_set_aside_with_its_store(filled: Path, settings: Config) -> None:
    store = Store(filled)
    store.add([Record("only in the log", 9.0)])
    wal = filled.with_name("history.db-wal")
    saved = filled.read_bytes(), wal.read_bytes()
    store.close()
    filled.write_bytes(saved[0])
    wal.write_bytes(saved[1])
    another = sqlite3.connect(filled)
    another.execute("PRAGMA application_id=7")
    another.commit()
    saved = filled.read_bytes(), wal.read_bytes()
    another.close()
    filled.write_bytes(saved[0])
    wal.write_bytes(saved[1])
    engine = Engine(settings)
    assert engine.search("only log", mode="text").rows[0].command == "only in the log"
    engine.close()


def test_progress_that_was_lost_brings_nothing_twice(filled: Path, settings: Config) -> None:
    """With the store its progress may go; then the spool is read again from its beginning."""
    spool = settings.spool_dir / "elsewhere.1.1"
    spool.write_bytes(
        b"".join(record_bytes(f"live {n}", session="elsewhere.1.1") for n in range(9))
    )
    engine = Engine(settings)
    engine.drain()
    engine.close()
    with sqlite3.connect(filled) as db:
        db.execute("DELETE FROM spool_progress")
    engine = Engine(settings)
    assert engine.drain() == 0
    engine.close()
    with sqlite3.connect(filled) as db:
        query = (
            "SELECT COUNT(*) FROM runs JOIN commands c ON c.id = command_id WHERE text LIKE 'live%'"
        )
        assert db.execute(query).fetchone() == (9,)


def test_vectors_of_a_store_that_is_gone_are_not_believed(
    settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its numbers may name other commands in the next one; the texts in its index come back."""
    monkeypatch.setattr("backend.meaning.model.Embedder", BagOfLetters)
    engine = Engine(settings)
    engine.load_model()
    engine.record([Record("the old one")])
    assert engine.embed_waiting()
    engine.close()
    for name in ("history.db", "history.db-wal", "history.db-shm"):
        settings.store_file.with_name(name).unlink(missing_ok=True)
    engine = Engine(settings)
    engine.load_model()
    assert engine.status()["embedded"] == 0
    engine.record([Record("something new")])
    rows = engine.search("one new", mode="text").rows
    assert {row.command for row in rows} == {"something new", "the old one"}
    engine.close()


def test_an_error_that_is_no_damage_sets_nothing_aside(filled: Path, settings: Config) -> None:
    error = sqlite3.OperationalError("database is locked")
    engine = Engine(settings)
    with pytest.raises(sqlite3.OperationalError):
        engine._history.mend(error)
    engine.close()
    assert aside(filled) == []
    assert in_all(filled) is None


def test_two_in_one_second_have_two_names(filled: Path, settings: Config) -> None:
    for _ in range(3):
        not_a_database(filled)
        Engine(settings).close()
    assert len(aside(filled)) == 3


def test_the_daemon_recovers_and_tells(deja: Deja) -> None:
    deja.record(*(f"make target-{n:03}" for n in range(200)))
    deja.start()
    deja.ask("refresh")
    deja.stop()
    first_page(deja.config.store_file)
    deja.record("ls later")
    told = deja("search", "target-007")
    assert told.stdout.splitlines()[0] == "make target-007"
    assert "kept as" in told.stderr
    assert "200 of its commands were recovered" in deja("status").stdout
    assert deja("search", "later").stdout == "ls later\n"


def test_a_full_disk(tmp_path: Path) -> None:
    """On a small filesystem of its own: nothing is lost, and all is well when there is room."""
    with small_disk(tmp_path / "small", 12) as disk:
        if disk is None:
            pytest.skip("cannot mount a small filesystem: run as root")
        install = Deja(tmp_path)
        install.root = disk.place / "deja"
        install.env["DEJA_HOME"] = str(install.root)
        try:
            install.record("before the flood")
            install.start()
            assert install.search("flood") == ["before the flood"]
            install.record(*(f"while full {n}" for n in range(500)))
            disk.fill()
            assert "before the flood" in install.search("flood"), "searching goes on"
            disk.empty()
            wait_until(lambda: install.status()["commands"] == "501", "all 500 to be there")
            wait_until(lambda: "problem" not in install.status(), "the problem to be over")
        finally:
            control.stop(install.config)
