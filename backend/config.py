"""Where everything is and how it is set: environment and TOML file, read once, frozen.

What can be set stands in settings.py. Loading makes no directory and writes nothing.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend import settings as known
from backend.settings import DEVICES, PRECISIONS, ConfigError

__all__ = ["DEVICES", "PRECISIONS", "Config", "ConfigError", "load", "load_from", "places"]

# Most of the 8-bit model's operations have no kernel for a GPU.
PRECISION_OF = {"cpu": "int8", "cuda": "fp32"}


@dataclass(frozen=True)
class Config:
    """Every path and setting. Paths need not exist.

    ignore: glob patterns of commands not to keep. ignore_dirs: directories in which, and below
    which, none is kept; ~ is the home. learn: whether what is picked comes first the next time.
    keep_own: whether deja's own commands are history, too. ignore_space: whether a line that begins
    with a space is none, whatever the shell is set to. mcp: whether agents may ask `deja mcp`.
    """

    config_file: Path
    data_dir: Path
    log_dir: Path
    model_dir: Path
    device: str = DEVICES[0]
    precision: str = PRECISIONS[0]
    ignore: tuple[str, ...] = ()
    ignore_dirs: tuple[str, ...] = ()
    learn: bool = True
    keep_own: bool = False
    ignore_space: bool = False
    mcp: bool = False

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
    return load_from(*places())


def load_from(config_dir: Path, data_dir: Path, log_dir: Path) -> Config:
    """The configuration with these directories. Raises ConfigError."""
    config_file = config_dir / "config.toml"
    table = known.read_file(config_file)
    found: dict[str, Any] = known.values(table, os.environ)
    if known.source(known.of("precision"), table, os.environ) == known.DEFAULT:
        found["precision"] = PRECISION_OF[found["device"]]
    model_dir = found.pop("model_dir")
    return Config(
        config_file=config_file,
        data_dir=data_dir,
        log_dir=log_dir,
        model_dir=_model_dir(model_dir, data_dir),
        # Of a dotted name the last part.
        **{name.rpartition(".")[2]: value for name, value in found.items()},
    )


def places() -> tuple[Path, Path, Path]:
    """The directories of configuration, data and logs; below DEJA_HOME, if that is set.

    The plugins (record.zsh, record.bash) and scripts/install/places.sh find the same ones.
    """
    home = os.environ.get("DEJA_HOME")
    if not home:
        return _platform_places()
    root = Path(home).expanduser().absolute()
    return root / "config", root / "data", root / "logs"


def _platform_places() -> tuple[Path, Path, Path]:
    # Here, so that what was set up can be taken back where the runtime environment is broken.
    import platformdirs

    dirs = platformdirs.PlatformDirs("deja", appauthor=False)
    return Path(dirs.user_config_dir), Path(dirs.user_data_dir), Path(dirs.user_log_dir)


def _model_dir(named: str | None, data_dir: Path) -> Path:
    """The model that is named; else the first there is: of this data directory, of the wheel that
    this code came in, of this user's installation. `data_dir / "model"` if there is none.
    """
    if named:
        return Path(named).expanduser().absolute()
    own = data_dir / "model"
    in_the_wheel = Path(__file__).resolve().parent.parent / "model"
    for found in (own, in_the_wheel):
        if _is_model(found):
            return found
    installed = _platform_places()[1] / "model"
    return installed if _is_model(installed) else own


def _is_model(path: Path) -> bool:
    return (path / "manifest.json").is_file()
