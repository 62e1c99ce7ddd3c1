"""The verbs of a sync, on engines without a model: two stores that talk through them alone."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.engine import append, found

from backend import config
from backend.config import Config
from backend.daemon.handler import RequestError
from backend.daemon.syncing import SyncVerbs
from backend.engine.engine import Engine
from backend.engine.search.find import Request
from backend.redaction.mask import MARK
from backend.wire import protocol
from backend.wire.record import Record

ONE, OTHER, KEY = "00000000000000aa", "f0000000000000bb", "ab" * 32


class Asked:
    """The verbs of an engine."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.stops = 0
        self.verbs = SyncVerbs(engine.exchange, self._stop)

    async def _stop(self) -> None:
        self.stops += 1

    def __call__(self, verb: str, *fields: tuple[str, str]) -> protocol.Fields:
        request = protocol.decode(protocol.request(verb, *fields)[:-2])

        async def answer() -> protocol.Fields:
            return await self.verbs.handlers()[verb](request)

        return asyncio.run(answer())

    def records(self, after: str = "0", limit: str = "500") -> list[str]:
        reply = self("sync-out", ("after", after), ("limit", limit))
        return [value for key, value in reply if key == "record"]

    def take(self, host: str, lines: list[str], **fields: str) -> dict[str, str]:
        given = {"sequence": "1", "from": "1", "chain": "cc", "counter": "9", **fields}
        return dict(
            self("sync-in", ("host", host), *given.items(), *(("record", line) for line in lines))
        )

    def peers(self) -> dict[str, dict[str, object]]:
        told = [json.loads(value) for key, value in self("sync-known") if key == "peer"]
        return {peer["host"]: peer for peer in told}


def number(asked: Asked, text: str) -> int:
    """The one command that holds this text."""
    (id,) = asked.engine.matches(Request(f'"{text}"'))
    return id


@pytest.fixture
def one(engine: Engine) -> Iterator[Asked]:
    made = Asked(engine)
    made("sync-name-host", ("host", ONE), ("name", "desk"), ("key", KEY))
    yield made
    made.verbs.close()


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    monkeypatch.setenv("DEJA_HOME", str(tmp_path / "other"))
    settings = config.load()
    settings.spool_dir.mkdir(parents=True, mode=0o700)
    engine = Engine(settings)
    made = Asked(engine)
    made("sync-name-host", ("host", OTHER), ("name", "lap"), ("key", KEY))
    yield made
    made.verbs.close()
    engine.close()


def test_a_store_without_sync_says_so_and_numbers_nothing(engine: Engine) -> None:
    asked = Asked(engine)
    engine.record([Record("make")])
    known = dict(asked("sync-known"))
    assert known == {"host": "", "name": "", "counter": "0", "waiting": "0", "rewrite": "0"}
    with pytest.raises(RequestError, match="no sync is set up here; run: deja sync init URL"):
        asked("sync-out", ("after", "0"))
    rows = engine._history.store.db.execute("SELECT origin, counter FROM runs").fetchall()
    assert rows == [(None, None)]
    asked.verbs.close()


def test_runs_are_numbered_in_order_and_handed_out_in_lots(one: Asked) -> None:
    one.engine.record([Record(f"echo {at}", float(at + 1)) for at in range(5)])
    assert dict(one("sync-known"))["waiting"] == "5"
    first = one("sync-out", ("after", "0"), ("limit", "3"))
    assert first[-1] == ("more", "1")
    lines = [value for key, value in first if key == "record"]
    assert json.loads(lines[0]) == {
        "id": [ONE, 1],
        "command": "echo 0",
        "start": 1.0,
        "duration": None,
        "exit": None,
        "cwd": None,
        "session": None,
        "host": None,
        "shell": None,
    }
    rest = one("sync-out", ("after", "3"))
    assert [json.loads(value)["id"][1] for key, value in rest if key == "record"] == [4, 5]
    assert rest[-1] == ("more", "0")
    assert one.records() == one.records()


