"""Which lines are history, whatever way they came; the hooks ask the same of what is typed."""

import fnmatch
import re
from collections.abc import Iterable
from pathlib import Path

from backend.config import Config
from backend.wire.record import Record

_OWN = re.compile(r"\s*(?:\S*/)?deja(?=\s|$)")

# `deja forget`, whatever stands before it, with redirections between; quotes are gone by then.
_FORGET = re.compile(r"(?<![\w.-])deja(?:\s+[0-9&]*[<>]\S*)*\s+forget(?![\w-])")
_QUOTES = str.maketrans("", "", "'\"\\")


def is_wanted(command: str, config: Config, cwd: str | None = None) -> bool:
    """Whether the settings let a command that ran in `cwd` be kept; lines that forget never are."""
    if not command.strip() or names_forget(command):
        return False
    if (is_own(command) and not config.keep_own) or (command[0] == " " and config.ignore_space):
        return False
    if cwd and any(_is_below(cwd, directory) for directory in config.ignore_dirs):
        return False
    return not any(fnmatch.fnmatchcase(command, pattern) for pattern in config.ignore)


def _is_below(path: str, directory: str) -> bool:
    return Path(path).is_relative_to(Path(directory).expanduser())


def is_own(command: str) -> bool:
    """Whether a line runs deja itself: looking for a command is no command to look for."""
    return _OWN.match(command) is not None


def names_forget(command: str) -> bool:
    """Whether a line holds `deja forget` anywhere, however quoted: it names what is to be gone."""
    if "forget" not in command:
        return False
    plain = command.replace("\\\n", "").translate(_QUOTES)
    return _FORGET.search(plain) is not None


class OpenLines:
    """The lines that shells had open when they forgot something: those name what is gone."""

    def __init__(self) -> None:
        self._asked: dict[str, list[float]] = {}

    def add(self, shells: Iterable[int], now: float) -> None:
        """These processes have a line open at `now`, epoch seconds; some of them are shells."""
        for pid in shells:
            self._asked.setdefault(str(pid), []).append(now)

    def hold(self, record: Record) -> bool:
        """Whether a run was under way in a shell when that forgot something."""
        if not self._asked or record.start is None:
            return False
        host_and_pid = (record.session or "").rpartition(".")[0]
        times = self._asked.get(host_and_pid.rpartition(".")[2], ())
        # A hook that does not know how long a line took knows when it ended; that of fish knows
        # no more than the second of its start.
        end = record.start + (record.duration or 0.0) + (1.0 if record.shell == "fish" else 0.0)
        return any(record.start <= now <= end for now in times)
