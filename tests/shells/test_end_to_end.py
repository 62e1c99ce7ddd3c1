"""What a new user does: install into an empty home, work, press Ctrl-R, get the command back.

Everything is real: install.sh, the rc files that it wrote, the daemon, the model, both shells.
scripts/test.sh has run the installer (export and all) into DEJA_TEST_HOME; without that it runs
here, with the model of DEJA_MODEL_DIR.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.install import wait_until
from support.paths import ROOT
from support.shells import ENTER, ESCAPE, PROMPT, Shell, ctrl

from scripts.benchmarks.synthetic import commands

WANTED = {
    "unpack an archive": "tar -xzf backup.tgz",
    "largest files here": "du -ah . | sort -rh | head",
    "list containers": "docker ps -a",
}
OTHERS = 200
RC = {"zsh": ".zshrc", "bash": ".bashrc"}


class Installed:
    """A home directory that install.sh has been run for."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = {
            "HOME": str(home),
            "PATH": f"{home}/.local/bin:/usr/local/bin:/usr/bin:/bin",
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
        }

    def shell(self, name: str, **size: int) -> Shell:
        rc = self.home / RC[name]
        assert "deja" in rc.read_text(), "install.sh left no line in the start-up file"
        if PROMPT not in rc.read_text():
            with rc.open("a") as file:
                file.write(f"PS1='{PROMPT}'\n")
        shell = Shell([shutil.which(name) or name, "-i"], self.env, self.home, **size)
        shell.wait_prompt()
        return shell

    def deja(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["deja", *arguments], env=self.env, capture_output=True, text=True, timeout=120
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    made = Path(os.environ.get("DEJA_TEST_HOME") or tmp_path_factory.mktemp("a home") / "of one")
    made.mkdir(exist_ok=True)
    there = Installed(made)
    if not os.environ.get("DEJA_TEST_HOME"):
        there.env["DEJA_MODEL_DIR"] = os.environ["DEJA_MODEL_DIR"]
        # pip reaches the package index as the machine is set up to.
        env = {key: os.environ[key] for key in os.environ if key.startswith("PIP_")}
        arguments = ["bash", str(ROOT / "install.sh"), "--yes", "--shell", "all"]
        subprocess.run(arguments, env={**os.environ, **env, **there.env}, check=True, timeout=280)
    yield there
    there.deja("stop")


@pytest.fixture(scope="module")
def worked(installed: Installed) -> Installed:
    """After a day's work in zsh: the wanted commands among 200 others. None of them runs
    anything, for the PATH is empty by then.
    """
    shell = installed.shell("zsh")
    shell.run("PATH=/nonexistent")
    others = [command for command in commands(OTHERS + 50) if not command.startswith("tar")]
    lines = [*others[:100], *WANTED.values(), *others[100:OTHERS]]
    for line in lines:
        shell.send(line + ENTER)
        shell.pump(0)
    shell.wait(lambda _: _recorded(installed) >= len(lines), "the commands in the store")
    shell.close()
    wait_until(lambda: _status(installed)["embedded"] == _status(installed)["commands"], "vectors")
    return installed


def _status(installed: Installed) -> dict[str, int]:
    status: dict[str, int] = json.loads(installed.deja("status", "--json").stdout)
    return status


def _recorded(installed: Installed) -> int:
    return _status(installed)["commands"]


@pytest.mark.parametrize("name", ["zsh", "bash"])
@pytest.mark.parametrize("query", WANTED)
def test_intent_finds_the_command_in_the_first_three_rows(
    worked: Installed, name: str, query: str
) -> None:
    shell = worked.shell(name, columns=100, rows=30)
    try:
        shell.send(query)
        shell.wait_line(query)
        shell.send(ctrl("r"))
        shell.wait(
            lambda shell: any(WANTED[query] in row for row in _rows(shell)[:3]),
            f"{WANTED[query]!r} in the first three rows",
        )
        place = next(i for i, row in enumerate(_rows(shell)) if WANTED[query] in row)
        shell.send("\x1b[B" * place + ENTER)
        shell.wait_line(WANTED[query])
    finally:
        shell.close()


def _rows(shell: Shell) -> list[str]:
    """The picker's rows: what stands below its query line."""
    lines = shell.lines()
    below = [number for number, line in enumerate(lines) if line.lstrip().startswith("❯")]
    return lines[below[-1] + 1 :] if below else []


@pytest.mark.parametrize("name", ["zsh", "bash"])
def test_command_is_found_by_the_very_next_search(installed: Installed, name: str) -> None:
    shell = installed.shell(name)
    try:
        shell.run(f"echo only-in-{name}-once")
        shell.send(ctrl("r"))
        shell.wait_for("❯")
        shell.send(f"only-in-{name}")
        shell.wait(
            lambda shell: any(f"echo only-in-{name}-once" in row for row in _rows(shell)[:1]),
            "the command that ran last",
        )
        shell.send(ESCAPE)
        shell.wait_line("")
    finally:
        shell.close()


@pytest.mark.parametrize("name", ["zsh", "bash"])
def test_what_was_just_done_comes_first(worked: Installed, name: str) -> None:
    """Run six times, then asked for by its beginning: above all that is older or only like it."""
    command = "git branch --show-current"
    shell = worked.shell(name, columns=100, rows=30)
    try:
        shell.run("cd; PATH=/nonexistent")
        for _ in range(6):
            shell.run(command)
        shell.send(ctrl("r"))
        for letters in ("g", "it", " b"):
            shell.send(letters)
            shell.wait(
                lambda shell: any(command in row for row in _rows(shell)[:1]),
                f"{command!r} first once {letters!r} is typed",
            )
        shell.send(ESCAPE)
    finally:
        shell.close()


def test_doctor_finds_nothing_to_mend(installed: Installed) -> None:
    done = installed.deja("doctor")
    assert done.returncode == 0, done.stdout
