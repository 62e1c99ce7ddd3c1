"""install.sh --uninstall, on a stand-in Python: HOME is as it was."""

import subprocess
import sys

import pytest
from support.machine import Machine
from support.paths import ROOT


@pytest.mark.parametrize(
    "rc", [b"", b"alias ll='ls -l'\n", b"no newline", b"\xff\x00odd\r\nbytes", b"\n\n"]
)
def test_uninstall_and_purge_leave_home_as_it_was(machine: Machine, rc: bytes) -> None:
    (machine.home / ".bashrc").write_bytes(rc)
    (machine.home / ".zshrc").write_bytes(rc[::-1])
    before = machine.tree()
    machine.install("--shell", "all")
    assert machine.tree() != before
    status, out, err = machine.run("--uninstall", "--purge")
    assert (status, err) == (0, ""), out
    assert machine.tree() == before


def test_uninstall_removes_rc_files_that_it_made(machine: Machine) -> None:
    machine.install("--shell", "all")
    assert (machine.home / ".zshrc").exists()
    machine.run("--uninstall", "--purge")
    assert machine.tree() == {}


def test_uninstall_keeps_the_history(machine: Machine) -> None:
    machine.install()
    (machine.data / "history.db").write_text("mine")
    status, out, _ = machine.run("--uninstall")
    assert status == 0
    assert "your history, kept" in out
    assert (machine.data / "history.db").read_text() == "mine"
    assert not (machine.data / "app").exists()
    assert not (machine.home / ".bashrc").exists()
    machine.run("--uninstall", "--purge")
    assert machine.tree() == {}


def test_uninstall_where_nothing_is_says_so(machine: Machine) -> None:
    (machine.data / "model").mkdir(parents=True)
    (machine.data / "model/other").write_text("somebody else's")
    status, _, err = machine.run("--uninstall", "--purge")
    assert status == 1
    assert "nothing to uninstall" in err
    assert (machine.data / "model/other").exists()


def test_the_copy_takes_itself_back(machine: Machine) -> None:
    """The clone may be gone by then."""
    before = machine.tree()
    machine.install("--shell", "all")
    machine.script = machine.data / "app/install.sh"
    status, out, err = machine.run("--uninstall", "--purge")
    assert (status, err) == (0, ""), out
    assert machine.tree() == before


def test_the_copy_upgrades_itself(machine: Machine) -> None:
    machine.install()
    machine.script = machine.data / "app/install.sh"
    machine.install()
    assert (machine.data / "app/scripts/install/program.sh").is_file()


def test_it_is_taken_back_where_no_package_is_left(machine: Machine) -> None:
    """The runtime environment may be broken, by an upgrade of the system's Python."""
    before = machine.tree()
    machine.install("--shell", "all")
    program = [sys.executable, "-I", "-S", str(ROOT / "backend/setup/undo.py")]
    places = [machine.home / ".config/deja", machine.data, machine.home / ".local/state/deja/log"]
    done = subprocess.run(
        [*program, *places, "--purge"], env=machine.environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.tree() == before
