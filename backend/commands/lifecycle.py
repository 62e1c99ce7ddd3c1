"""start, stop, restart, status and logs."""

import contextlib
import subprocess
import sys

import click

from backend.commands.quick import status
from backend.commands.quick.declared import declared
from backend.commands.quick.options import SYNTAX
from backend.commands.shared.asking import TIMEOUT_S, Failure, NoDaemon, daemon, load_config
from backend.config import Config
from backend.daemon import control, deaths, lock
from backend.wire import client, protocol


@click.command("start")
def start_command() -> None:
    """Start the daemon, or replace one that does not answer.

    A shell that has loaded deja does so by itself.

    \b
    Examples:
      deja start
    """
    settings = load_config()
    with contextlib.suppress(client.Unavailable), control.answering(settings):
        click.echo(f"already running (pid {control.pid(settings)})")
        return
    with daemon(settings):
        click.echo(f"started (pid {control.pid(settings)})")


@click.command("stop")
def stop_command() -> None:
    """Stop the daemon.

    Recording goes on; the next shell or search starts it again.

    \b
    Examples:
      deja stop
    """
    click.echo(_stop(load_config()))


@click.command("restart")
def restart_command() -> None:
    """Stop the daemon, if one runs, and start a new one.

    Even after many that died, which deja start leaves alone for a while.

    \b
    Examples:
      deja restart
    """
    settings = load_config()
    click.echo(_stop(settings))
    deaths.clear(settings.starts_file)
    with daemon(settings):
        click.echo(f"started (pid {control.pid(settings)})")


def _stop(settings: Config) -> str:
    try:
        return "stopped" if control.stop(settings) else "not running"
    except control.Stuck as error:
        raise Failure(str(error)) from error


@click.command("status")
@declared(SYNTAX["status"])
def status_command(as_json: bool) -> None:
    """Show the daemon's state.

    The exit code is 3 if none runs.

    \b
    Examples:
      deja status
      deja status --json
    """
    settings = load_config()
    story = deaths.story(settings.starts_file)
    if story and lock.holder(settings.lock_file) is None:
        raise NoDaemon(f"no daemon is running: {story}, or run: deja restart")
    with daemon(settings, start=False) as connection:
        reply = connection.ask(protocol.request("status"), TIMEOUT_S)
    sys.exit(status.show({"as_json": as_json}, reply, settings.spool_dir))


@click.command("logs")
@click.option("-f", "--follow", is_flag=True, help="Go on showing what is added.")
@click.option("-n", "--lines", default=50, show_default=True, help="How many lines to show.")
def logs_command(follow: bool, lines: int) -> None:
    """Show the daemon's log.

    It never holds the text of a command.

    \b
    Examples:
      deja logs --follow
    """
    path = load_config().log_file
    if not path.exists():
        raise Failure(f"there is no log yet at {path}; run: deja start")
    arguments = ["tail", "-n", str(lines), *(["-F"] if follow else []), str(path)]
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(subprocess.call(arguments))
