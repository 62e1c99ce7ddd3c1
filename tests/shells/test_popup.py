"""The picker in a popup of tmux (DEJA_POPUP=1), for real zsh, bash and fish in a real tmux."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support import shells
from support.fake_daemon import FakeDaemon
from support.picker import KEY, opened, wait_own_search
from support.shells import ALT_ENTER, ENTER, ESCAPE, PROGRAM, SUM, Home, Shell, ctrl, write_rc

TMUX = ["/usr/bin/tmux", "-L", "deja"]
SETTINGS = "set -g status off\nset -sg escape-time 10\nset -g default-terminal screen-256color\n"
# The edge of a popup.
EDGE = "┌"


@contextmanager
def tmux(kind: str, home: Home, **env: str) -> Iterator[Shell]:
    """A shell in the only window of a tmux that has not heard of what the shell has set."""
    write_rc(kind, home, "".join(f"export {key}={value!r}\n" for key, value in env.items()))
    configuration = home.home / "tmux.conf"
    configuration.write_text(SETTINGS)
    around = home.environment(TMUX_TMPDIR=str(home.home))
    argv = [*TMUX, "-f", str(configuration), "new-session", f"{PROGRAM[kind]} -i"]
    shell = Shell(argv, around, home.work, columns=100, rows=30)
    try:
        shell.wait_prompt()
        yield shell
    finally:
        shell.close()
        subprocess.run([*TMUX, "kill-server"], env=around, capture_output=True, check=False)


def left_behind(home: Home) -> list[Path]:
    return list(home.data.glob(".popup*"))


def test_the_command_comes_back(kind: str, home: Home, fake: FakeDaemon) -> None:
    with tmux(kind, home, DEJA_POPUP="1") as shell:
        shell.send("unpack")
        shell.wait_line("unpack")
        shell.send(KEY)
        opened(shell, EDGE, "❯ unpack", "1 of 4")
        assert fake.requests[-1]["cwd"] == str(home.work)
        assert len(left_behind(home)) == 1
        assert left_behind(home)[0].stat().st_mode & 0o777 == 0o700
        shell.send(ENTER)
        shell.wait_line("tar -xzf backup.tgz")
        assert EDGE not in shell.picture()
        shell.send("X")
        shell.wait_line("tar -xzf backup.tgzX")
        assert left_behind(home) == []


def test_it_can_be_asked_for_in_config_toml(kind: str, home: Home, fake: FakeDaemon) -> None:
    configuration = home.deja / "config" / "config.toml"
    configuration.parent.mkdir()
    configuration.write_text("[picker]\npopup = true\n")
    with tmux(kind, home) as shell:
        shell.send("unpack" + KEY)
        opened(shell, EDGE, "1 of 4")
    with tmux(kind, home, DEJA_POPUP="0") as shell:
        shell.send("unpack" + KEY)
        opened(shell, "1 of 4")
        assert EDGE not in shell.picture()


def test_run_cancel_and_what_is_remembered(kind: str, home: Home, fake: FakeDaemon) -> None:
    fake.rows = [{"command": SUM[kind]}]
    with tmux(kind, home, DEJA_POPUP="1") as shell:
        shell.send("ec" + KEY)
        opened(shell, EDGE, "1 of 1")
        shell.send("\x1bo")
        shell.wait_for("newest")
        shell.send(ESCAPE)
        shell.wait_line("ec")
        shell.send(KEY)
        opened(shell, EDGE, "1 of 1", "newest")
        shell.send(ALT_ENTER)
        shell.wait_for("42done")
        shell.wait_prompt()
        shell.send(KEY)
        opened(shell, EDGE)
        shell.send(KEY)
        wait_own_search(shell)
        assert home.commands() == [SUM[kind]]


def test_nothing_typed_is_an_argument_or_left_in_a_file(
    kind: str, home: Home, fake: FakeDaemon
) -> None:
    with tmux(kind, home, DEJA_POPUP="1", MYSQL_PWD="zqPassword") as shell:
        shell.send("zqTyped" + KEY)
        opened(shell, EDGE, "no match")
        arguments = b"".join(_arguments())
        assert b"picker.py" in arguments
        assert b"zqTyped" not in arguments
        held = "".join(path.read_text() for path in left_behind(home)[0].iterdir())
        assert "zq" not in held
        shell.send(ctrl("C"))
        shell.wait_line("zqTyped")
        assert "zq" not in home.everything()


def _pickers(home: Home) -> list[int]:
    """The pickers themselves, not those who wait for one."""
    start = f"{sys.executable}\0-I\0-S\0{home.app}".encode()
    return [
        int(entry.parent.name)
        for entry in Path("/proc").glob("[0-9]*/cmdline")
        if entry.read_bytes().startswith(start)
    ]


def _arguments() -> Iterator[bytes]:
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield entry.read_bytes()
        except OSError:
            continue


def test_a_popup_that_is_closed_leaves_the_line(kind: str, home: Home, fake: FakeDaemon) -> None:
    with tmux(kind, home, DEJA_POPUP="1") as shell:
        shell.send("unpack" + KEY)
        opened(shell, EDGE, "1 of 4")
        (pid,) = _pickers(home)
        os.kill(pid, 9)
        shell.wait(lambda s: EDGE not in s.picture() and s.line() == "ready> unpack", "the line")
        shell.wait(lambda _: left_behind(home) == [], "its files gone")


@pytest.mark.parametrize("broken", ["unasked", "no tmux", "no popup"])
def test_else_it_opens_under_the_prompt(
    broken: str, kind: str, home: Home, fake: FakeDaemon
) -> None:
    env = {} if broken == "unasked" else {"DEJA_POPUP": "1"}
    if broken == "no tmux":
        env["PATH"] = str(home.work)
    if broken == "no popup":
        program = home.work / "tmux"
        program.write_text("#!/bin/sh\necho 'unknown command: display-popup' >&2\nexit 1\n")
        program.chmod(0o755)
        env["PATH"] = f"{home.work}:/usr/bin:/bin"
    with tmux(kind, home, **env) as shell:
        shell.send("unpack" + KEY)
        opened(shell, "1 of 4")
        assert EDGE not in shell.picture()
        shell.send(ENTER)
        shell.wait_line("tar -xzf backup.tgz")
        assert left_behind(home) == []


def test_outside_tmux_there_is_none(kind: str, home: Home, fake: FakeDaemon) -> None:
    with shells.start(kind, home, env={"DEJA_POPUP": "1"}) as shell:
        shell.send("unpack" + KEY)
        opened(shell, "1 of 4")
        shell.send(ENTER)
        shell.wait_line("tar -xzf backup.tgz")
