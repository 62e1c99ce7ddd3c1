"""The engine when a process dies, a disk is full, or the model or its vectors are damaged."""

import sqlite3
from typing import Any

import pytest
from support.embedding import BagOfLetters
from support.engine import append, embed_all, found

from backend.config import Config
from backend.engine.engine import Engine
from backend.meaning import vectors as vectors_
from backend.meaning.model import ModelUnavailable
from backend.storage.store import Store
from backend.wire.record import Record


def test_a_daemon_that_dies_between_reading_and_committing(
    settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(settings, "one", "two")
    dying, real = Engine(settings), Store.add

    def dies(*_: object, **__: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "add", dies)
    with pytest.raises(KeyboardInterrupt):
        dying.drain()
    monkeypatch.setattr(Store, "add", real)
    alive = Engine(settings)
    assert alive.drain() == 2
    alive.close()


def test_a_daemon_that_dies_just_after_committing(
    settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(settings, "one", "two")
    dying, real = Engine(settings), Store.add

    def dies(self: Store, *arguments: Any, **named: Any) -> object:
        real(self, *arguments, **named)
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "add", dies)
    with pytest.raises(KeyboardInterrupt):
        dying.drain()
    monkeypatch.setattr(Store, "add", real)
    alive = Engine(settings)
    assert alive.drain() == 0
    assert sorted(found(alive, "one two", mode="text")) == ["one", "two"]
    alive.close()


def test_what_fails_behind_the_commit_does_not_bring_the_records_again(
    engine: Engine, settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(settings, "one")

    def broken(_: object) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(engine.catalogue, "add", broken)
    assert engine.drain() == 1
    assert found(engine, "one", mode="text") == ["one"], "the catalogue was made anew"
    append(settings, "one")
    engine.drain()
    with sqlite3.connect(settings.store_file) as db:
        assert db.execute("SELECT runs FROM commands").fetchall() == [(2,)]


def test_a_full_disk_keeps_the_spool_and_the_search(
    engine: Engine, settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(settings, "before")
    engine.drain()

    def full(*_: object, **__: object) -> object:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Store, "add", full)
    path = append(settings, "while it is full")
    assert found(engine, "before", mode="text") == ["before"]
    assert "disk is full" in str(engine.status()["problem"])
    assert b"while it is full" in path.read_bytes()
    monkeypatch.undo()
    assert found(engine, "full", mode="text") == ["while it is full"]
    assert engine.status()["problem"] is None


def test_without_a_model_text_answers_and_meaning_says_why(settings: Config) -> None:
    made = Engine(settings)
    made.record([Record("docker ps")])
    with pytest.raises(ModelUnavailable, match="being loaded"):
        made.search("docker", mode="meaning")
    made.load_model()
    assert found(made, "docker") == ["docker ps"]
    with pytest.raises(ModelUnavailable, match=r"^ONNX model not found"):
        made.search("docker", mode="meaning")
    made.close()


def test_a_model_that_cannot_be_loaded_is_said(
    settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise RuntimeError("protobuf")

    monkeypatch.setattr("backend.meaning.model.Embedder", broken)
    made = Engine(settings)
    made.load_model()
    with pytest.raises(ModelUnavailable, match=r"^ONNX model not found in working order"):
        made.search("x", mode="meaning")
    made.close()


def test_vectors_of_another_model_are_made_anew(
    engine: Engine, settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.record([Record("docker ps")])
    embed_all(engine)
    engine.close()
    monkeypatch.setattr(
        "backend.meaning.model.Embedder", lambda *a, **k: BagOfLetters(model_id="another")
    )
    other = Engine(settings)
    other.load_model()
    assert other.status()["embedded"] == 0
    assert found(other, "docker") == ["docker ps"]
    embed_all(other)
    assert other.status()["embedded"] == 1
    other.close()


@pytest.mark.parametrize("name", [vectors_.CODES, vectors_.EXACT, vectors_.ROWS])
def test_damaged_vectors_are_made_anew_while_text_search_goes_on(
    engine: Engine, settings: Config, name: str
) -> None:
    engine.record([Record(f"docker run {number}") for number in range(40)])
    embed_all(engine)
    engine.close()
    path = settings.vectors_dir / name
    data = bytearray(path.read_bytes())
    for at in range(0, len(data), 64):
        data[at] ^= 0x55
    path.write_bytes(data)
    mended = Engine(settings)
    mended.load_model()
    assert len(found(mended, "which docker did I run")) == 40
    assert mended.status()["embedded"] == 0
    embed_all(mended)
    assert mended.status()["embedded"] == 40
    assert mended.search("docker run 7", mode="meaning").rows[0].command == "docker run 7"
    mended.close()
