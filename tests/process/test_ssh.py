"""deja ssh to a real sshd on this machine: another HOME stands for the other machine."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.install import Deja, wait_until
from support.paths import APP
from support.shells import PROMPT, Shell

SSHD = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin") or "sshd"

SERVER = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/key
AuthorizedKeysFile {folder}/key.pub
PidFile none
UsePAM no
StrictModes no
SetEnv HOME="{home}" SHELL=/bin/{shell} TMPDIR={folder}
"""
CLIENT = """\
Host far
  HostName 127.0.0.1
  Port {port}
  IdentityFile {folder}/key
  IdentitiesOnly yes
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
"""


@dataclass
class Far:
    """The other machine, and this one's ssh settings for it."""

    home: Path
    client: Path

    def left(self) -> list[Path]:
        """What deja has put there."""
        return sorted(self.home.glob(".deja*"))


@pytest.fixture
def far(tmp_path: Path, kind: str) -> Iterator[Far]:
    folder, home = tmp_path / "ssh", tmp_path / "far"
    folder.mkdir()
    home.mkdir()
    (home / ".bash_profile").write_text(f"echo a greeting; PS1='{PROMPT}'\n")
    (home / ".zshrc").write_text(f"echo a greeting; PS1='{PROMPT}'\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "key"], check=True
    )
    names = {"port": port, "folder": folder, "home": home, "shell": kind}
    (folder / "server").write_text(SERVER.format(**names))
    (folder / "client").write_text(CLIENT.format(**names))
    Path("/run/sshd").mkdir(exist_ok=True)
    server = subprocess.Popen(
        [SSHD, "-D", "-e", "-f", folder / "server"], stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: _answers(port), "sshd")
        yield Far(home, folder / "client")
    finally:
        server.kill()
        server.wait()


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def opened(deja: Deja, far: Far, *arguments: str) -> Shell:
    argv = [sys.executable, "-I", str(APP), "ssh", "-F", str(far.client), *arguments, "far"]
    shell = Shell(argv, {**deja.env, "TERM": "xterm-256color"}, deja.home)
    shell.wait_prompt()
    return shell


def ended(shell: Shell) -> int:
    while shell.pump(1):
        pass
    shell.child.wait()
    return int(shell.child.exitstatus or 0)


def test_what_is_typed_there_is_found_here(daemon: Deja, far: Far) -> None:
    shell = opened(daemon, far)
    assert "a greeting" in shell.picture()
    shell.run("cd /tmp")
    shell.run("false")
    shell.run("echo --password=hunter2hunter2")
    shell.send("exit 3\r")
    assert ended(shell) == 3
    assert "of far can be found here" in shell.picture()
    found = json.loads(daemon("search", "--json", "host:far false").stdout)["results"]
    assert [(row["command"], row["exit"], row["cwd"], row["host"]) for row in found] == [
        ("false", 1, "/tmp", "far")
    ]
    assert daemon.search("host:far hunter2") == []
    assert daemon.search("host:far password") != []
    assert far.left() == []


def test_what_a_broken_connection_left_comes_with_the_next(daemon: Deja, far: Far) -> None:
    shell = opened(daemon, far)
    shell.run("echo before the cable")
    shell.child.kill(signal.SIGKILL)
    shell.close()
    assert far.left() != []
    after = opened(daemon, far)
    after.run("echo behind it")
    after.send("exit\r")
    assert ended(after) == 0
    assert set(daemon.search("host:far echo")) == {"echo before the cable", "echo behind it"}
    wait_until(lambda: far.left() == [], "an empty home there")


def test_two_shells_there_at_once_take_nothing_from_each_other(daemon: Deja, far: Far) -> None:
    first, second = opened(daemon, far), opened(daemon, far)
    first.run("echo first")
    second.run("echo second")
    first.send("exit\r")
    assert ended(first) == 0
    second.run("echo third")
    second.send("exit\r")
    assert ended(second) == 0
    assert set(daemon.search("host:far echo")) == {"echo first", "echo second", "echo third"}
    assert far.left() == []


def test_no_connection_is_an_error_of_one_line(daemon: Deja) -> None:
    done = daemon("ssh", "-o", "BatchMode=yes", "-p", "1", "127.0.0.1")
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1].startswith("ssh ended with 255; ")
    command = daemon("ssh", "far", "uptime")
    assert "takes no command" in command.stderr
