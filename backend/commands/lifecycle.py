"""start, stop, restart, status, logs, and the daemon itself."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

import click

from backend import client, protocol
from backend.commands.asking import APP, TIMEOUT_S, Failure, NoDaemon, daemon, load_config
from backend.config import Config

# A daemon that has not ended this long after it was asked to is stuck.
STOP_S = 5.0

NUMBERS = ("pid", "uptime_s", "memory_bytes", "commands", "embedded", "damaged_records")


@click.command("daemon")
def daemon_command() -> None:
    """Be the daemon, in the foreground."""
    import sqlite3

    from backend import daemon as running
    from backend.private import UnsafeDirectory

    settings = load_config()
    try:
        running.run(settings)
    except running.AlreadyRunning as error:
        click.echo(error)
    except UnsafeDirectory as error:
        raise NoDaemon(str(error)) from error
    except (OSError, sqlite3.Error) as error:
        raise NoDaemon(f"cannot open the history in {settings.data_dir}: {error}") from error


@click.command("start")
def start_command() -> None:
    """Start the daemon."""
    settings = load_config()
    with contextlib.suppress(client.Unavailable), client.connect(settings.rendezvous_file):
        click.echo(f"already running (pid {_pid(settings)})")
        return
    with daemon(settings):
        click.echo(f"started (pid {_pid(settings)})")


@click.command("stop")
def stop_command() -> None:
    """Stop the daemon."""
    click.echo(_stop(load_config()))


@click.command("restart")
def restart_command() -> None:
    """Stop the daemon, if one runs, and start a new one."""
    settings = load_config()
    click.echo(_stop(settings))
    with daemon(settings):
        click.echo(f"started (pid {_pid(settings)})")


def _stop(settings: Config) -> str:
    """Ask the daemon to end; one that does not is ended, and killed if that does not help."""
    try:
        pid = _pid(settings)
    except client.Unavailable:
        return "not running"
    with (
        contextlib.suppress(client.Unavailable, client.Refused),
        client.connect(settings.rendezvous_file, timeout=1.0) as connection,
    ):
        connection.ask(protocol.request("stop"), timeout=1.0)
    for number in (None, signal.SIGTERM, signal.SIGKILL):
        if number is not None and _is_daemon(pid):
            os.kill(pid, number)
        if _has_ended(pid):
            # One that was killed could not tidy up behind itself.
            settings.rendezvous_file.unlink(missing_ok=True)
            return "stopped"
    raise Failure(f"the daemon (pid {pid}) does not end; run: kill -9 {pid}")


def _pid(settings: Config) -> int:
    return int(client.rendezvous(settings.rendezvous_file).get("pid", "0"))


def _is_daemon(pid: int) -> bool:
    """Whether this process is a daemon of deja, and not one that got its number since."""
    import psutil

    with contextlib.suppress(psutil.Error):
        return (
            str(APP) in psutil.Process(pid).cmdline() or "daemon" in psutil.Process(pid).cmdline()
        )
    return False


def _has_ended(pid: int) -> bool:
    deadline = time.monotonic() + STOP_S
    while time.monotonic() < deadline:
        if not _is_daemon(pid):
            return True
        time.sleep(0.02)
    return False


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status_command(as_json: bool) -> None:
    """Show the daemon's state; exit code 3 if none runs."""
    settings = load_config()
    with daemon(settings, start=False) as connection:
        fields = dict(connection.ask(protocol.request("status"), TIMEOUT_S))
    figures: dict[str, object] = {**fields}
    del figures["ok"]
    figures |= {name: json.loads(fields[name]) for name in NUMBERS if name in fields}
    figures["model"] = fields.get("model")
    figures["precision"] = fields.get("precision")
    figures["providers"] = fields["providers"].split(",") if "providers" in fields else []
    if as_json:
        click.echo(json.dumps(figures))
        return
    for line in _describe(figures):
        click.echo(line)


def _describe(figures: dict[str, object]) -> list[str]:
    memory = int(str(figures["memory_bytes"])) / 1e6
    lines = [
        f"deja {figures['version']}, pid {figures['pid']}, up {figures['uptime_s']} s",
        f"memory    {memory:.0f} MB",
        f"commands  {figures['commands']}, {figures['embedded']} of them found by meaning",
    ]
    if figures["model"]:
        shown = str(figures["model"])[:12], figures["precision"], *_list(figures["providers"])
        lines.append(f"model     {', '.join(map(str, shown))}")
    else:
        lines.append(f"model     none: {figures.get('model_problem')}")
    return [*lines, f"socket    {figures['socket']}"]


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
