"""Where the shells and history tools of this machine keep their histories.

Reads start-up files for HISTFILE, but runs nothing.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.histfiles.formats import HistoryFileError, detect

_STARTUP_FILES = (".zshenv", ".zprofile", ".zshrc", ".bashrc", ".bash_profile", ".profile")
_HISTFILE = re.compile(rb"^[ \t]*(?:export[ \t]+)?HISTFILE=([^\s;#]+)", re.MULTILINE)
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::-([^}$]*))?\})")


@dataclass(frozen=True)
class Source:
    """A history file found on this machine, and its format: one of formats.FORMATS."""

    path: Path
    format: str


def sources_here() -> list[Source]:
    """`sources` of this user, on this machine."""
    return sources(os.environ, Path.home())


def sources(environ: Mapping[str, str], home: Path) -> list[Source]:
    """The history files that exist, are not empty and can be read; each file once."""
    found: list[Source] = []
    seen: set[tuple[int, int]] = set()
    for path in _candidates(environ, home):
        try:
            stat = path.stat()
            if not path.is_file() or not stat.st_size or (stat.st_dev, stat.st_ino) in seen:
                continue
            found.append(Source(path, detect(path)))
            seen.add((stat.st_dev, stat.st_ino))
        except (OSError, ValueError, HistoryFileError):
            continue
    return found


def _candidates(environ: Mapping[str, str], home: Path) -> Iterator[Path]:
    """Where histories may be: what the environment names first, then the usual places."""
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local/share")
    state = Path(environ.get("XDG_STATE_HOME") or home / ".local/state")
    cache = Path(environ.get("XDG_CACHE_HOME") or home / ".cache")
    zdotdir = Path(environ.get("ZDOTDIR") or home)
    if histfile := environ.get("HISTFILE"):
        yield Path(histfile)
    yield from _configured(environ, home, zdotdir)
    for directory in dict.fromkeys((zdotdir, home)):
        yield from (directory / name for name in (".zsh_history", ".zhistory", ".histfile"))
    yield from (root / "zsh/history" for root in (data, state, cache))
    yield home / ".bash_history"
    yield from (root / "bash/history" for root in (data, state, cache))
    yield from sorted((data / "fish").glob("*_history"))
    yield from sorted((data / "powershell/PSReadLine").glob("*_history.txt"))
    yield from _of_other_shells(environ, home, data)
    yield from _databases(environ, home, data)


def _of_other_shells(environ: Mapping[str, str], home: Path, data: Path) -> Iterator[Path]:
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    for root in (config, home / "Library/Application Support"):
        yield from (root / "nushell" / name for name in ("history.sqlite3", "history.txt"))
    xonsh = Path(environ.get("XONSH_DATA_DIR") or data / "xonsh")
    yield xonsh / "xonsh-history.sqlite"
    for folder in (xonsh, xonsh / "history_json"):
        yield from sorted(folder.glob("xonsh-*.json"))
    yield data / "resh/history.reshjson"
    yield home / ".resh_history.json"


def _databases(environ: Mapping[str, str], home: Path, data: Path) -> Iterator[Path]:
    yield Path(environ.get("ATUIN_DB_PATH") or data / "atuin/history.db")
    yield data / "mcfly/history.db"
    yield home / "Library/Application Support/McFly/history.db"
    yield home / ".mcfly/history.db"
    yield home / environ.get("HISHTORY_PATH", ".hishtory") / ".hishtory.db"
    yield Path(environ.get("HISTDB_FILE") or home / ".histdb/zsh-history.db")


def _configured(environ: Mapping[str, str], home: Path, zdotdir: Path) -> Iterator[Path]:
    """Values of HISTFILE in the start-up files: shells do not export it, so we look there."""
    for path in [directory / name for directory in {zdotdir, home} for name in _STARTUP_FILES]:
        try:
            text = path.read_bytes()
        except OSError:
            continue
        for match in _HISTFILE.finditer(text):
            if expanded := _expand(os.fsdecode(match[1]), environ, home, zdotdir):
                yield expanded


def _expand(value: str, environ: Mapping[str, str], home: Path, zdotdir: Path) -> Path | None:
    """The path a shell makes of `value`; None if that takes more than plain variables."""
    known = {**environ, "HOME": str(home), "ZDOTDIR": str(zdotdir)}
    value = value.strip("\"'")
    if value.startswith("~/"):
        value = f"{home}/{value[2:]}"
    value = _VARIABLE.sub(lambda match: known.get(match[1] or match[2]) or match[3] or "", value)
    return Path(value) if value.startswith("/") and "$" not in value else None
