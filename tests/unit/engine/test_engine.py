"""The engine: recording, searching, forgetting; secrets are masked and the spool is wiped."""

import sqlite3
import threading
from collections.abc import Sequence

import pytest
from support.embedding import BagOfLetters
from support.engine import append, embed_all, found

from backend.config import Config
from backend.engine.engine import Engine
from backend.engine.held.catalogue import UNSAVED_ROWS
from backend.system import memory
from backend.text import segment
from backend.text.segment import Segment
from backend.wire.record import Record


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


def test_what_searches_brought_into_memory_is_given_back(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []
    monkeypatch.setattr(memory, "give_back_unused", lambda: given.append("once"))
    engine.search("anything")
    engine.tidy()
    engine.tidy()
    assert given == ["once"]


@pytest.mark.parametrize("forget", [False, True])
def test_while_the_index_is_saved_searches_are_answered_and_what_is_forgotten_is_not_saved(
    engine: Engine, settings: Config, monkeypatch: pytest.MonkeyPatch, forget: bool
) -> None:
    commands = [f"tool{number} --flag" for number in range(UNSAVED_ROWS)]
    engine.record([Record(command) for command in (*commands, "tar xzf a.tgz")])
    answers: list[list[str]] = []
    real = segment.merge

    def meanwhile() -> None:
        answers.append([row.command for row in engine.search("tar").rows])
        if forget:
            engine.forget([row.id for row in engine.search("tar").rows if row.id])

    def slow(parts: Sequence[Segment]) -> Segment:
        monkeypatch.setattr(segment, "merge", real)
        other = threading.Thread(target=meanwhile)
        other.start()
        other.join(10)
        assert not other.is_alive(), "a search waited for the index to be saved"
        return real(parts)

    engine.record([Record("make all")])
    monkeypatch.setattr(segment, "merge", slow)
    engine.tidy()
    assert answers == [["tar xzf a.tgz"]]
    assert settings.text_file.exists() != forget
    files = [path.read_bytes() for path in settings.data_dir.glob("*") if path.is_file()]
    assert any(b"tar xzf" in file for file in files) != forget
