"""deja pause and deja resume: what is typed in between reaches no spool."""

import os
import re

import click

from backend.commands.shared.asking import Failure, WrongUsage, load_config
from backend.system import pauses

_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_MOST_S = 366 * 86400


@click.command("pause")
@click.argument("time", default="")
@click.option("--all", "everywhere", is_flag=True, help="Every shell, not this one alone.")
def pause_command(time: str, everywhere: bool) -> None:
    """Stop recording in this shell, for a time or until resume.

    A time is 90s, 20m, 1h or 2d. Nothing that is typed meanwhile reaches deja; $DEJA_STATE is
    paused. A shell that ends takes its pause with it. A shell that is never recorded:
    DEJA_PRIVATE=1 zsh.

    \b
    Examples:
      deja pause
      deja pause 1h --all
    """
    data_dir, name = str(load_config().data_dir), _name(everywhere)
    seconds = _seconds(time) if time else None
    try:
        pauses.begin(data_dir, name, seconds)
    except OSError as error:
        raise _failed("cannot pause", error) from error
    click.echo(f"paused: {pauses.told(name, pauses.running(data_dir).get(name))}")


@click.command("resume")
@click.option("--all", "everywhere", is_flag=True, help="End every pause there is.")
def resume_command(everywhere: bool) -> None:
    """Record again in this shell.

    \b
    Examples:
      deja resume
      deja resume --all
    """
    data_dir = str(load_config().data_dir)
    on = pauses.running(data_dir)
    try:
        for name in on if everywhere else [_name(False)]:
            pauses.end(data_dir, name)
    except OSError as error:
        raise _failed("still paused", error) from error
    if pauses.ALL in on and not everywhere:
        told = pauses.told(pauses.ALL, on[pauses.ALL])
        raise Failure(f"still paused: {told}; run: deja resume --all")
    click.echo("recording")


def _name(everywhere: bool) -> str:
    return pauses.ALL if everywhere else pauses.here(os.getppid())


def _seconds(text: str) -> int:
    found = re.fullmatch(r"(\d{1,6})(s|m|min|h|d)", text)
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    if not 0 < seconds <= _MOST_S:
        raise WrongUsage(f"{text!r} is no time such as 90s, 20m, 1h or 2d; run: deja pause --help")
    return seconds


def _failed(what: str, error: OSError) -> Failure:
    return Failure(f"{what}: {error.filename}: {error.strerror}; run: deja doctor")
