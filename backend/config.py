"""Where everything is and how it is set: environment and TOML file, read once, frozen.

What can be set stands in settings.py. Loading makes no directory and writes nothing.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from backend import settings as known
from backend.settings import DEVICES, PRECISIONS, ConfigError

__all__ = ["DEVICES", "PRECISIONS", "Config", "ConfigError", "load"]


@dataclass(frozen=True)
class Config:
    """Every path and setting. Paths need not exist.

    ignore: glob patterns of commands not to keep. learn: whether what is picked comes first the
    next time. keep_own: whether deja's own commands are history, too. ignore_space: whether
    a line that begins with a space is none, whatever the shell is set to.
    """

    config_file: Path
    data_dir: Path
    log_dir: Path
    model_dir: Path
    device: str = DEVICES[0]
    precision: str = PRECISIONS[0]
    ignore: tuple[str, ...] = ()
    learn: bool = True
    keep_own: bool = False
    ignore_space: bool = False

    @property
    def spool_dir(self) -> Path:
        """One file per shell session, appended by the hooks, emptied by the daemon."""
        return self.data_dir / "spool"

    @property
    def store_file(self) -> Path:
        return self.data_dir / "history.db"

    @property
    def snapshots_dir(self) -> Path:
        """Copies of the store, as storage/snapshots.py takes them."""
        return self.data_dir / "snapshots"

    @property
    def text_file(self) -> Path:
        """The saved text index, for a fast start; made again when it is missing."""
        return self.data_dir / "text.index"

    @property
    def columns_file(self) -> Path:
        """What ranking needs of every command, saved for a fast start as `text_file` is."""
        return self.data_dir / "columns"

    @property
    def vectors_dir(self) -> Path:
        return self.data_dir / "vectors"

    @property
    def lock_file(self) -> Path:
        """Held by the one daemon of this data directory for as long as it lives."""
        return self.data_dir / "daemon.lock"

    @property
    def rendezvous_file(self) -> Path:
        """Fields `v`, `version`, `pid` and `socket` of the running daemon."""
        return self.data_dir / "daemon"

    @property
    def starts_file(self) -> Path:
        """Starts of daemons that died young."""
        return self.data_dir / "daemon.starts"

    @property
    def log_file(self) -> Path:
        return self.log_dir / "daemon.log"


def load() -> Config:
    """The configuration of this process.

    Raises ConfigError, naming file or variable, what is wrong and what is allowed.
    """
    home = os.environ.get("DEJA_HOME")
    if home:
        root = Path(home).expanduser().absolute()
        config_dir, data_dir, log_dir = root / "config", root / "data", root / "logs"
    else:
        dirs = platformdirs.PlatformDirs("deja", appauthor=False)
        config_dir, data_dir = Path(dirs.user_config_dir), Path(dirs.user_data_dir)
        log_dir = Path(dirs.user_log_dir)
    config_file = config_dir / "config.toml"
    found: dict[str, Any] = known.values(known.read_file(config_file), os.environ)
    model_dir = found.pop("model_dir")
    return Config(
        config_file=config_file,
        data_dir=data_dir,
        log_dir=log_dir,
        model_dir=Path(model_dir).expanduser().absolute() if model_dir else data_dir / "model",
        **found,
    )