def test_what_another_host_ran_is_found_with_its_host(one: Asked, other: Asked) -> None:
    other.engine.record(
        [Record("terraform apply", 5.0, exit=0, cwd="/srv", session="lap.1.1", host="lap")]
    )
    taken = one.take(OTHER, other.records(), name="lap", written="7.5")
    assert taken == {"added": "1", "removed": "0", "conflicts": "0"}
    (row,) = one.engine.search("host:lap terra").rows
    assert (row.command, row.host, row.cwd) == ("terraform apply", "lap", "/srv")
    assert one.peers()[OTHER] == {
        "host": OTHER,
        "own": False,
        "name": "lap",
        "sequence": 1,
        "chain": "cc",
        "revision": 0,
        "counter": 9,
        "written": 7.5,
        "differing": 0,
    }
    assert one.take(OTHER, other.records())["added"] == "0"


def test_progress_moves_with_the_last_part_alone_and_never_back(one: Asked) -> None:
    one.take(OTHER, [], last="0", sequence="4")
    assert OTHER not in one.peers() or one.peers()[OTHER]["sequence"] == 0
    one.take(OTHER, [], sequence="4")
    one.take(OTHER, [], sequence="3")
    assert one.peers()[OTHER]["sequence"] == 4


def test_what_is_forgotten_is_gone_everywhere_and_typed_again_lives(
    one: Asked, other: Asked, settings: Config
) -> None:
    one.engine.record([Record("ls", 4.0), Record("curl secret-host", 5.0), Record("make", 6.0)])
    other.take(ONE, one.records())
    other.engine.forget([number(other, "curl")])
    (tombstone,) = other.records()
    assert "curl" not in tombstone
    taken = one.take(OTHER, [tombstone])
    assert taken["removed"] == "1"
    one.engine.tidy()
    assert found(one.engine, "curl") == []
    for path in settings.data_dir.rglob("*"):
        assert not path.is_file() or b"secret-host" not in path.read_bytes(), path
    known = one("sync-known")
    assert ("stale", "2-2") in known
    one("sync-rewritten", ("rewrite", dict(known)["rewrite"]))
    assert dict(one("sync-known"))["rewrite"] == "0"
    # An import does not bring it back, neither here nor where it was forgotten.
    assert one.engine.record([Record("curl secret-host", 5.0)], imported=True) == 0
    append(settings, "curl secret-host")
    again = one.records(after="3")
    assert [json.loads(line).get("seen") for line in again] == [[OTHER, 1], None]
    assert other.take(ONE, again)["added"] == "1"
    assert found(other.engine, "curl") == ["curl secret-host"]


def test_a_tombstone_takes_what_the_spool_still_holds(one: Asked, other: Asked) -> None:
    other.engine.record([Record("curl x", 5.0)])
    other.engine.forget([number(other, "curl")])
    append(one.engine._config, "curl x")
    one.take(OTHER, other.records())
    assert found(one.engine, "curl") == []


def test_texts_are_masked_again_on_the_way_in(one: Asked) -> None:
    line = {"id": [OTHER, 1], "command": "export GITHUB_TOKEN=ghp_" + "a1B2" * 9}
    kept = {"pinned": False, "note": "ghp_" + "a1B2" * 9}
    note = {"id": [OTHER, 2], "command": "ls", "keep": kept}
    one.engine.record([Record("ls")])
    one.take(OTHER, [json.dumps({**note, "clock": 1}), json.dumps(line)])
    assert found(one.engine, "export") == [f"export GITHUB_TOKEN={MARK}"]
    (row,) = one.engine.search("ls", mode="text").rows
    assert row.note == MARK


