"""The engine: recording, searching, and what happens when a part of it is damaged."""

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from support.embedding import BagOfLetters
from support.install import record_bytes

from backend.config import Config
from backend.engine.engine import Engine
from backend.meaning import vectors as vectors_
from backend.meaning.model import ModelUnavailable
from backend.query.place import Place
from backend.storage.store import Store
from backend.wire.record import Record

SESSION = "elsewhere.1.1700000000000000"


def append(settings: Config, *commands: str, **fields: str) -> Path:
    path = settings.spool_dir / SESSION
    with path.open("ab") as file:
        for command in commands:
            file.write(record_bytes(command, session=SESSION, **fields))
    return path


def found(engine: Engine, text: str, mode: str = "auto", **place: str) -> list[str]:
    return [row.command for row in engine.search(text, mode=mode, place=Place(**place)).rows]


def embed_all(engine: Engine) -> None:
    while engine.embed_waiting():
        pass


def test_a_recorded_command_is_found_by_the_very_next_search(
    engine: Engine, settings: Config
) -> None:
    append(settings, "docker ps -a")
    result = engine.search("docker")
    assert [row.command for row in result.rows] == ["docker ps -a"]
    (row,) = result.rows
    assert (row.runs, row.exit, row.cwd) == (1, 0, "/home/user")


def test_and_by_meaning_once_it_is_embedded(engine: Engine, settings: Config) -> None:
    append(settings, "docker ps -a", "tar xzf a.tgz")
    engine.drain()
    assert engine.status()["embedded"] == 0
    embed_all(engine)
    assert engine.status()["embedded"] == 2
    result = engine.search("ps docker", mode="meaning")
    assert result.mode == "meaning"
    assert result.rows[0].command == "docker ps -a"
    assert result.rows[0].meaning is not None
    assert engine.search("ps docker").mode == "hybrid"


def test_draining_twice_adds_nothing(engine: Engine, settings: Config) -> None:
    append(settings, "one", "two", "one")
    assert engine.drain() == 3
    assert engine.drain() == 0
    assert engine.status()["commands"] == 2


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


def test_ignored_commands_and_empty_ones_are_not_kept(
    settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.meaning.model.Embedder", BagOfLetters)
    from dataclasses import replace

    made = Engine(replace(settings, ignore=("secret *", "ls")))
    assert made.record([Record("secret x"), Record("ls"), Record(" \n"), Record("lsof")]) == 1
    made.close()


def test_secrets_are_masked_before_the_store(engine: Engine, settings: Config) -> None:
    append(settings, "curl -u me:hunter2hunter2 https://example.org")
    (command,) = found(engine, "curl", mode="text")
    assert "hunter2" not in command
    assert command.startswith("curl -u")
    assert b"hunter2" not in settings.store_file.read_bytes()


def test_a_password_typed_at_the_wrong_prompt_is_masked(engine: Engine) -> None:
    typed = [Record("Violetcomet7026 ls", exit=127), Record("gti status", exit=127)]
    assert engine.record([*typed, Record("Granite2031 ls", exit=0)]) == 3
    commands = found(engine, "", mode="text")
    assert sorted(commands) == ["Granite2031 ls", "gti status", "‹redacted› ls"]


def test_tidying_wipes_the_spool_once_the_store_is_on_disk(
    engine: Engine, settings: Config
) -> None:
    path = append(settings, "sesame open")
    engine.drain()
    reader = sqlite3.connect(settings.store_file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM commands").fetchall()
    append(settings, "second")
    engine.drain()
    engine.tidy()
    assert b"sesame" in path.read_bytes(), "a reader holds the commit back from the file"
    reader.close()
    engine.tidy()
    assert b"sesame" not in path.read_bytes()
    assert sorted(found(engine, "sesame second", mode="text"))


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


def test_rebuilding(engine: Engine) -> None:
    engine.record([Record("docker ps")])
    embed_all(engine)
    engine.rebuild_vectors()
    assert engine.status()["embedded"] == 0
    embed_all(engine)
    assert engine.status()["embedded"] == 1


def test_forgetting_reaches_everything_in_memory(engine: Engine, settings: Config) -> None:
    engine.record([Record("keep this"), Record("forget this")])
    embed_all(engine)
    with sqlite3.connect(settings.store_file) as db:
        ((id,),) = db.execute("SELECT id FROM commands WHERE text = 'forget this'").fetchall()
    assert engine.forget([id]) == 1
    assert found(engine, "this", mode="text") == ["keep this"]
    assert found(engine, "this", mode="meaning") == ["keep this"]
    assert engine.status()["embedded"] == 1


def test_filters_and_place(engine: Engine, settings: Config) -> None:
    append(settings, "make here", cwd="/a")
    append(settings, "make there", cwd="/b", exit="2")
    assert found(engine, "make in:here", cwd="/a") == ["make here"]
    assert found(engine, "make exit:fail") == ["make there"]
    assert found(engine, "exit:fail") == ["make there"], "no words: the newest"
    assert found(engine, "make exit:77") == []


def test_bytes_survive_record_and_search(engine: Engine, settings: Config) -> None:
    texts = [
        b"echo \xff\xfe".decode("utf-8", "surrogateescape"),
        "echo 'it'\\''s' \"$(id)\" `ls`",
        "echo a\nb\n\tc",
        "echo \x1b[31mred\x07",
        "echo 日本語 𝒳",
    ]
    append(settings, *texts)
    assert sorted(found(engine, "echo", mode="text")) == sorted(texts)


@pytest.mark.slow
def test_searching_while_it_embeds_and_records(engine: Engine, settings: Config) -> None:
    """One thread drains and embeds, others search: no error, and in the end all is there."""
    errors: list[BaseException] = []

    def search() -> None:
        try:
            for _ in range(60):
                engine.search("docker run")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(60):
        append(settings, f"docker run {number}")
        engine.embed_waiting()
    for thread in threads:
        thread.join()
    engine.drain()
    embed_all(engine)
    assert errors == []
    assert engine.status()["embedded"] == 60
