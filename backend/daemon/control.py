"""The one daemon of a data directory, from outside: started, found well, replaced, stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from backend import __version__
from backend.daemon import deaths, lock
from backend.wire import client, protocol
from backend.wire.environment import clean

if TYPE_CHECKING:
    from backend.config import Config

# Long enough for a daemon on a loaded machine to be up and answering.
START_TIMEOUT_S = 15.0

# `ping` is answered at once whatever else there is to do: later than this, it is wedged.
PING_S = 5.0

# One that said it would end has things to put down; one that says nothing has only to die.
ENDING_S = 10.0
TERM_S = 2.0
KILL_S = 5.0


class Stuck(Exception):
    """A process that not even SIGKILL ends."""


def connect_or_start(config: Config, app: Path) -> client.Connection:
    """A connection to a daemon that answers and is not older than this program.

    Starts one if there is none; replaces one that is wedged or older. Raises Unavailable, with
    the reason, if there is none in the end.
    """
    with contextlib.suppress(client.Unavailable):
        return answering(config)
    if lock.holder(config.lock_file) == pid(config):
        with contextlib.suppress(Stuck):
            stop(config)
    return start(config, app)


def answering(config: Config) -> client.Connection:
    """A connection to the daemon, which has answered on it. Raises Unavailable."""
    version = client.rendezvous(config.rendezvous_file).get("version", "")
    if _number(version) < _number(__version__):
        raise client.Unavailable(f"the daemon is of version {version}; run: deja restart")
    connection = client.connect(config.rendezvous_file)
    try:
        connection.ask(protocol.request("ping"), PING_S)
    except client.Refused as error:
        connection.close()
        raise client.Unavailable(str(error)) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _number(version: str) -> list[int]:
    """Newer is greater. Only what is older is replaced: two installs of one history would
    otherwise end each other's daemon for ever.
    """
    return [int(part) for part in version.split(".") if part.isdigit()]


def start(config: Config, app: Path) -> client.Connection:
    """Start a daemon, unless too many have died, and connect to it. Raises Unavailable.

    Where the system runs it as a service, the system starts it.
    """
    from backend.daemon.service import installed

    if deaths.wait_s(config.starts_file):
        story = deaths.story(config.starts_file)
        raise client.Unavailable(f"{story}, or run: deja restart")
    child = None if installed.start(config.data_dir) else spawn(app)
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        with contextlib.suppress(client.Unavailable):
            return client.connect(config.rendezvous_file)
        status = child.poll() if child else None
        if child and status:
            raise client.Unavailable(f"no daemon could be started: {_reason(child)}")
        if status == 0:
            # Another one holds the lock: it is about to answer, or about to be gone.
            time.sleep(0.1)
            child = spawn(app)
        time.sleep(0.02)
    raise client.Unavailable("no daemon could be started; see: deja logs")


def spawn(app: Path) -> subprocess.Popen[bytes]:
    """Start a daemon in its own session, with no terminal; do not wait for it."""
    return subprocess.Popen(
        [sys.executable, "-I", str(app), "daemon"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd="/",
        env=clean(os.environ),
        start_new_session=True,
    )


def _reason(child: subprocess.Popen[bytes]) -> str:
    """The last line that a daemon wrote before it ended."""
    lines = child.stderr.read().decode(errors="replace").splitlines() if child.stderr else []
    return lines[-1] if lines else f"it ended with status {child.returncode}; see: deja logs"


def stop(config: Config) -> bool:
    """Have the daemon end, killed if nothing else helps; False if none runs. Raises Stuck."""
    holder = lock.holder(config.lock_file)
    if holder is None:
        _remove_rendezvous(config)
        return False
    steps = [(signal.SIGTERM, TERM_S), (signal.SIGKILL, KILL_S)]
    if _ask_to_stop(config) and _has_ended(config, holder, ENDING_S):
        return True
    for number, patience in steps:
        with contextlib.suppress(ProcessLookupError):
            os.kill(holder, number)
        if _has_ended(config, holder, patience):
            _remove_rendezvous(config)
            return True
    raise Stuck(f"the daemon (pid {holder}) does not end; run: kill -9 {holder}")


def _ask_to_stop(config: Config) -> bool:
    try:
        with client.connect(config.rendezvous_file, timeout=1.0) as connection:
            connection.ask(protocol.request("stop"), timeout=1.0)
    except (client.Unavailable, client.Refused):
        return False
    return True


def _has_ended(config: Config, holder: int, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if lock.holder(config.lock_file) != holder:
            return True
        time.sleep(0.02)
    return False


def _remove_rendezvous(config: Config) -> None:
    """One that was killed could not tidy up behind itself."""
    if lock.holder(config.lock_file) is None:
        with contextlib.suppress(OSError):
            config.rendezvous_file.unlink(missing_ok=True)


def pid(config: Config) -> int:
    """The daemon's process id, as it wrote it down, or 0."""
    try:
        text = client.rendezvous(config.rendezvous_file).get("pid", "")
    except client.Unavailable:
        return 0
    return int(text) if text.isascii() and text.isdigit() else 0