def test_pins_notes_and_picks_travel(one: Asked, other: Asked) -> None:
    one.engine.record([Record("rsync -a a b", 5.0), Record("rsync -n a b", 6.0)])
    other.take(ONE, one.records())
    id = number(one, "rsync -a")
    one.engine.pin(id, True)
    one.engine.note(id, "the nightly copy")
    one.engine.pick("copy it all", "rsync -a a b")
    kinds = [set(json.loads(line)) & {"keep", "pick"} for line in one.records(after="2")]
    assert sorted(map(sorted, kinds)) == [["keep"], ["pick"]]
    other.take(ONE, one.records())
    row = other.engine.search("nightly").rows[0]
    assert (row.command, row.pinned, row.note) == ("rsync -a a b", True, "the nightly copy")
    assert other.engine.search("copy it all").rows[0].command == "rsync -a a b"
    # Nothing is sent back: it is no news.
    assert other.records() == []
    one.engine.pin(id, False)
    other.take(ONE, one.records())
    assert other.engine.search("nightly").rows[0].pinned is None


def test_what_is_kept_of_a_command_holds_where_that_is_typed_later(
    one: Asked, other: Asked
) -> None:
    one.engine.record([Record("make", 5.0)])
    one.engine.note(number(one, "make"), "builds")
    (_, kept) = sorted(one.records(), key=lambda line: "keep" in line)
    other.take(ONE, [kept])
    other.engine.record([Record("make", 6.0)])
    assert other.records()
    assert other.engine.search("builds").rows[0].command == "make"
    assert all("keep" not in line for line in other.records()), "and that is no news"


def test_whatever_has_no_number_yet_is_waiting(one: Asked) -> None:
    def waiting() -> str:
        return dict(one("sync-known"))["waiting"]

    one.engine.record([Record("ls"), Record("make")])
    one.records()
    assert waiting() == "0"
    one.engine.pin(number(one, "ls"), True)
    assert waiting() == "1"
    one.engine.forget([number(one, "make")])
    assert waiting() == "2"
    one.records()
    assert waiting() == "0"


def test_a_host_is_forgotten_with_all_that_it_ran(one: Asked, other: Asked) -> None:
    other.engine.record([Record("old one", 5.0), Record("old two", 6.0)])
    one.take(OTHER, other.records())
    assert dict(one("sync-forget-host", ("host", OTHER))) == {"removed": "2"}
    assert found(one.engine, "old") == []
    assert one.take(OTHER, other.records())["added"] == "0"
    assert other.take(ONE, one.records())["removed"] == "2"
    other.engine.record([Record("new one", 7.0)])
    assert one.take(OTHER, other.records(after="2"))["added"] == "1"


def test_what_a_snapshot_lost_is_taken_back_once(one: Asked) -> None:
    run = {"command": "make", "start": 5.0, "session": "desk.1.1"}
    one.engine.record([Record("make", 5.0, session="desk.1.1")])
    lines = [json.dumps({"id": [ONE, 3], **run}), json.dumps({"id": [ONE, 4], "command": "ls"})]
    assert one.take(ONE, lines)["added"] == "1"
    assert dict(one("sync-known"))["counter"] == "4"
    assert one.records(after="2") == one.records()
    assert len(one.records()) == 2


def test_what_was_imported_of_another_host_is_its_run_and_not_there_twice(
    one: Asked, other: Asked
) -> None:
    one.engine.record([Record("make", 5.0), Record("ls", 6.0)], imported=True)
    other.engine.record([Record("make", 5.4, exit=0, session="lap.1.1", host="lap")])
    lines = one.records()
    other.take(ONE, lines)
    one.take(OTHER, other.records())
    (row,) = one.engine.search("make", mode="text").rows
    assert (row.runs, row.host) == (1, "lap")
    assert other.take(ONE, one.records(after="2"))["removed"] == "1"
    assert found(other.engine, "ls") == ["ls"]


def test_a_cloned_machine_goes_on_under_another_id(one: Asked) -> None:
    one.engine.record([Record("before", 5.0), Record("after", 6.0)])
    one.records()
    theirs = json.dumps({"id": [ONE, 2], "command": "other machine", "start": 9.0})
    later = json.dumps({"id": [ONE, 3], "command": "other machine again", "start": 10.0})
    assert one.take(ONE, [theirs, later])["conflicts"] == "1"
    one("sync-name-host", ("host", OTHER), ("name", "x"), ("key", KEY), ("after", "1"))
    assert [json.loads(line)["id"] for line in one.records()] == [[OTHER, 1]]
    assert one.take(ONE, [theirs])["added"] == "1"
    assert sorted(found(one.engine, "")) == ["after", "before", "other machine"]


