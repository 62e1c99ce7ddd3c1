"""deja pause and resume, and private shells, in real shells: nothing typed meanwhile is written."""

import os
import sys
import time

import pytest
from support.fake_daemon import FakeDaemon
from support.paths import APP
from support.picker import KEY, opened
from support.shells import ENTER, Home, start

STATE = {"zsh": "setopt prompt_subst\nPS1='$DEJA_STATE> '", "bash": "PS1='$DEJA_STATE> '"}
STATE["fish"] = "function fish_prompt; echo -n $DEJA_STATE'> '; end"
PRIVATE = {"zsh": "export DEJA_PRIVATE={}", "bash": "export DEJA_PRIVATE={}"}
PRIVATE["fish"] = "set -gx DEJA_PRIVATE {}"


@pytest.fixture
def real(home: Home) -> dict[str, str]:
    """The environment with a `deja` that is this tree's."""
    launcher = home.home / "bin" / "deja"
    launcher.parent.mkdir()
    launcher.write_text(f"#!/bin/sh\nexec '{sys.executable}' -I '{APP}' \"$@\"\n")
    launcher.chmod(0o755)
    return {"PATH": f"{launcher.parent}:/usr/local/bin:/usr/bin:/bin"}


def test_nothing_typed_while_paused_is_written(kind: str, home: Home, real: dict[str, str]) -> None:
    with start(kind, home, env=real) as shell:
        shell.run("echo before")
        shell.run("deja pause")
        assert "paused: this shell, until deja resume" in shell.picture()
        shell.run("echo secret one")
        shell.run("echo secret two; deja resume")
        assert "recording" in shell.lines()
        shell.run("echo after")
    assert [each for each in home.commands() if "echo" in each] == ["echo before", "echo after"]
    assert "secret" not in home.everything()


def test_it_is_the_first_command_of_a_shell_and_of_no_other(
    kind: str, home: Home, real: dict[str, str]
) -> None:
    with start(kind, home, env=real) as shell, start(kind, home, env=real) as other:
        shell.run("deja pause")
        shell.run("echo secret")
        other.run("echo of another")
        shell.run("deja resume")
    assert home.commands() == ["echo of another"]
    assert "secret" not in home.everything()


def test_all_shells_for_a_time(kind: str, home: Home, real: dict[str, str]) -> None:
    with start(kind, home, env=real) as shell, start(kind, home, env=real) as other:
        other.run("echo before")
        shell.run("deja pause 1h --all")
        assert "paused: all shells, until " in shell.picture()
        # Its prompt is older than the pause.
        other.run("echo secret")
        shell.run("deja resume")
        assert "still paused: all shells, until" in shell.picture()
        shell.run("deja resume --all")
        # That of bash is: it cannot look once the line is read.
        other.run("true")
        other.run("echo after")
    commands = [each for each in home.commands() if "echo" in each]
    assert commands == ["echo before", "echo after"]
    assert "secret" not in home.everything()


def test_a_pause_ends_by_itself_while_the_prompt_waits(
    kind: str, home: Home, real: dict[str, str]
) -> None:
    with start(kind, home, env=real) as shell:
        shell.run("deja pause 1s")
        shell.run("echo secret")
        time.sleep(3)
        shell.run("echo after")
    assert home.commands() == ["echo after"]


def test_a_private_shell(kind: str, home: Home) -> None:
    with start(kind, home, env={"DEJA_PRIVATE": "1"}) as shell:
        shell.run("echo secret")
        shell.run(PRIVATE[kind].format("0"))
        shell.run("echo known")
        shell.run(PRIVATE[kind].format("1"))
        shell.run("echo secret again")
    assert [each for each in home.commands() if "echo" in each] == ["echo known"]
    assert "secret" not in home.everything()


def test_the_prompt_tells(kind: str, home: Home, real: dict[str, str]) -> None:
    with start(kind, home, env=real) as shell:

        def says(state: str) -> None:
            shell.wait(lambda s: s.line() == f"{state}>", state)

        shell.send(f"{STATE[kind]}\r".replace("\n", "; "))
        says("recording")
        shell.send("deja pause\r")
        says("paused")
        shell.send("deja resume\r")
        says("recording")
        shell.send(PRIVATE[kind].format("1") + "\r")
        says("private")


def test_a_pause_of_a_process_that_is_gone_is_none(kind: str, home: Home) -> None:
    """Process ids come again."""
    paused = home.data / "paused"
    paused.mkdir()
    host = os.uname().nodename
    for pid in range(os.getpid(), os.getpid() + 400):
        (paused / f"{host}.{pid}").write_text("\n")
    with start(kind, home) as shell:
        assert not (paused / f"{host}.{shell.child.pid}").exists()
        shell.run("echo recorded")
    assert home.commands() == ["echo recorded"]


@pytest.mark.parametrize("private", ["0", "1"])
def test_what_is_picked_in_a_private_shell_is_not_learnt(
    private: str, kind: str, home: Home, fake: FakeDaemon
) -> None:
    with start(kind, home, env={"DEJA_PRIVATE": private}) as shell:
        shell.send("unpack" + KEY)
        opened(shell, "1 of 4")
        shell.send(ENTER)
        shell.wait_line("tar -xzf backup.tgz")
    assert fake.picks == ([("unpack", "tar -xzf backup.tgz")] if private == "0" else [])
