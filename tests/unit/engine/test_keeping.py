"""Pins and notes: what they do to an answer, and what is left when they go."""

from pathlib import Path

import numpy as np
import pytest
from support.engine import embed_all, found

from backend.config import Config
from backend.engine.engine import Engine
from backend.query.place import Place
from backend.redaction.mask import MARK
from backend.storage import snapshots
from backend.wire.record import Record
from backend.wire.row import Row

START = 1_700_000_000.0
COMMANDS = ["rsync -a site host:", "git push", "git pull", "ls"]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    engine.record([Record(text, START + 60 * at) for at, text in enumerate(COMMANDS)])
    embed_all(engine)
    return engine


def row(engine: Engine, command: str, query: str = "") -> Row:
    return next(row for row in engine.search(query).rows if row.command == command)


def id_of(engine: Engine, command: str) -> int:
    id = row(engine, command).id
    assert id is not None
    return id


def on_disk(settings: Config) -> bytes:
    return b"".join(path.read_bytes() for path in settings.data_dir.rglob("*") if path.is_file())


def test_a_pin_goes_before_equals(filled: Engine) -> None:
    before = found(filled, "")
    assert found(filled, "git")[0] == "git pull"
    assert filled.pin(id_of(filled, "git push"), True)
    assert found(filled, "git")[0] == "git push"
    assert found(filled, "is:pinned") == ["git push"]
    assert row(filled, "git push").pinned and row(filled, "git pull").pinned is None
    assert found(filled, "") == before, "what is likely comes first"
    filled.pin(id_of(filled, "git push"), False)
    assert found(filled, "git")[0] == "git pull"


def test_a_pin_does_not_outdo_what_holds_it_better(filled: Engine) -> None:
    filled.record([Record("legit x", START + 500)])
    filled.pin(id_of(filled, "legit x"), True)
    assert found(filled, "git")[-1] == "legit x"


def test_imported_commands_without_times_are_equals(engine: Engine) -> None:
    engine.record([Record(f"run {at:02}", nth=1) for at in range(40)], imported=True)
    before = found(engine, "")
    engine.pin(id_of(engine, "run 05"), True)
    after = found(engine, "")
    assert after.index("run 05") < before.index("run 05")


def test_a_note_is_found_shown_and_told(filled: Engine) -> None:
    assert filled.note(id_of(filled, "rsync -a site host:"), "# how I moved the blog\n") is not None
    embed_all(filled)
    first = filled.search("how i moved the blog").rows[0]
    assert (first.command, first.note, first.why) == (
        COMMANDS[0],
        "how I moved the blog",
        "note",
    )
    assert found(filled, "blog") == found(filled, "is:noted") == [COMMANDS[0]]
    told = filled.search("please show the way the blog went to another host").rows[0]
    assert told.command == COMMANDS[0] and "note" in str(told.why).split(" · ")


def test_a_note_is_embedded_with_its_command(filled: Engine) -> None:
    id = id_of(filled, "ls")
    cosine = row(filled, "ls", "what was banana about").meaning
    filled.note(id, "banana split")
    assert filled.status()["embedded"] == len(COMMANDS) - 1, "the vector of before is gone"
    embed_all(filled)
    assert filled.status()["embedded"] == len(COMMANDS)
    nearer = row(filled, "ls", "what was banana about").meaning
    assert cosine is not None and nearer is not None and nearer > cosine + 0.1
    filled.note(id, "")
    embed_all(filled)
    assert row(filled, "ls", "what was banana about").meaning == pytest.approx(cosine, abs=1e-3)


def test_a_vector_that_was_being_made_of_another_note_is_not_kept(
    filled: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = id_of(filled, "ls")
    filled.note(id, "one")
    embed = filled._meaning.embed

    def noted_meanwhile(texts: list[str]) -> object:
        made = embed(texts)
        filled.note(id, "two")
        return made

    monkeypatch.setattr(filled._meaning, "embed", noted_meanwhile)
    filled.embed_waiting()
    assert filled.status()["embedded"] == len(COMMANDS) - 1
    monkeypatch.undo()


def test_vectors_with_a_wiped_row_are_sound_after_a_restart(
    filled: Engine, settings: Config
) -> None:
    filled.note(id_of(filled, "ls"), "mine")
    embed_all(filled)
    filled.close()
    again = Engine(settings)
    again.load_model()
    assert again.status()["embedded"] == len(COMMANDS)
    rows, _ = again.catalogue.near(np.full(32, 1e-3, np.float32), 9, None)
    assert sorted(rows.tolist()) == [0, 1, 2, 3]
    assert found(again, "mine") == ["ls"]
    again.close()


def test_secrets_in_a_note_are_masked(filled: Engine, settings: Config) -> None:
    kept = filled.note(id_of(filled, "ls"), "login: curl -u me:Hunter2xyz https://a.example")
    assert kept is not None and MARK in kept
    assert b"Hunter2xyz" not in on_disk(settings)


def test_a_note_that_is_removed_is_gone_from_disk_and_snapshots(
    filled: Engine, settings: Config
) -> None:
    id = id_of(filled, "ls")
    filled.note(id, "a very telling note")
    filled.tidy()
    snapshots.take(filled._history.store.db, settings.store_file)
    assert b"a very telling note" in on_disk(settings)
    assert filled.note(id, " \n") == ""
    assert b"a very telling note" not in on_disk(settings)
    assert found(filled, "telling") == []


def test_what_is_forgotten_takes_its_note_along(filled: Engine, settings: Config) -> None:
    id = id_of(filled, "ls")
    filled.note(id, "a very telling note")
    filled.pin(id, True)
    filled.forget([id])
    filled.record([Record("ls", START + 900)])
    assert row(filled, "ls").note is None and row(filled, "ls").pinned is None
    assert b"a very telling note" not in on_disk(settings)


def test_there_is_no_such_command(filled: Engine) -> None:
    assert not filled.pin(10**9, True)
    assert filled.note(10**9, "x") is None and filled.note(10**9, "") is None


def test_a_store_that_is_lost_is_made_again_with_them(
    filled: Engine, settings: Config, tmp_path: Path
) -> None:
    filled.note(id_of(filled, "ls"), "mine")
    filled.pin(id_of(filled, "git push"), True)
    filled.tidy()
    size = settings.store_file.stat().st_size
    with settings.store_file.open("r+b") as file:
        file.write(bytes(size))
    for suffix in ("-wal",):
        settings.store_file.with_name(settings.store_file.name + suffix).unlink(missing_ok=True)
    filled.prepare()
    assert row(filled, "ls").note == "mine"
    assert found(filled, "is:pinned") == ["git push"]


def test_where_it_was_asked_from_does_not_matter(filled: Engine) -> None:
    filled.pin(id_of(filled, "git push"), True)
    assert filled.search("git", place=Place("/x", "s")).rows[0].command == "git push"
