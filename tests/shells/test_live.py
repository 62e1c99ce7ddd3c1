"""From the key to the disk: real shells, the real hooks, the real daemon."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.install import Deja, wait_until
from support.paths import APP, ROOT
from support.shells import KEPT, PROGRAM, RC, SET_PROMPT, Shell

from backend.redaction.formats import table
from backend.redaction.mask import NOT_FOUND, redact
from scripts.quality.measure_redaction import secrets

PLUGINS = ROOT / "shell_plugin"
PRIVATE = {
    "MYSQL_PWD": "zqExported1",
    "READLINE_LINE": "typed zqExported2",
    "DEJA_PICK_QUERY": "typed zqExported3",
}


class Live:
    """An install of this tree, and shells that use it."""

    def __init__(self, deja: Deja, kind: str) -> None:
        self.deja, self.kind = deja, kind
        self.history = deja.home / KEPT[kind]
        self.bin = deja.home / "bin"
        self.bin.mkdir()
        launcher = self.bin / "deja"
        launcher.write_text(f"#!/bin/sh\nexec '{sys.executable}' -I '{APP}' \"$@\"\n")
        launcher.chmod(0o755)
        deja.config.data_dir.mkdir(parents=True, mode=0o700)
        env = deja.config.data_dir / "env.sh"
        env.write_text(f"_deja_python='{sys.executable}'\n_deja_app='{ROOT}'\n")
        env.chmod(0o600)

    def shell(self, before: str = "", env: dict[str, str] | None = None) -> Shell:
        keep = {
            "zsh": "HISTFILE=~/.kept HISTSIZE=9999; SAVEHIST=9999\n"
            "setopt inc_append_history no_bang_hist",
            "bash": "HISTFILE=~/.kept HISTSIZE=9999; PROMPT_COMMAND='history -a'; HISTCONTROL=\n"
            "set +H; bind 'set enable-bracketed-paste off'",
            "fish": "",
        }[self.kind]
        rc = self.deja.home / RC[self.kind]
        rc.parent.mkdir(parents=True, exist_ok=True)
        plugin = PLUGINS / f"deja.{self.kind}"
        rc.write_text(f"{SET_PROMPT[self.kind]}\n{keep}\n{before}\nsource '{plugin}'\n")
        paths = f"{self.bin}:/usr/local/bin:/usr/bin:/bin"
        more = {"TERM": "xterm-256color", "PATH": paths, **(env or {})}
        shell = Shell([PROGRAM[self.kind], "-i"], {**self.deja.env, **more}, self.deja.home, 200)
        shell.wait_prompt()
        return shell

    def settle(self) -> None:
        """Until the daemon has taken in what was typed and wiped it from the spool."""
        wait_until(self.deja.is_up, "the daemon")
        self.deja.ask("refresh")
        wait_until(lambda: not self.unwiped(), "the wipe")

    def unwiped(self) -> list[Path]:
        """Files of the spool with text behind the head by which a file is known."""
        files = self.deja.config.spool_dir.glob("[!.]*")
        return [file for file in files if file.read_bytes()[31:].strip(b"\0")]

    def at_rest(self) -> bytes:
        """Everything that deja has written."""
        return b"".join(path.read_bytes() for path in self.deja.root.rglob("*") if path.is_file())


@pytest.fixture
def live(deja: Deja, kind: str) -> Live:
    return Live(deja, kind)


FORGET = [
    "deja forget -y './deploy.sh zqSecret{}'",
    " deja forget -y './deploy.sh zqSecret{}'",
    "command deja forget -y --containing zqSecret{}",
    "\"deja\" forget -y --containing 'zqSecret{}'",
    "away -y --containing zqSecret{}",
    "eval $FORGET -y --containing zqSecret{}",
]


def test_what_is_forgotten_is_gone(live: Live) -> None:
    """The last two, an alias and a variable, no hook can see: the daemon learns of their shell."""
    name = "set -g FORGET deja forget" if live.kind == "fish" else "FORGET='deja forget'"
    shell = live.shell(f"alias away='deja forget'; {name}")
    try:
        shell.run("echo first")
        for number, _ in enumerate(FORGET):
            shell.run(f"./deploy.sh zqSecret{number}")
        live.settle()
        assert len(live.deja.search("zqSecret")) == len(FORGET)
        for number, form in enumerate(FORGET):
            shell.run(form.format(number))
            assert "1 forgotten" in shell.picture()
            shell.run("clear")
        if live.kind == "fish":
            # Its hook knows the second alone: what ran in that of `forget` is left out with it.
            time.sleep(1.1)
        shell.run("echo last")
        live.settle()
    finally:
        shell.close()
    assert live.deja.search("zqSecret") == []
    assert {"echo first", "echo last"} <= set(live.deja.search("echo"))
    live.deja.stop()
    assert b"zqSecret" not in live.at_rest()
    typed = live.history.read_text()
    assert "echo last" in typed
    hidden = [line for line in typed.splitlines() if "forget" in line]
    assert hidden == [line for line in hidden if "$FORGET" in line]


def samples() -> list[tuple[str, str]]:
    """Value and command of each group: own samples, bare tokens, other languages, prompts."""
    own = [(s.secret or "", s.command) for s in secrets("tuned")[::4] if "\n" not in s.command]
    chance = random.Random("live")
    some = [format for format in table() if format.body.count("{") == 1 and "{a" in format.body]
    letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    bare = []
    for format in chance.sample(some, 12):
        size = int("".join(filter(str.isdigit, format.body.split("{a")[1].split("-")[0])))
        value = "".join(chance.choices(letters, k=size))
        bare.append((value, f"./deploy.sh prod {format.prefix.lstrip('…')}{value}"))
    return [
        *own,
        *bare,
        ("Vq8rT2mLx04Zk9", "python3 -c \"db(password='Vq8rT2mLx04Zk9')\""),
        (
            "Wm7pN3kJs18Qd5",
            'node -e \'login({auth: "Wm7pN3kJs18Qd5", password: "Wm7pN3kJs18Qd5"})\'',
        ),
        ("Bz5hG9wCt62Ry1", "DB_PW=Bz5hG9wCt62Ry1"),
        ("kX2vF8nLq91Tz6mPd3", "./run kX2vF8nLq91Tz6mPd3"),
        ("Violetcomet7026", "Violetcomet7026 ls"),
    ]


def test_no_secret_that_is_typed_is_at_rest(live: Live) -> None:
    found = samples()
    assert len(found) > 40
    shell = live.shell()
    try:
        shell.run("echo first")
        shell.run("set PATH /nonexistent" if live.kind == "fish" else "PATH=/nonexistent")
        for _, command in found:
            shell.run(command)
        live.settle()
        # Those that differ in the value alone are one.
        distinct = {redact(command, NOT_FOUND) for _, command in found}
        assert int(live.deja.status()["commands"]) >= len(distinct)
    finally:
        shell.close()
    live.deja.stop()
    rest = live.at_rest()
    assert [command for value, command in found if value.encode() in rest] == []


def environment(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


def by_command(live: Live) -> None:
    subprocess.run([str(live.bin / "deja"), "start"], env={**live.deja.env, **PRIVATE}, check=True)


def by_hook(live: Live) -> None:
    shell = live.shell(env=PRIVATE)
    wait_until(live.deja.is_up, "the daemon")
    shell.close()


def by_picker(live: Live) -> None:
    start = "import sys; sys.path.insert(0, sys.argv[1])\n" + (
        "from shell_plugin.pick.answers.launch import start_daemon; start_daemon()"
    )
    picker = [sys.executable, "-I", "-S", "-c", start, str(ROOT)]
    subprocess.run(picker, env={**live.deja.env, **PRIVATE}, check=True)


def in_the_foreground(live: Live) -> None:
    live.deja.env |= PRIVATE
    live.deja.spawn()


@pytest.mark.parametrize("way", [by_command, by_hook, by_picker, in_the_foreground])
def test_a_daemon_keeps_no_environment(live: Live, way: Callable[[Live], None]) -> None:
    way(live)
    wait_until(live.deja.is_up, "the daemon")
    found = environment(live.deja.pid)
    assert b"zqExported" not in found
    assert os.fsencode(live.deja.root) in found


def test_doctor_types_into_the_shell_and_finds_what_it_typed(live: Live) -> None:
    live.deja.start()
    result = live.deja("doctor")
    assert f"{live.kind} hook" in result.stdout
    hook = next(line for line in result.stdout.splitlines() if f"{live.kind} hook" in line)
    assert hook.startswith("ok"), result.stdout
    assert live.deja.search("doctor") == live.deja.search("exit") == []
    live.settle()
    live.deja.stop()
    assert b"deja-doctor" not in live.at_rest()
