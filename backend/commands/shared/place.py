"""Where a command of deja's is asked from, as requests say it."""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.config import Config
    from backend.wire import protocol


def place(settings: "Config") -> "protocol.Fields":
    """The fields `cwd` and `session`. WrongUsage if the present directory is gone."""
    try:
        return fields(settings.spool_dir)
    except OSError:
        from backend.commands.shared.asking import WrongUsage

        raise WrongUsage("the present directory is gone; run: cd") from None


def fields(spool_dir: "str | os.PathLike[str]") -> "protocol.Fields":
    """The same. Raises OSError if the present directory is gone."""
    return [("cwd", os.getcwd()), ("session", session(spool_dir, os.getppid()))]


def session(spool_dir: "str | os.PathLike[str]", shell: int) -> str:
    """The session of the process `shell`: shells export nothing, but each one's spool file has its
    process id in its name. Empty if there is none, as before a shell's first command.
    """
    named = os.environ.get("DEJA_SESSION", "")
    return named or max(_files(spool_dir, f".{shell}."), key=_began, default="")


def _files(spool_dir: "str | os.PathLike[str]", part: str) -> list[str]:
    """The spool files with this in their name, behind the host's."""
    try:
        return [name for name in os.listdir(spool_dir) if name[0] != "." and name.find(part) > 0]
    except OSError:
        return []


def _began(name: str) -> int:
    began = name.rpartition(".")[2]
    return int(began) if began.isdecimal() else 0
