"""The start-up files of shells: which there are, and the line for each."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHELLS = ("zsh", "bash", "fish")
STRATEGY = "ZSH_AUTOSUGGEST_STRATEGY=(deja history)"

# Start-up files of a user say what they like; they must not hold up a set-up.
_ASKING_S = 10.0


@dataclass(frozen=True)
class RcFile:
    """The start-up file of one shell, which need not exist."""

    shell: str
    path: Path

    def line(self, app: Path, suggest: bool = False) -> str:
        """What loads the plugin of the program in `app`; gives new shells this DEJA_HOME, too."""
        plugin = shlex.quote(str(app / "shell_plugin" / f"deja.{self.shell}"))
        if self.shell == "fish":
            return f"{home_line('fish')}test -r {plugin}; and source {plugin}"
        strategy = f"{STRATEGY} && " if suggest else ""
        return f"{home_line()}[ -r {plugin} ] && {strategy}. {plugin}"

    def loads_suggestions(self) -> bool:
        return self.shell == "zsh" and b"zsh-autosuggestions" in self._read()

    def has_strategy(self) -> bool:
        """Whether a line of ours sets it already."""
        lines = self._read().splitlines()
        return any(STRATEGY.encode() in line and b"# deja" in line for line in lines)

    def _read(self) -> bytes:
        return self.path.read_bytes() if self.path.is_file() else b""


def home_line(shell: str = "sh") -> str:
    """What gives a new shell the DEJA_HOME of this one, unless it has its own; ends in a blank."""
    home = os.environ.get("DEJA_HOME")
    if not home:
        return ""
    path = shlex.quote(str(Path(home).expanduser().absolute()))
    if shell == "fish":
        return f"set -q DEJA_HOME; or set -gx DEJA_HOME {path}; "
    return f'[ -n "${{DEJA_HOME-}}" ] || export DEJA_HOME={path}; '


def to_edit(shell: str | None) -> list[RcFile]:
    """Of `shell`, of "all" shells, or (None) of bash and of zsh and fish where they are here."""
    files = []
    zsh_is_here = shutil.which("zsh") or (Path.home() / ".zshrc").exists()
    if shell in ("all", "zsh") or (shell is None and zsh_is_here):
        files.append(RcFile("zsh", _zsh_dir() / ".zshrc"))
    if shell in (None, "all", "bash"):
        files.append(RcFile("bash", _bash_rc()))
    if shell in ("all", "fish") or (shell is None and shutil.which("fish")):
        files.append(RcFile("fish", _fish_rc()))
    return files


def to_clear() -> Iterator[Path]:
    """Every file that may hold a line of ours."""
    home = Path.home()
    names = (".zshrc", ".bashrc", ".bash_profile")
    known = (_zsh_dir() / ".zshrc", *(home / name for name in names), _fish_rc())
    yield from dict.fromkeys(known)


def _fish_rc() -> Path:
    config = os.environ.get("XDG_CONFIG_HOME")
    return (Path(config) if config else Path.home() / ".config") / "fish" / "config.fish"


def _zsh_dir() -> Path:
    """ZDOTDIR is often set in .zshenv and not exported: then only a zsh knows it."""
    found, zsh = os.environ.get("ZDOTDIR", ""), shutil.which("zsh")
    if not found and zsh and (Path.home() / ".zshenv").exists():
        arguments = [zsh, "-c", 'print -r -- "deja:${ZDOTDIR-}"']
        try:
            done = subprocess.run(
                arguments, stdin=subprocess.DEVNULL, capture_output=True, timeout=_ASKING_S
            )
        except (OSError, subprocess.TimeoutExpired):
            return Path.home()
        for line in os.fsdecode(done.stdout).splitlines():
            if line.startswith("deja:"):
                found = line.removeprefix("deja:")
    return Path(found) if found else Path.home()


def _bash_rc() -> Path:
    """macOS's terminals start login shells, which read .bash_profile and not .bashrc."""
    rc, profile = Path.home() / ".bashrc", Path.home() / ".bash_profile"
    if sys.platform != "darwin" or (profile.is_file() and b"bashrc" in profile.read_bytes()):
        return rc
    return profile
