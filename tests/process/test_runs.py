"""The runs of a command on a real daemon: looked at, and removed for good."""

import sqlite3
from collections.abc import Iterator

import pytest
from support.install import Deja

from backend.storage import snapshots
from backend.wire import client, protocol
from backend.wire.row import rows


def groups(reply: protocol.Fields) -> Iterator[dict[str, str]]:
    """The head, then each run."""
    group: dict[str, str] = {}
    for key, value in reply:
        if key == "run":
            yield group
            group = {}
        group[key] = value
    yield group


def id_of(deja: Deja, command: str) -> int:
    found = rows(deja.ask("search", ("query", ""), ("limit", 1000)))
    return next(row.id for row in found if row.command == command and row.id is not None)


def inspected(deja: Deja, command: str, *fields: tuple[str, str | int]) -> list[dict[str, str]]:
    return list(groups(deja.ask("runs", ("command_id", id_of(deja, command)), *fields)))


@pytest.fixture
def filled(daemon: Deja) -> Deja:
    daemon.record("vim a.c", "make", exit="0", cwd="/w", session="one", dur="2")
    daemon.record("make", exit="2", cwd="/w", session="two", dur="4")
    daemon.record("ls", session="one")
    return daemon


def test_a_reply_is_no_refusal_where_nothing_worked(daemon: Deja) -> None:
    daemon.record("false", exit="1")
    reply = daemon.ask("runs", ("command_id", id_of(daemon, "false")))
    assert [value for key, value in reply if key == "ok"] == ["1", "0"], "the reply's comes first"


def test_every_run_with_what_ran_beside_it(filled: Deja) -> None:
    head, newest, oldest = inspected(filled, "make")
    numbers = ("ok", "failed", "total", "median")
    assert [head[name] for name in ("text", *numbers)] == ["make", "1", "1", "2", "3.000"]
    assert not {"pinned", "note", "command"} & head.keys()
    assert (newest["exit"], newest["session"], newest["duration"]) == ("2", "two", "4.000")
    assert not {"before", "after"} & newest.keys()
    assert (oldest["before"], oldest["after"]) == ("vim a.c", "ls")
    assert int(oldest["before_id"]) == id_of(filled, "vim a.c")
    assert int(oldest["after_id"]) == id_of(filled, "ls")
    assert inspected(filled, "make", ("limit", 1), ("offset", 1))[1:] == [oldest]


def test_what_is_kept_of_it(filled: Deja) -> None:
    filled.ask("pin", ("id", id_of(filled, "make")), ("on", "1"))
    filled.ask("note", ("id", id_of(filled, "make")), ("text", "builds"))
    head, *_ = inspected(filled, "make")
    assert (head["pinned"], head["note"]) == ("1", "builds")


@pytest.mark.parametrize("fields", [[], [("command_id", "x")], [("command_id", "99")]])
def test_a_command_that_is_not_there(filled: Deja, fields: list[tuple[str, str | int]]) -> None:
    with pytest.raises(client.Refused):
        filled.ask("runs", *fields)
    with pytest.raises(client.Refused):
        filled.ask("runs", ("command_id", id_of(filled, "make")), ("limit", 1001))


def test_one_run_is_forgotten(filled: Deja) -> None:
    _, newest, oldest = inspected(filled, "make")
    reply = dict(filled.ask("forget", ("run", newest["run"])))
    assert (reply["forgotten"], reply["runs"]) == ("0", "1")
    head, left = inspected(filled, "make")
    assert (head["total"], head["failed"], left) == ("1", "0", oldest)
    (row,) = rows(filled.ask("search", ("query", "make")))
    assert (row.runs, row.exit, row.failed_runs) == (1, 0, 0)
    assert filled.search("exit:fail") == []


def test_a_command_goes_with_its_last_run(filled: Deja) -> None:
    gone = [("run", run["run"]) for run in inspected(filled, "make")[1:]]
    reply = dict(filled.ask("forget", *gone, ("id", id_of(filled, "ls"))))
    assert (reply["forgotten"], reply["runs"]) == ("2", "1")
    assert filled.search("") == ["vim a.c"]
    filled.stop()
    filled.start()
    assert filled.search("") == ["vim a.c"]


def test_no_snapshot_and_no_log_keeps_it(filled: Deja) -> None:
    filled.search("")
    with sqlite3.connect(filled.config.store_file) as db:
        snapshots.take(db, filled.config.store_file)
    (newest,) = [run for run in inspected(filled, "make")[1:] if run["session"] == "two"]
    filled.ask("forget", ("run", newest["run"]))
    assert snapshots.found(filled.config.store_file) == []
    log = filled.config.store_file.with_name(f"{filled.config.store_file.name}-wal")
    assert log.stat().st_size == 0


def test_a_history_file_does_not_bring_it_back(deja: Deja) -> None:
    (deja.home / ".bash_history").write_text("#1700000000\nmake\n#1700000100\nmake\n")
    deja.start()
    assert deja("import", "--no-wait").returncode == 0
    _, newest, _ = inspected(deja, "make")
    deja.ask("forget", ("run", newest["run"]))
    assert deja("import", "--no-wait").returncode == 0
    assert len(inspected(deja, "make")) == 2


def test_everything_that_matches(filled: Deja) -> None:
    reply = filled.ask("matches", ("query", "m"), ("id", 5))
    numbers = [int(value) for key, value in reply if key == "id"][1:]
    assert dict(reply)["found"] == "2"
    assert sorted(numbers) == sorted([id_of(filled, "make"), id_of(filled, "vim a.c")])
    assert dict(filled.ask("matches", ("query", ""), ("narrow", "exit:fail")))["found"] == "1"
    with pytest.raises(client.Refused, match="exit:banana"):
        filled.ask("matches", ("query", "exit:banana"))


@pytest.mark.slow
def test_too_many_matches_are_refused(daemon: Deja) -> None:
    runs = [("cmd", f"make target {number}") for number in range(20_001)]
    daemon.ask("import", *runs)
    with pytest.raises(client.Refused, match=r"20,001 commands match.*deja forget"):
        daemon.ask("matches", ("query", "make"))
    assert dict(daemon.ask("matches", ("query", "make"), ("hidden", 1)))["found"] == "20000"
