"""The picker while the daemon is ill, absent or busy, and the shell after a picker was killed."""

import os
import signal
import subprocess
import sys
import time

import pytest
from support import shells
from support.fake_daemon import FakeDaemon
from support.paths import ROOT
from support.picker import KEY, opened, spooled
from support.shells import DOWN, ENTER, ESCAPE, SUM, Home, Shell, ctrl, start

ILL = ["silent", "slow", "garbage", "error", "hangup"]


@pytest.mark.parametrize("behaviour", ILL)
def test_an_ill_daemon_is_stood_in_for_by_the_disk(
    behaviour: str, kind: str, home: Home, fake: FakeDaemon
) -> None:
    spooled(home, ["echo from disk", "ls -l", "echo caf\udce9 disk"])
    fake.behaviour = behaviour
    fake.rows = [{"command": "echo from daemon"}]
    with start(kind, home) as shell:
        shell.send("disk" + KEY)
        shell.wait_for("offline", "echo from disk", "1 of 2")
        shell.send(" from")
        shell.wait_for("1 of 1")
        shell.send(ENTER)
        shell.wait_line("echo from disk")


def test_a_slow_daemon_is_heard_in_the_end(kind: str, home: Home, fake: FakeDaemon) -> None:
    fake.behaviour = "slow"
    with start(kind, home) as shell:
        shell.send("unpack" + KEY)
        shell.wait_for("tar -xzf backup.tgz", "meaning and text")
        shell.send(ESCAPE)
        shell.wait_line("unpack")


def test_replies_to_other_requests_are_dropped(shell: Shell, fake: FakeDaemon) -> None:
    fake.behaviour = "stale"
    shell.send("unpack" + KEY)
    opened(shell, "tar -xzf backup.tgz", "1 of 4")


def test_a_daemon_of_another_version_is_not_asked(kind: str, home: Home) -> None:
    spooled(home, ["echo from disk"])
    fake = FakeDaemon(home.data, [{"command": "echo from daemon"}], version=99)
    with start(kind, home) as shell:
        shell.send(KEY)
        shell.wait_for("offline", "echo from disk")
    assert fake.queries == []
    fake.stop()


def test_without_a_daemon_the_disk_answers_and_one_is_started(kind: str, home: Home) -> None:
    spooled(home, ["echo from disk"])
    with start(kind, home) as shell:
        assert shells.background_start(home)
        home.started.unlink()
        shell.send("disk" + KEY)
        shell.wait_for("offline", "echo from disk")
        assert shells.background_start(home)
        # It comes up while the picker stands there.
        fake = FakeDaemon(home.data, [{"command": "echo daemon of disk"}])
        shell.wait_for("echo daemon of disk", "meaning and text")
        fake.stop()


def test_waiting_for_a_daemon_draws_nothing(kind: str, home: Home) -> None:
    with start(kind, home) as shell:
        shell.send(KEY)
        shell.wait_for("offline")
        shell.wait(lambda s: not s.pump(0.3), "silence")
        seen = len(shell.raw)
        shell.pump(1.5)
        assert len(shell.raw) == seen


def test_a_stopped_daemon(kind: str, home: Home) -> None:
    spooled(home, ["echo from disk"])
    script = ROOT / "tests" / "support" / "fake_daemon.py"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, script, home.data], env=environment)
    try:
        end = time.monotonic() + shells.DEADLINE
        while not (home.data / "daemon").exists() and time.monotonic() < end:
            time.sleep(0.02)
        with start(kind, home) as shell:
            os.kill(process.pid, signal.SIGSTOP)
            shell.send(KEY)
            shell.wait_for("offline", "echo from disk")
            shell.send("zzz")
            shell.wait_for("no match")
            os.kill(process.pid, signal.SIGCONT)
            shell.send(ctrl("U"))
            shell.wait_for("tar -xzf backup.tgz", "meaning and text")
            shell.send(ESCAPE)
            shell.wait_prompt()
    finally:
        process.kill()
        process.wait()


def test_the_store_on_disk_is_searched(kind: str, home: Home) -> None:
    from backend.storage.store import Store
    from backend.wire.record import Record

    opened_store = Store(home.data / "history.db")
    now = time.time()
    opened_store.add(
        [
            Record("tar -xzf old.tgz", now - 90 * 86400, 0.1, 0, "/srv"),
            Record("tar -xzf new.tgz", now - 86400, 0.1, 1, "/srv"),
            Record("echo caf\udce9", now, 0.1, 0, "/srv"),
        ]
    )
    opened_store.close()
    with start(kind, home) as shell:
        shell.send("TGZ" + KEY)
        shell.wait_for("offline", "1 of 2", "tar -xzf old.tgz", "3mo", "✗1")
        shell.send(ENTER)
        shell.wait_line("tar -xzf new.tgz")


def test_meaning_comes_once_the_model_is_loaded(kind: str, home: Home, fake: FakeDaemon) -> None:
    fake.mode = "text"
    with start(kind, home) as shell:
        shell.send("unpack" + KEY)
        opened(shell, "text only", "1 of 4")
        shell.send(DOWN)
        shell.wait_for("2 of 4")
        fake.mode = "hybrid"
        shell.wait_for("meaning and text", "2 of 4")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_killed_picker_leaves_a_usable_shell(
    number: signal.Signals, kind: str, shell: Shell, home: Home
) -> None:
    modes = shell.modes()
    shell.send("abc" + KEY)
    opened(shell, "no match")
    pid = shells.picker_pid(home)
    assert pid is not None
    os.kill(pid, number)
    shell.wait(lambda s: shells.picker_pid(home) is None, "its end")
    shell.wait(lambda s: s.line().startswith("ready>"), "the prompt")
    shell.send(ctrl("U") + SUM[kind] + ENTER)
    shell.wait_for("42done")
    shell.wait_prompt()
    assert shell.modes() == modes


def test_terminal_modes_come_back(shell: Shell) -> None:
    before = shell.modes()
    private = set(shell.screen.mode)
    shell.send(KEY)
    opened(shell)
    shell.send(ESCAPE)
    shell.wait_prompt()
    assert shell.modes() == before
    assert set(shell.screen.mode) == private
    assert not shell.screen.cursor.hidden
