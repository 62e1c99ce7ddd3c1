"""The daemon itself. Without click, which it would hold in memory for as long as it lives."""

import importlib
import os
import sys
from pathlib import Path

from backend import config
from backend.commands.shared.output import say
from backend.daemon.service import notify
from backend.wire.environment import clean

# Exit codes of wrong usage, and of a daemon that cannot be one.
_WRONG, _NONE = 2, 3
_APP = Path(__file__).resolve().parent.parent.parent / "app.py"


def run() -> int:
    """Be the daemon, in the foreground; the exit code."""
    _leave_environment()
    _import_asyncio()
    import sqlite3

    from backend.daemon import life
    from backend.daemon.lock import AlreadyRunning
    from backend.system.private import UnsafeDirectory

    try:
        settings = config.load()
    except config.ConfigError as error:
        say(str(error), err=True)
        return _WRONG
    try:
        life.run(settings)
    except AlreadyRunning as error:
        say(str(error))
    except UnsafeDirectory as error:
        say(str(error), err=True)
        return _NONE
    except (OSError, sqlite3.Error) as error:
        say(f"cannot open the history in {settings.data_dir}: {error}", err=True)
        return _NONE
    return 0


def _leave_environment() -> None:
    """Begin again with the environment of a daemon: the system shows what a process began with."""
    needed = clean(os.environ) | notify.variables(os.environ)
    if needed != dict(os.environ):
        os.execve(sys.executable, [sys.executable, "-I", str(_APP), "daemon"], needed)


def _import_asyncio() -> None:
    """Without OpenSSL's connections, which it would load though the daemon makes none by asyncio.
    What needs them later can import them.
    """
    sys.modules["ssl"] = None  # type: ignore[assignment]
    importlib.import_module("asyncio")
    del sys.modules["ssl"]
