"""deja doctor on sync: nothing without it, the last round, shared ids, hosts that went silent."""

import json
import time
from pathlib import Path

import pytest

from backend.commands.checks import sync
from backend.commands.checks.finding import Finding
from backend.config import Config
from backend.storage.exchange import hosts
from backend.storage.exchange.hosts import Segment
from backend.storage.store import Store

HOST, OTHER = 0xA, 0xB


@pytest.fixture
def store(settings: Config) -> Store:
    made = Store(settings.store_file)
    with made.transaction():
        hosts.set_up(made.db, HOST, "desk", bytes(32))
        hosts.read_segment(made.db, Segment(OTHER, 1, "", 0, 5, "lap", time.time()))
    return made


def status(settings: Config, **facts: object) -> list[Finding]:
    directory = settings.data_dir / "sync"
    directory.mkdir(exist_ok=True)
    (directory / "settings.json").write_text("{}")
    if facts:
        (directory / "status.json").write_text(json.dumps(facts))
    return list(sync.check(settings))


def test_nothing_is_said_where_no_sync_is_set_up(settings: Config) -> None:
    assert list(sync.check(settings)) == []


def test_all_is_well(settings: Config, store: Store) -> None:
    (found,) = status(settings, at=time.time() - 130, ok=True, error=None, problems=[])
    assert (found.ok, found.found) == (True, "with 1 other host, last done 2 minutes ago")


def test_what_a_round_could_not_do_is_told_with_what_mends_it(settings: Config) -> None:
    (found,) = status(settings)
    assert (found.ok, found.mend) == (False, "deja sync")
    told = status(settings, at=time.time() - 3 * 86400, error="no network", problems=["a gap"])
    assert [each.found for each in told] == ["no network", "a gap", "last done 3 days ago"]
    assert not any(each.ok for each in told)


def test_machines_that_share_an_id_and_those_that_went_silent(
    settings: Config, store: Store
) -> None:
    with store.transaction():
        hosts.note_records(store.db, OTHER, 0, differing=3)
        old = time.time() - 40 * 86400
        hosts.read_segment(store.db, Segment(OTHER, 2, "", 0, 5, "lap", old))
    shared, silent = status(settings, at=time.time(), error=None, problems=[])
    assert not shared.ok and "3 runs of lap" in shared.found
    assert silent.ok and silent.mend == "deja sync forget-host 000000000000000b"


def test_a_store_that_cannot_be_read_is_another_checks_business(settings: Config) -> None:
    Path(settings.store_file).write_bytes(b"no store")
    (found,) = status(settings, at=time.time(), error=None, problems=[])
    assert found.ok
