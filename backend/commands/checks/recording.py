"""A command typed in a real shell, recorded by its hook, found by the daemon, and forgotten."""

import contextlib
import os
import pty
import select
import shlex
import signal
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from backend.commands.checks.finding import Finding
from backend.commands.shared.asking import APP, TIMEOUT_S
from backend.config import Config
from backend.system import pauses
from backend.wire import client, protocol
from backend.wire.row import rows

PLUGINS = APP.parent.parent / "shell_plugin"

# A shell that starts, runs `true` and ends; start-up files of the user are not read.
SHELL_S = 10.0


def check(settings: Config, shell: str, program: str) -> Finding:
    """Whether what is typed in `shell` comes back from a search."""
    if pauses.ALL in pauses.running(str(settings.data_dir)):
        return Finding(f"{shell} hook", True, "not tried: all shells are paused")
    name, typed = f"{shell} hook", f"true deja-doctor-{uuid.uuid4().hex[:12]}"
    try:
        _type(settings, shell, program, typed)
        with closing(client.connect(settings.rendezvous_file)) as connection:
            found = _found(connection, typed)
            if found:
                _forget(connection, settings, typed)
    except OSError as error:
        return Finding(name, False, f"{program} could not be run ({error.strerror})")
    except (client.Unavailable, client.Refused):
        return Finding(name, False, "not tried: no daemon answers", "deja start")
    if found:
        return Finding(name, True, "a command was typed, recorded, found and forgotten")
    return Finding(
        name, False, "a command was typed and is not found: nothing is recorded", "deja logs"
    )


def _type(settings: Config, shell: str, program: str, typed: str) -> None:
    """Have a shell on a terminal of its own run one line. Raises OSError."""
    with tempfile.TemporaryDirectory(prefix="deja-doctor-") as directory:
        arguments, more = _started(shell, Path(directory))
        # The daemon of these settings, and every line kept but the one that ends the shell.
        environment = {**os.environ, **more, "TERM": "dumb", "DEJA_IGNORE": "exit"}
        environment["DEJA_PRIVATE"] = "0"
        pid, terminal = pty.fork()
        if pid == 0:
            with contextlib.suppress(OSError):
                os.execve(program, [shell, *arguments], environment)
            os._exit(127)
        try:
            os.write(terminal, f"{typed}\nexit\n".encode())
            _drain(terminal, time.monotonic() + SHELL_S)
        finally:
            os.close(terminal)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _started(shell: str, folder: Path) -> tuple[list[str], dict[str, str]]:
    """Arguments and variables for a shell that loads the plugin and no file of the user's, and that
    keeps its own history in `folder`.
    """
    plugin = shlex.quote(str(PLUGINS / f"deja.{shell}"))
    if shell == "fish":
        rc = folder / "fish" / "config.fish"
        rc.parent.mkdir()
        # They are fish's, for its files; what the plugin finds by them is the user's.
        names = "XDG_CONFIG_HOME", "XDG_DATA_HOME"
        own = [(name, os.environ.get(name)) for name in names]
        lines = [f"set -gx {n} {shlex.quote(v)}" if v else f"set -e {n}" for n, v in own]
        rc.write_text("\n".join([*lines, f"source {plugin}", ""]))
        return ["-i"], dict.fromkeys(names, str(folder))
    rc = folder / ".zshrc"
    history = shlex.quote(str(folder / "history"))
    rc.write_text(f"HISTFILE={history} HISTSIZE=100\nPS1='> '\n. {plugin}\n")
    if shell == "zsh":
        return ["-d", "-i"], {"ZDOTDIR": str(folder)}
    return ["--noprofile", "--rcfile", str(rc), "-i"], {}


def _drain(terminal: int, deadline: float) -> None:
    """Read what a shell prints until it ends."""
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                if not os.read(terminal, 4096):
                    return
            except OSError:
                return


def _found(connection: client.Connection, typed: str) -> bool:
    query = ("query", f'"{typed}"'), ("mode", protocol.TEXT), ("limit", 5)
    reply = connection.ask(protocol.request("search", *query), TIMEOUT_S)
    return any(found.command == typed for found in rows(reply))


def _forget(connection: client.Connection, settings: Config, typed: str) -> None:
    ids = [("id", id) for id in _ids(settings, typed)]
    connection.ask(protocol.request("forget", *ids), TIMEOUT_S)


def _ids(settings: Config, typed: str) -> Iterator[int]:
    from backend.commands.shared.reading import open_store

    with open_store(settings) as db:
        yield from (id for (id,) in db.execute("SELECT id FROM commands WHERE text = ?", (typed,)))
