"""deja setup: into the user's shells, and back; what install.sh does once there is a program."""

import compileall
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import click

from backend import __version__
from backend.commands.audit import history_files
from backend.commands.shared.asking import APP, Failure, load_config, quantity
from backend.commands.shared.progress import clear
from backend.config import Config, places
from backend.setup import folders, program, rc_files, rc_line
from backend.setup import undo as undoing
from backend.setup.rc_files import RcFile
from backend.system.private import UnsafeDirectory, make

CODE = APP.parent.parent


@click.command("setup")
@click.option("--shell", type=click.Choice([*rc_files.SHELLS, "all"]), help="Only this one's file.")
@click.option("--no-rc", is_flag=True, help="Leave start-up files alone.")
@click.option("--suggest", is_flag=True, help="Have zsh-autosuggestions show what is likely next.")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing.")
@click.option("--undo", is_flag=True, help="Take everything back; the history stays.")
@click.option("--purge", is_flag=True, help="With --undo: the history, too.")
def setup_command(
    shell: str | None, no_rc: bool, suggest: bool, yes: bool, undo: bool, purge: bool
) -> None:
    """Set deja up in the shells: start-up files, daemon, histories.

    Run it again at any time, also after an upgrade. deja setup --undo takes it back.

    \b
    Examples:
      deja setup
      deja setup --shell zsh --suggest
      deja setup --undo
    """
    if purge and not undo:
        raise click.UsageError("--purge goes with --undo")
    if undo:
        _undo(purge)
        return
    began = time.monotonic()
    settings = load_config()
    is_first = not (settings.data_dir / program.ENV).exists()
    try:
        app, bin_ = _place(settings)
        files = [] if no_rc else rc_files.to_edit(shell)
        for file in files:
            _edit(file, app, suggest or _wants_suggestions(file, yes), settings.data_dir)
    except (OSError, UnsafeDirectory) as error:
        raise Failure(f"cannot set deja up: {error}; mend that, and run: deja setup") from error
    _start(settings, is_first)
    _tell_secrets()
    click.echo(
        f"\ndeja {__version__} is set up ({time.monotonic() - began:.0f} s). "
        "Open a new shell, type what you want to do, and press Ctrl-R."
    )
    if no_rc:
        plugin = shlex.quote(str(app / "shell_plugin" / "deja.zsh"))
        click.echo(f"To use it in a shell: . {plugin} (or deja.bash, deja.fish)")
    if str(bin_) not in os.environ.get("PATH", "").split(os.pathsep):
        click.echo(f"In this shell the command is {bin_}/deja; new shells have it on their PATH.")


def _undo(purge: bool) -> None:
    from_wheel = CODE.name == "deja_history"
    if undoing.main([*map(str, places()), *(["--purge"] if purge else [])]):
        sys.exit(1)
    if from_wheel:
        click.echo("To remove the program, too: uv tool uninstall deja-history (or pipx, or pip)")


def _place(settings: Config) -> tuple[Path, Path]:
    """The directories of the program and of its command, as shells will find them."""
    data = settings.data_dir
    folders.make(data, settings.log_dir)
    make(data)
    app = program.place_app(data, CODE)
    bin_, told = program.place_command(data)
    if told:
        click.echo(f"  {told}")
    program.write_env(data, app, bin_)
    program.place_page(data, app)
    # The picker has no time to compile, and may not be allowed to write where it lies.
    for directory in ("backend", "shell_plugin"):
        compileall.compile_dir(app / directory, quiet=2)
    return app, bin_


def _wants_suggestions(file: RcFile, yes: bool) -> bool:
    """As it was chosen before, or now. What the user has set is not changed without his word."""
    if file.has_strategy():
        return True
    if yes or not file.loads_suggestions() or not sys.stdin.isatty():
        return False
    return click.confirm("Let zsh-autosuggestions show what deja finds likely next?")


def _edit(file: RcFile, app: Path, suggest: bool, data: Path) -> None:
    line = file.line(app, suggest and file.shell == "zsh")
    try:
        # fish may be here and never have been run.
        folders.make(data, file.path.parent)
        click.echo(f"  {file.path}: one line {rc_line.add(file.path, line)}")
    except OSError as error:
        click.echo(f"  {file.path} cannot be written ({error.strerror}); add this line yourself:")
        click.echo(f"    {line} # deja")


def _start(settings: Config, is_first: bool) -> None:
    """The daemon first: searches work while the import goes on. Once the hooks are there, a history
    file has nothing more to tell, but what was typed in a pause or a private shell.
    """
    verb = "restart" if settings.rendezvous_file.exists() else "start"
    if not _deja(verb):
        click.echo("  The daemon did not start; deja logs tells why. A shell tries again.")
    if not is_first:
        click.echo("  The histories were imported at the first set-up; to do it again: deja import")
    elif not _deja("import", "auto"):
        click.echo("  The history could not be imported; try again with: deja import auto")


def _deja(*arguments: str) -> bool:
    return subprocess.run([sys.executable, "-I", str(APP), *arguments]).returncode == 0


def _tell_secrets() -> None:
    """How many there are in the histories that were read. The store has them masked."""
    values = sum(site.leaks.values for site in history_files())
    clear()
    if values:
        found = quantity(values, "secret")
        click.echo(
            f"  {found} in your history files; deja has masked its own copy. See: deja audit"
        )
