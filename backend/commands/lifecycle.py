"""start, stop, restart, status, logs, and the daemon itself."""

import contextlib
import json
import os
import subprocess
import sys

import click

from backend.commands.checks import spool
from backend.commands.shared.asking import APP, TIMEOUT_S, Failure, NoDaemon, daemon, load_config
from backend.config import Config
from backend.daemon import control, deaths, lock
from backend.wire import client, protocol
from backend.wire.environment import clean

NUMBERS = (
    *("pid", "uptime_s", "memory_bytes", "commands", "embedded", "outdated", "damaged_records"),
    "deaths",
    *("loading", "model_in_memory"),
)


@click.command("daemon")
def daemon_command() -> None:
    """Be the daemon, in the foreground."""
    import sqlite3

    from backend.daemon import life
    from backend.daemon.lock import AlreadyRunning
    from backend.system.private import UnsafeDirectory

    _leave_environment()
    settings = load_config()
    try:
        life.run(settings)
    except AlreadyRunning as error:
        click.echo(error)
    except UnsafeDirectory as error:
        raise NoDaemon(str(error)) from error
    except (OSError, sqlite3.Error) as error:
        raise NoDaemon(f"cannot open the history in {settings.data_dir}: {error}") from error


def _leave_environment() -> None:
    """Begin again with the environment of a daemon: the system shows what a process began with."""
    if clean(os.environ) != dict(os.environ):
        arguments = [sys.executable, "-I", str(APP), "daemon"]
        os.execve(sys.executable, arguments, clean(os.environ))


@click.command("start")
def start_command() -> None:
    """Start the daemon; replace one that does not answer."""
    settings = load_config()
    with contextlib.suppress(client.Unavailable), control.answering(settings):
        click.echo(f"already running (pid {control.pid(settings)})")
        return
    with daemon(settings):
        click.echo(f"started (pid {control.pid(settings)})")


@click.command("stop")
def stop_command() -> None:
    """Stop the daemon."""
    click.echo(_stop(load_config()))


@click.command("restart")
def restart_command() -> None:
    """Stop the daemon, if one runs, and start a new one, even after many that died."""
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
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status_command(as_json: bool) -> None:
    """Show the daemon's state; exit code 3 if none runs."""
    settings = load_config()
    story = deaths.story(settings.starts_file)
    if story and lock.holder(settings.lock_file) is None:
        raise NoDaemon(f"no daemon is running: {story}, or run: deja restart")
    with daemon(settings, start=False) as connection:
        fields = dict(connection.ask(protocol.request("status"), TIMEOUT_S))
    figures: dict[str, object] = {**fields}
    del figures["ok"]
    figures |= {name: json.loads(fields[name]) for name in NUMBERS if name in fields}
    figures["model"] = fields.get("model")
    figures["precision"] = fields.get("precision")
    figures["providers"] = fields["providers"].split(",") if "providers" in fields else []
    problems = spool.problems(settings.spool_dir)
    figures["spool"] = "; ".join(each.found for each in problems) or None
    if as_json:
        click.echo(json.dumps(figures))
        return
    for line in _describe(figures):
        click.echo(line)
    for each in problems:
        click.echo(f"spool     {each.found}; run: {each.mend}")


def _describe(figures: dict[str, object]) -> list[str]:
    memory = int(str(figures["memory_bytes"])) / 1e6
    lines = [
        f"deja {figures['version']}, pid {figures['pid']}, up {figures['uptime_s']} s",
        f"memory    {memory:.0f} MB",
        f"commands  {figures['commands']}, {figures['embedded']} of them found by meaning",
    ]
    if figures.get("outdated"):
        lines.append(f"outdated  {figures['outdated']} vectors, being made anew of newer words")
    if figures["model"]:
        shown = str(figures["model"])[:12], figures["precision"], *_list(figures["providers"])
        lines.append(f"model     {', '.join(map(str, shown))}")
    else:
        lines.append(f"model     none: {figures.get('model_problem')}")
    if figures.get("deaths"):
        lines.append(f"deaths    {figures['deaths']} daemons died before this one; see: deja logs")
    if figures.get("masked"):
        lines.append(f"masked    {figures['masked']} commands, by newer rules for secrets")
    if figures.get("limited"):
        lines.append(f"cut       too long to be kept whole: {figures['limited']}")
    lines.append(f"socket    {figures['socket']}")
    told = (figures.get(name) for name in ("problem", "recovered", "mended"))
    return lines + [str(line) for line in told if line]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


@click.command("logs")
@click.option("-f", "--follow", is_flag=True, help="Go on showing what is added.")
@click.option("-n", "--lines", default=50, show_default=True, help="How many lines to show.")
def logs_command(follow: bool, lines: int) -> None:
    """Show the daemon's log. It never holds the text of a command."""
    path = load_config().log_file
    if not path.exists():
        raise Failure(f"there is no log yet at {path}; run: deja start")
    arguments = ["tail", "-n", str(lines), *(["-F"] if follow else []), str(path)]
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(subprocess.call(arguments))
