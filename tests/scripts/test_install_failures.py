"""Installations that fail, are interrupted or are asked for wrongly, on a stand-in Python."""

import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.disk import SmallDisk, small_disk
from support.machine import Machine


def test_a_failing_pip_tells_what_why_and_what_to_do(machine: Machine) -> None:
    status, _, err = machine.run("--yes", PIP="fail")
    assert status == 1
    assert "the runtime environment could not be made" in err
    assert "no route to the registry" in err
    assert "run this again" in err
    assert "install.log" in err
    assert not (machine.home / ".bashrc").exists()
    machine.install()


@pytest.mark.parametrize("pip", ["fail", "full"])
def test_a_failing_pip_leaves_no_part_of_a_runtime(machine: Machine, pip: str) -> None:
    assert machine.run("--yes", PIP=pip)[0] == 1
    assert not list(machine.data.glob("runtime-*"))
    assert not (machine.data / "downloads").exists()
    machine.install()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[Machine, SmallDisk]]:
    """A computer with its HOME on a small disk."""
    with small_disk(tmp_path / "disk", 32) as disk:
        if disk is None:
            pytest.skip("cannot mount a small filesystem: run as root")
        machine = Machine(disk.place)
        model = machine.data / "model"
        model.mkdir(parents=True)
        (model / "manifest.json").touch()
        yield machine, disk


def test_a_disk_that_pip_fills(small: tuple[Machine, SmallDisk]) -> None:
    machine, _ = small
    status, _, err = machine.run("--yes", PIP="flood")
    assert status == 1
    assert "No space left on device" in err
    assert not list(machine.data.glob("runtime-*"))
    assert not (machine.home / ".bashrc").exists()
    machine.install()


@pytest.mark.parametrize("free_kilobytes", [0, 8, 500])
def test_an_upgrade_on_a_full_disk_leaves_what_was_there(
    small: tuple[Machine, SmallDisk], free_kilobytes: int
) -> None:
    machine, disk = small
    machine.install()
    before = machine.tree()
    disk.fill(free_kilobytes)
    status, _, err = machine.run("--yes")
    assert status == 1
    assert "is the disk full?" in err or "No space left on device" in err
    after = machine.tree()
    changed = [name for name in before | after if before.get(name) != after.get(name)]
    assert set(changed) <= {".local/state/deja/log/install.log"}
    disk.empty()
    machine.install()


def test_an_interrupt_leaves_no_part_of_a_runtime(machine: Machine) -> None:
    process = machine.start("--yes", PIP="hang")
    deadline = time.monotonic() + 20
    while not list(machine.data.glob("runtime-*/bin/python")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(machine.data.glob("runtime-*"))
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert not list(machine.data.glob("runtime-*"))


def test_a_failing_export_leaves_no_model_and_the_old_program(machine: Machine) -> None:
    status, _, err = machine.run("--yes", EXPORT="fail")
    assert status == 1
    assert "differs by 3" in err
    assert not (machine.data / "model").exists()
    assert not list(machine.data.glob("export.*"))
    machine.install()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_no_temporary_files(machine: Machine, number: signal.Signals) -> None:
    machine.install()
    shutil.rmtree(machine.data / "model")
    process = machine.start("--yes", PIP="hang")
    deadline = time.monotonic() + 20
    while not list(machine.data.glob("export.*/venv/bin/python")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(machine.data.glob("export.*"))
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "interrupted" in err
    assert not list(machine.data.glob("export.*"))
    assert not (machine.data / "install.lock").exists()


def test_two_installations_at_once_are_refused(machine: Machine) -> None:
    first = machine.start("--yes", PIP="hang")
    lock = machine.data / "install.lock/pid"
    deadline = time.monotonic() + 20
    while not (lock.exists() and lock.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    status, _, err = machine.run("--yes")
    assert status == 1
    assert "another installation is running" in err
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=20)
    machine.install()


def test_without_a_usable_python_it_says_what_is_missing(machine: Machine, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    for tool in ("bash", "uname", "dirname", "mkdir", "chmod", "cat", "rm", "sed", "grep"):
        (bare / tool).symlink_to(shutil.which(tool) or tool)
    status, _, err = machine.run("--yes", PATH=str(bare))
    assert status == 1
    assert "deja needs Python 3.11 or newer" in err
    (bare / "python3").symlink_to(tmp_path / "bin/python3")
    status, _, err = machine.run("--yes", PATH=str(bare), NO_VENV="1")
    assert status == 1
    assert "lacks venv" in err


@pytest.mark.parametrize("arguments", [["--bogus"], ["--shell"], ["--shell", "nu"], ["--purge"]])
def test_wrong_usage_is_refused(machine: Machine, arguments: list[str]) -> None:
    status, _, err = machine.run(*arguments)
    assert status == 2
    assert err.startswith("deja: ")
    assert machine.tree() == {}


def test_without_yes_and_without_a_terminal_it_asks_nobody(machine: Machine) -> None:
    status, _, err = machine.run()
    assert status == 1
    assert "--yes" in err
    assert machine.tree() == {}
