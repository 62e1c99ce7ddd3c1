"""What leaves the store: runs find their new command, and no page keeps a copy."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.embedding import BagOfLetters

from backend.config import Config
from backend.engine.engine import Engine
from backend.meaning.model import Meaning
from backend.redaction.mask import MARK, redact, stamp
from backend.storage.store import Store
from backend.wire.record import Record

SECRET = "Hunter2xyz"
OLD = f"curl -u me:{SECRET} https://a.example"
SAFE = redact(OLD)

START = 1_700_000_000.0


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "history.db")


def runs(store: Store) -> list[tuple[object, ...]]:
    return store.db.execute(
        "SELECT c.text, start_us / 1000000, duration_us, exit, path, session, host, shell, imported"
        " FROM runs r JOIN commands c ON c.id = command_id LEFT JOIN dirs d ON d.id = dir_id"
        " ORDER BY start_us, r.id"
    ).fetchall()


def sums(store: Store) -> list[tuple[object, ...]]:
    return store.db.execute(
        "SELECT text, runs, ok_runs, failed_runs, last_run_us / 1000000, last_exit, path"
        " FROM commands LEFT JOIN dirs ON dirs.id = last_dir_id ORDER BY text"
    ).fetchall()


def mask_all(store: Store) -> None:
    rows = store.db.execute("SELECT id, text FROM commands").fetchall()
    store.mask([(id, redact(text)) for id, text in rows if redact(text) != text])


def run(command: str, start: float, **rest: Any) -> Record:
    return replace(Record(command, start, 1.5, 0, "/a", "s", "h", "zsh"), **rest)


def test_masked_commands_keep_their_runs(store: Store) -> None:
    records = [run(OLD, START), run(OLD, START + 9, exit=7, cwd="/b"), run("ls", START + 10)]
    store.add(records)
    before = runs(store)
    mask_all(store)
    assert runs(store) == [(SAFE if row[0] == OLD else row[0], *row[1:]) for row in before]
    assert sums(store) == [
        (SAFE, 2, 1, 1, START + 9, 7, "/b"),
        ("ls", 1, 1, 0, START + 10, 0, "/a"),
    ]
    assert store.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_what_followed_a_masked_command_still_does(store: Store) -> None:
    store.add([run(OLD, START), run("ls", START + 1)])
    mask_all(store)
    query = "SELECT p.text FROM runs r JOIN commands p ON p.id = r.previous_id"
    assert store.db.execute(query).fetchall() == [(SAFE,)]


def test_commands_that_differ_in_their_secret_become_one(store: Store) -> None:
    store.add([run(OLD, START), run(OLD.replace("2", "3"), START + 5, exit=1)])
    mask_all(store)
    assert sums(store) == [(SAFE, 2, 1, 1, START + 5, 1, "/a")]


def test_a_run_that_was_imported_again_with_its_secret_masked_counts_once(store: Store) -> None:
    store.add([Record(OLD, START), Record(OLD, START + 60)], imported=True)
    store.add([Record(SAFE, START), Record(SAFE, START + 60)], imported=True)
    mask_all(store)
    assert sums(store) == [(SAFE, 2, 0, 0, START + 60, None, None)]


def test_the_hook_knows_more_than_an_import_of_the_same_run(store: Store) -> None:
    store.add([run(OLD, START + 0.9)])
    store.add([Record(SAFE, START)], imported=True)
    mask_all(store)
    assert [row[1:] for row in runs(store)] == [
        (START, 1_500_000, 0, "/a", "s", "h", "zsh", 0),
    ]
    assert sums(store)[0][:2] == (SAFE, 1)


def test_an_import_adds_nothing_after_masking(store: Store) -> None:
    store.add([Record(OLD, START), Record(OLD.replace("me", "you"), nth=1)], imported=True)
    mask_all(store)
    again = [Record(SAFE, START), Record(SAFE.replace("me", "you"), nth=1)]
    assert store.add(again, imported=True).runs == 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 5, 22])
@pytest.mark.parametrize("how", ["forget", "mask"])
def test_no_page_keeps_what_was_removed(tmp_path: Path, seed: int, how: str) -> None:
    """With these seeds some page was split beside a secret, of which a copy stayed in the gap."""
    chance = random.Random(seed)
    store = Store(tmp_path / "history.db")
    count = 0
    for _ in range(40):
        lot = []
        for _ in range(100):
            words = "".join(chance.choices("abcdefghijklmnop ", k=chance.randint(3, 120)))
            if chance.random() < 0.1:
                words = f"{words[:20]} PASSWORD=SECRET{count:05}X"
                count += 1
            lot.append(Record(words))
        store.add(lot)
    rows = store.db.execute("SELECT id, text FROM commands").fetchall()
    gone = [(id, redact(text)) for id, text in rows if "SECRET" in text]
    assert len(gone) > 300
    store.mask(gone) if how == "mask" else store.forget([id for id, _ in gone])
    assert store.clear_log()
    for path in tmp_path.iterdir():
        assert b"SECRET" not in path.read_bytes(), path


def test_a_reader_delays_the_clearing(store: Store, tmp_path: Path) -> None:
    store.add([run(OLD, START)])
    reader = Store(tmp_path / "history.db")
    reader.db.execute("BEGIN")
    reader.db.execute("SELECT * FROM commands").fetchall()
    store.db.execute("PRAGMA busy_timeout=50")
    mask_all(store)
    assert not store.clear_log()
    reader.db.execute("COMMIT")
    assert store.clear_log()
    assert SECRET.encode() not in (tmp_path / "history.db").read_bytes()


# In the engine


def with_old_rows(settings: Config, *records: Record) -> list[int]:
    """Rows as a deja without the rule recorded them, which nothing has read again; their ids."""
    store = Store(settings.store_file)
    ids = store.add(records).new
    store.set_note("rules", stamp())
    store.close()
    return ids


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.meaning.model.Embedder", BagOfLetters)


def texts(engine: Engine, query: str, mode: str) -> list[str]:
    return [row.command for row in engine.search(query, mode=mode).rows]


@pytest.mark.usefixtures("letters")
def test_masking_reaches_everything_in_memory_and_on_disk(settings: Config) -> None:
    ids = with_old_rows(settings, run(OLD, START), run("ls", START + 1))
    engine = Engine(settings)
    engine.load_model()
    while engine.embed_waiting():
        pass
    engine.catalogue.save(least=0)
    assert texts(engine, SECRET, "text") == [OLD]
    assert engine.mask(ids) == 1
    assert texts(engine, SECRET, "text") == []
    assert texts(engine, "curl", "text") == [SAFE]
    assert engine.status()["embedded"] == 1
    while engine.embed_waiting():
        pass
    assert set(texts(engine, "curl", "meaning")) == {SAFE, "ls"}
    engine.close()
    for path in settings.data_dir.rglob("*"):
        assert path.is_dir() or SECRET.encode() not in path.read_bytes(), path


@pytest.mark.usefixtures("letters")
def test_a_vector_that_was_being_made_of_the_secret_is_not_kept(
    settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = with_old_rows(settings, run(OLD, START))
    engine = Engine(settings)
    engine.load_model()
    embed = Meaning.embed

    def masked_meanwhile(meaning: Meaning, *batch: Sequence[str]) -> object:
        monkeypatch.setattr(Meaning, "embed", embed)
        engine.mask(ids)
        return embed(meaning, *batch)

    monkeypatch.setattr(Meaning, "embed", masked_meanwhile)
    engine.embed_waiting()
    assert engine.status()["embedded"] == 0
    engine.embed_waiting()
    assert engine.status()["embedded"] == 1
    engine.close()


@pytest.mark.usefixtures("letters")
def test_the_mark_is_not_embedded(settings: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded: list[str] = []
    original = BagOfLetters.embed

    def embed(self: BagOfLetters, texts: list[str]) -> object:
        embedded.extend(texts)
        return original(self, texts)

    monkeypatch.setattr(BagOfLetters, "embed", embed)
    engine = Engine(settings)
    engine.load_model()
    engine.record([Record(OLD)])
    engine.embed_waiting()
    assert len(embedded) == 1
    assert embedded[0].startswith("curl -u me: https://a.example")
    assert MARK not in embedded[0]
    engine.close()
