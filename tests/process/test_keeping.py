"""Pins and notes on a real daemon: kept over a restart, in snapshots and in the export."""

import json
import sqlite3
from pathlib import Path

from support.install import Deja

from backend.wire.row import Row, rows


def all_rows(deja: Deja, query: str = "") -> dict[str, Row]:
    return {row.command: row for row in rows(deja.ask("search", ("query", query)))}


def id_of(deja: Deja, command: str) -> int:
    id = all_rows(deja)[command].id
    assert id is not None
    return id


def exported(deja: Deja) -> dict[str, dict[str, object]]:
    lines = map(json.loads, deja("export").stdout.splitlines())
    return {line["command"]: line for line in lines}


def test_they_are_there_after_a_restart_and_in_the_export(daemon: Deja) -> None:
    daemon.record("make", "ls")
    daemon.ask("pin", ("id", id_of(daemon, "make")), ("on", "1"))
    daemon.ask("note", ("id", id_of(daemon, "make")), ("text", "builds\nit"))
    daemon.stop()
    daemon.start()
    made = all_rows(daemon)["make"]
    assert (made.pinned, made.note) == (True, "builds\nit")
    assert daemon.search("builds") == daemon.search("is:noted") == ["make"]
    lines = exported(daemon)
    assert (lines["make"]["pinned"], lines["make"]["note"]) == (True, "builds\nit")
    assert not {"pinned", "note"} & lines["ls"].keys()


def test_the_note_of_the_answer_is_not_that_of_a_row(daemon: Deja) -> None:
    daemon.record("make")
    daemon.ask("note", ("id", id_of(daemon, "make")), ("text", "builds it"))
    shown = daemon("search", "make")
    assert (shown.stdout, shown.stderr) == ("make\n", "")
    answer = json.loads(daemon("search", "--json", "make").stdout)
    assert (answer["note"], answer["results"][0]["note"]) == (None, "builds it")


def test_by_command(daemon: Deja) -> None:
    daemon.record("make all", "curl -u me:Hunter2xyz https://a.example")
    assert daemon("pin", "make", "all").returncode == 0
    assert daemon("note", "make all", stdin="# builds\nit\n").returncode == 0
    made = all_rows(daemon)["make all"]
    assert (made.pinned, made.note) == (True, "builds\nit")
    assert daemon("pin", "--off", "make all").returncode == 0
    assert daemon("note", "--remove", "make all").returncode == 0
    assert daemon.search("is:pinned") == daemon.search("is:noted") == []
    secret = daemon("pin", "curl", "-u", "me:Hunter2xyz", "https://a.example")
    assert secret.returncode == 0, secret.stderr
    assert len(daemon.search("is:pinned")) == 1


def test_by_command_what_makes_no_sense(daemon: Deja) -> None:
    daemon.record("make")
    for arguments in (["pin", "no such thing"], ["note", "--remove", "no such thing"]):
        refused = daemon(*arguments)
        assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
        assert refused.stderr.startswith("the history has no such command")
    assert daemon("pin").returncode == daemon("note", "make", stdin=" \n").returncode == 2
    long = daemon("note", "make", stdin="x" * 2000)
    assert (long.returncode, long.stderr) == (1, "a note has at most 1,024 bytes; shorten it\n")


def test_what_is_forgotten_leaves_no_note(daemon: Deja) -> None:
    daemon.record("make", "ls")
    daemon.ask("note", ("id", id_of(daemon, "make")), ("text", "a very telling note"))
    daemon.ask("forget", ("id", id_of(daemon, "make")))
    daemon.stop()
    files = [path for path in Path(daemon.config.data_dir).rglob("*") if path.is_file()]
    assert not any(b"a very telling note" in path.read_bytes() for path in files)


def test_a_store_of_before_is_exported_without_a_daemon(daemon: Deja) -> None:
    daemon.record("make")
    daemon.search("")
    daemon.stop()
    with sqlite3.connect(daemon.config.store_file) as db:
        for table in ("kept", "sync_hosts", "sync_marks", "sync_keeps", "sync_base", "sync_stale"):
            db.execute(f"DROP TABLE {table}")
        db.executescript("DROP INDEX runs_origin; DROP INDEX commands_digest")
        db.execute("ALTER TABLE commands DROP digest")
        for column in ("origin", "counter", "author"):
            db.execute(f"ALTER TABLE runs DROP {column}")
        db.execute("PRAGMA user_version=2")
    assert exported(daemon).keys() == {"make"}
    daemon.start()
    assert daemon.search("") == ["make"], "and is migrated"
    daemon.ask("pin", ("id", 1), ("on", "1"))
