"""config.toml, read and written whole."""

import os
import tempfile
from pathlib import Path

from backend.commands.quick.places import places
from backend.commands.shared.asking import WrongUsage


class NotWritten(Exception):
    """The file could not be written; the text is one line."""


def config_file() -> Path:
    """Where it is, or would be."""
    from backend import config

    found = places()
    return Path(found[0]) if found else config.load().config_file


def read(path: Path) -> str:
    """Its text; empty if there is none. WrongUsage if it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUsage(f"cannot read {path}: {error}; mend it or move it away") from error


def write(path: Path, text: str) -> None:
    """Put it in place of what is there, whole or not at all; a link stays one.

    Raises NotWritten.
    """
    try:
        target = path.resolve()
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
            try:
                os.fchmod(file.fileno(), mode)
                file.write(text.encode("utf-8"))
                file.flush()
                Path(file.name).replace(target)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise NotWritten(
            f"cannot write {path}: {error.strerror}; mend that, run it again"
        ) from error
