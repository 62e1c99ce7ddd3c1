"""Everything that was set up, taken back, byte for byte.

python undo.py [--purge]     also by an interpreter that has none of deja's dependencies
"""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

if not __package__:  # run as a file: make `backend` importable
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from backend.config import Config
from backend.daemon import control
from backend.daemon.service import installed
from backend.setup import folders, program, rc_files, rc_line

# Of the data directory, what can be made again; the history and what belongs to it is not named.
_MADE = (
    *("app", "app.new", "app.old", "bin", "downloads", "env.sh", "env.sh.new", ".env.sh.new"),
    *("export.??????", "install.lock", "paused", "runtime-*", "vectors"),
    *("daemon", "daemon.*", "text.index*", "columns*", "picker", "picker.*"),
)


class NotUndone(Exception):
    """It cannot be taken back; one line that says what, why and what to do."""


def undo(settings: Config, purge: bool) -> Iterator[str]:
    """Do it; a line for each thing that was done. Raises NotUndone."""
    data = settings.data_dir
    # A directory that only happens to have this name is left alone.
    if not any((data / name).exists() for name in (program.ENV, folders.LIST, "history.db")):
        raise NotUndone(
            f"nothing to uninstall: there is no deja in {data}; set DEJA_HOME if it is elsewhere"
        )
    try:
        if installed.is_of(data) and installed.remove():
            yield f"{installed.path()}: removed"
        control.stop(settings)
    except control.Stuck as error:
        raise NotUndone(str(error)) from error
    yield from _commands(data)
    yield from _lines()
    yield from _files(settings, purge)


def _commands(data: Path) -> Iterator[str]:
    for path in (Path.home() / ".local" / "bin" / "deja", data / "bin" / "deja"):
        if program.is_launcher(path):
            path.unlink()
            yield f"{path}: removed"
    if program.is_page(program.man_page()):
        program.man_page().unlink()


def _lines() -> Iterator[str]:
    for path in rc_files.to_clear():
        try:
            if rc_line.remove(path) == "removed":
                yield f"{path}: line removed"
        except OSError as error:
            raise NotUndone(
                f"{path} cannot be edited: {error.strerror}; "
                "delete its line that ends in '# deja' yourself, and run this again"
            ) from error


def _files(settings: Config, purge: bool) -> Iterator[str]:
    data, model = settings.data_dir, settings.model_dir
    made = folders.written_down(data)
    for pattern in _MADE:
        for path in data.glob(pattern):
            program.remove(path)
    program.remove(settings.log_dir)
    if model.is_symlink() or not any(model.glob("*")):
        program.remove(model)
    if purge:
        program.remove(data)
        program.remove(settings.config_file.parent)
        yield f"{data}: removed, with the history"
    else:
        kept = {settings.store_file: "your history", model: "the exported model"}
        there = {path: what for path, what in kept.items() if path.exists()}
        for path, what in there.items():
            yield f"{path}: {what}, kept (--purge removes it)"
        if not there:
            (data / folders.LIST).unlink(missing_ok=True)
    # A daemon that ran before the set-up made its log's directory without writing that down.
    for path in (*made, settings.log_dir.parent):
        if path in made or path.name == "deja":
            with contextlib.suppress(OSError):  # not empty: it is of use to others
                path.rmdir()


def main(arguments: list[str]) -> int:
    """Exit status 0, or 1 after one line on stderr."""
    config, data, logs = map(Path, arguments[:3])
    settings = Config(config / "config.toml", data, logs, data / "model")
    try:
        for line in undo(settings, "--purge" in arguments):
            print(f"  {line}")
    except NotUndone as error:
        print(f"deja: {error}", file=sys.stderr)
        return 1
    print("deja is gone. Shells that are open now keep it until they end.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