def test_runs_of_which_only_the_text_is_known_differ_by_that(one: Asked) -> None:
    mine, masked, theirs = (
        [json.dumps({"id": [OTHER, 1], "command": text, **facts})]
        for text, facts in (("x", {"start": 5.0}), ("y", {"start": 5.0}), ("z", {}))
    )
    bare = [json.dumps({"id": [OTHER, 2], "command": text}) for text in ("x", "y")]
    assert [one.take(OTHER, lines)["conflicts"] for lines in (mine, masked, theirs)] == [*"001"]
    assert [one.take(OTHER, [line])["conflicts"] for line in (*bare, bare[0])] == [*"010"]


def test_a_host_that_is_set_up_again_stays_what_it_was(one: Asked) -> None:
    one.engine.record([Record("make", 5.0)])
    one.records()
    one.take(ONE, [], counter="1")
    one("sync-off")
    assert one.stops == 1
    again = one("sync-name-host", ("host", OTHER), ("name", "x"), ("key", "cd" * 32))
    assert again == [("host", ONE)]
    assert one.peers()[ONE] | {"name": "", "written": None} == {
        "host": ONE,
        "own": True,
        "name": "",
        "sequence": 0,
        "chain": "",
        "revision": 0,
        "counter": 0,
        "written": None,
        "differing": 0,
    }
    assert len(one.records()) == 1


def test_current_is_what_the_store_holds_now(one: Asked) -> None:
    one.engine.record([Record(f"echo {at}", float(at + 1)) for at in range(5)])
    one.records()
    one.engine.forget([number(one, "echo 2")])
    reply = one("sync-current", ("first", "2"), ("last", "4"))
    assert [json.loads(value)["id"][1] for key, value in reply if key == "record"] == [2, 4]
    part = one("sync-current", ("first", "2"), ("last", "4"), ("limit", "1"))
    assert part[-1] == ("more", "1")


SEGMENT = {"host": OTHER, "sequence": "1"}


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("sync-name-host", {"host": "xy", "key": KEY}),
        ("sync-name-host", {"host": ONE, "key": "ab"}),
        ("sync-name-host", {"host": ONE, "key": KEY, "after": "x"}),
        ("sync-out", {}),
        ("sync-out", {"after": "0", "limit": "1001"}),
        ("sync-current", {"first": "1"}),
        ("sync-rewritten", {"rewrite": "-1"}),
        ("sync-forget-host", {"host": "0"}),
        ("sync-in", {"host": OTHER, "sequence": "0"}),
        ("sync-in", {**SEGMENT, "chain": "c" * 129}),
        ("sync-in", {**SEGMENT, "record": "{"}),
        ("sync-in", {**SEGMENT, "record": "[" * 5000}),
        ("sync-in", {**SEGMENT, "record": json.dumps({"id": [OTHER, 1], "dance": 1})}),
        ("sync-in", {**SEGMENT, "record": json.dumps({"id": [ONE, 1], "command": "x"})}),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line(
    one: Asked, verb: str, fields: dict[str, str]
) -> None:
    with pytest.raises(RequestError) as refused:
        one(verb, *fields.items())
    assert "\n" not in str(refused.value)
    assert list(one.peers()) == [ONE]


def test_of_a_part_with_one_bad_record_nothing_is_merged(one: Asked) -> None:
    good = json.dumps({"id": [OTHER, 1], "command": "fine"})
    bad = json.dumps({"id": [OTHER, 2], "command": "bad", "start": "noon"})
    with pytest.raises(RequestError):
        one.take(OTHER, [good, bad])
    assert found(one.engine, "fine") == []
