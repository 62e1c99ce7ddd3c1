"""Where shells and their users find the program: `app` and `env.sh` in the data directory, and the
command `deja`.
"""

import os
import shlex
import shutil
import sys
from pathlib import Path

from backend.setup import folders
from backend.setup.rc_files import home_line

MARK = "# deja launcher"

APP, ENV = "app", "env.sh"
PAGE = "shell_plugin/man/man1/deja.1"


def place_app(data: Path, code: Path) -> Path:
    """`data/app`, which install.sh has made a copy of the program; else a link to `code`, the
    directory that holds backend/ and shell_plugin/. Raises OSError.
    """
    app = data / APP
    if app.exists() and app.samefile(code):
        return app
    before = data / f"{APP}.old"
    remove(before)
    if os.path.lexists(app):
        app.rename(before)
    app.symlink_to(code)
    remove(before)
    return app


def remove(path: Path) -> None:
    """A file, a link or a directory with all that is in it, if it is there."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


def place_command(data: Path) -> tuple[Path, str]:
    """The directory of a command `deja` that runs this program, made if there is none, and what
    is to be told of that. Raises OSError.

    One that pip, uv or pipx has made stays the command. Another program's is left alone.
    """
    bin_ = Path.home() / ".local" / "bin"
    own = Path(sys.executable).with_name("deja")
    for found in (bin_ / "deja", shutil.which("deja")):
        if found and own.is_file() and Path(found).resolve() == own.resolve():
            return Path(found).parent, ""
    told = ""
    if os.path.lexists(bin_ / "deja") and not is_launcher(bin_ / "deja"):
        told = f"{bin_ / 'deja'} belongs to something else and stays; deja's own is in {data}/bin"
        bin_ = data / "bin"
    folders.make(data, bin_)
    _write(bin_ / "deja", _launcher(data / APP), 0o755)
    return bin_, told


def is_launcher(path: Path) -> bool:
    """Whether it is a command that we have written."""
    try:
        return MARK.encode() in path.read_bytes()
    except OSError:
        return False


def _launcher(app: Path) -> str:
    run = f"{shlex.quote(sys.executable)} -I {shlex.quote(str(app / 'backend' / 'app.py'))}"
    # Without a command, app.py is the daemon in the foreground: not what a person means.
    return (
        f"#!/bin/sh\n{MARK}, made by deja setup\n{home_line()}\n"
        f'[ $# -gt 0 ] || set -- --help\nexec {run} "$@"\n'
    )


def place_page(data: Path, app: Path) -> None:
    """A link to the man page where `man` looks that finds ~/.local/bin. Another's is left alone.
    Raises OSError.
    """
    page = man_page()
    if os.path.lexists(page) and not is_page(page):
        return
    folders.make(data, page.parent)
    remove(page)
    page.symlink_to(app / PAGE)


def man_page() -> Path:
    return Path.home() / ".local" / "share" / "man" / "man1" / "deja.1"


def is_page(path: Path) -> bool:
    """Whether it is a link that we have made."""
    return path.is_symlink() and str(path.readlink()).endswith(f"/{APP}/{PAGE}")


def write_env(data: Path, app: Path, bin_: Path) -> None:
    """What the plugins read at the start of a shell: plain assignments. Raises OSError."""
    values = {"python": sys.executable, "app": app, "bin": bin_}
    lines = (f"_deja_{name}={shlex.quote(str(value))}\n" for name, value in values.items())
    _write(data / ENV, "".join(lines), 0o600)


def _write(path: Path, text: str, mode: int) -> None:
    """Beside and renamed: a shell never reads half of it."""
    beside = path.with_name(f".{path.name}.new")
    remove(beside)
    beside.touch(0o600)
    beside.write_text(text, "utf-8", "surrogateescape")
    beside.chmod(mode)
    beside.replace(path)
