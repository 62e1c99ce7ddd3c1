"""Where a command of deja's is asked from, as requests say it."""

import os
from pathlib import Path

from backend.commands.shared.asking import WrongUsage
from backend.config import Config
from backend.wire import protocol


def place(settings: Config) -> protocol.Fields:
    """The fields `cwd` and `session`. WrongUsage if the present directory is gone."""
    try:
        cwd = str(Path.cwd())
    except OSError:
        raise WrongUsage("the present directory is gone; run: cd") from None
    return [("cwd", cwd), ("session", session(settings.spool_dir, os.getppid()))]


def session(spool_dir: Path, shell: int) -> str:
    """The session of the process `shell`: shells export nothing, but each one's spool file has its
    process id in its name. Empty if there is none, as before a shell's first command.
    """
    named = os.environ.get("DEJA_SESSION", "")
    files = [] if named else spool_dir.glob(f"[!.]*.{shell}.*")
    return named or max((file.name for file in files), key=_began, default="")


def _began(name: str) -> int:
    began = name.rpartition(".")[2]
    return int(began) if began.isdecimal() else 0
