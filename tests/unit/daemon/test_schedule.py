"""When a sync is due; and its process: one at a time, not without sync, gone with the daemon."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.install import alive, wait_until
from support.paths import ROOT

from backend.daemon import schedule
from backend.daemon.schedule import (
    EVERY_S,
    JITTER,
    LONGEST_RETRY_S,
    LONGEST_S,
    RETRY_S,
    SETTLE_S,
    Schedule,
    Timetable,
)

# In place of backend/sync: says that it began, and ends as it is told to, or with its stdin.
STUB = """
import os, pathlib, sys, time
here = pathlib.Path(sys.argv[1])
with (here / "began").open("a") as file:
    file.write(f"{os.getpid()}\\n")
if (here / "hang").exists():
    os.read(0, 1)
    (here / "ended").touch()
sys.exit(int((here / "status").read_text()) if (here / "status").exists() else 0)
"""


def test_a_round_comes_when_the_changes_have_settled() -> None:
    table = Timetable(0.0)
    table.ended(100.0, ok=True)
    assert table.due() >= 100 + EVERY_S * (1 - JITTER)
    table.changed(110.0)
    assert table.due() == 110 + SETTLE_S
    table.changed(115.0)
    assert table.due() == 115 + SETTLE_S
    for now in range(116, 400):
        table.changed(now)
    assert table.due() == 110 + LONGEST_S, "somebody who types all day is not put off for ever"
    table.started()
    assert table.due() > 300


def test_not_all_machines_come_at_once() -> None:
    dues = []
    for chance in (0.0, 0.5, 1.0):
        table = Timetable(0.0, lambda chance=chance: chance)  # type: ignore[misc]
        table.ended(0.0, ok=True)
        dues.append(table.due())
    assert dues == [EVERY_S * (1 - JITTER), EVERY_S, EVERY_S * (1 + JITTER)]


def test_after_failures_it_comes_later_and_later_up_to_an_hour() -> None:
    table = Timetable(0.0, lambda: 0.5)
    waits = []
    for _ in range(12):
        table.ended(0.0, ok=False)
        waits.append(table.due())
    assert waits[:3] == [RETRY_S, 2 * RETRY_S, 4 * RETRY_S]
    assert waits[-1] == LONGEST_RETRY_S
    table.changed(1.0)
    assert table.due() == LONGEST_RETRY_S, "nor does a change bring it on"
    table.woke(5.0)
    assert table.due() == 1 + SETTLE_S, "but waking up does"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    times = {"SETTLE_S": 0.05, "LOOK_S": 0.01, "IDLE_LOOK_S": 0.01, "END_S": 2.0}
    for name, seconds in times.items():
        monkeypatch.setattr(schedule, name, seconds)


class Stub:
    """A schedule of a stub, in a directory of its own."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        program = directory / "stub.py"
        program.write_text(STUB)
        self.changes = 0
        self.schedule = Schedule(directory, lambda: self.changes, program)

    def set_up(self) -> None:
        (self.directory / "sync").mkdir()
        (self.directory / "sync" / "settings.json").write_text("{}")

    def began(self) -> list[int]:
        path = self.directory / "began"
        return [int(line) for line in path.read_text().split()] if path.exists() else []

    async def until(self, rounds: int) -> None:
        for _ in range(2000):
            if len(self.began()) >= rounds:
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"waited for {rounds} rounds, saw {len(self.began())}")


@pytest.fixture
def stub(tmp_path: Path, quick: None) -> Stub:
    return Stub(tmp_path)


def test_nothing_is_started_before_sync_is_set_up(stub: Stub) -> None:
    async def live() -> None:
        task = asyncio.create_task(stub.schedule.run())
        await asyncio.sleep(0.3)
        assert stub.began() == [] and stub.schedule.status() is None
        stub.set_up()
        await stub.until(1)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(live())


@pytest.mark.slow
def test_a_change_brings_a_round_and_what_changes_meanwhile_another(stub: Stub) -> None:
    stub.set_up()

    async def live() -> None:
        task = asyncio.create_task(stub.schedule.run())
        await stub.until(1)
        await asyncio.sleep(0.3)
        assert len(stub.began()) == 1
        for rounds in (2, 3):
            stub.changes += 1
            await stub.until(rounds)
        (stub.directory / "sync" / "status.json").write_text(json.dumps({"at": 5, "ok": True}))
        told = stub.schedule.status()
        assert told is not None and (told["at"], told["ok"], told["hosts"]) == (5, True, 0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(live())


@pytest.mark.slow
def test_one_round_at_a_time_and_none_when_it_is_told_to_stop(stub: Stub) -> None:
    stub.set_up()
    (stub.directory / "hang").touch()

    async def live() -> None:
        task = asyncio.create_task(stub.schedule.run())
        await stub.until(1)
        stub.changes += 1
        await asyncio.sleep(0.3)
        (pid,) = stub.began()
        told = stub.schedule.status()
        assert told is not None and told["running"]
        (stub.directory / "sync" / "settings.json").unlink()
        await stub.schedule.stop()
        assert not alive(pid)
        await asyncio.sleep(0.3)
        assert len(stub.began()) == 1 and stub.schedule.status() is None
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(live())


@pytest.mark.slow
def test_it_ends_with_its_daemon_whatever_that_dies_of(stub: Stub) -> None:
    stub.set_up()
    (stub.directory / "hang").touch()
    daemon = (
        "import asyncio, pathlib, sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from backend.daemon import schedule\n"
        "schedule.SETTLE_S = schedule.LOOK_S = 0.01\n"
        "here = pathlib.Path(sys.argv[1])\n"
        "asyncio.run(schedule.Schedule(here, lambda: 0, here / 'stub.py').run())\n"
    )
    process = subprocess.Popen([sys.executable, "-c", daemon, str(stub.directory)])
    wait_until(stub.began, "a round")
    process.kill()
    process.wait()
    wait_until((stub.directory / "ended").exists, "its end")


def test_a_failure_is_told_once_and_is_not_hammered_at(
    stub: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    stub.set_up()
    (stub.directory / "status").write_text("1")

    async def live() -> None:
        task = asyncio.create_task(stub.schedule.run())
        await stub.until(1)
        await asyncio.sleep(0.3)
        stub.changes += 1
        await asyncio.sleep(0.3)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(live())
    assert len(stub.began()) == 1
    assert [record.message for record in caplog.records] == ["a sync failed; see: deja sync status"]


def test_another_at_work_is_no_failure(stub: Stub) -> None:
    stub.set_up()
    (stub.directory / "status").write_text(str(os.EX_TEMPFAIL))

    async def live() -> None:
        task = asyncio.create_task(stub.schedule.run())
        await stub.until(1)
        await asyncio.sleep(0.2)
        stub.changes += 1
        await stub.until(2)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(live())
