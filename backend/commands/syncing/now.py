"""A round of sync at once, and what is said of it."""

import sys

import click

from backend.commands.shared import progress
from backend.commands.shared.asking import APP, Failure, quantity
from backend.config import Config
from backend.daemon import control
from backend.sync import once
from backend.sync.once import Busy, Status
from backend.sync.places import NotSetUp, Places

# The daemon's own rounds are short, but for the first.
_WAIT_S = 60.0
_FAILED = 1


def round_now(settings: Config, forgetting: str = "") -> Status:
    """Its status. Raises Failure where it ended early."""
    try:
        done = once.once(
            Places(settings.data_dir),
            lambda: control.connect_or_start(settings, APP),
            forgetting,
            _WAIT_S,
            lambda count: progress.show(f"{count:,} records"),
        )
    except (Busy, NotSetUp) as error:
        raise Failure(str(error)) from error
    finally:
        progress.clear()
    if done["error"]:
        raise Failure(done["error"])
    return done


def tell(done: Status) -> None:
    """What a round did, on one line; ends with exit code 1 if something was refused."""
    hosts = quantity(len(done["hosts"]), "host")
    read, wrote = quantity(done["read"], "run"), quantity(done["wrote"], "record")
    click.echo(f"{read} read, {wrote} written; {hosts} in the storage")
    for problem in done["problems"]:
        click.echo(problem, err=True)
    if done["problems"]:
        sys.exit(_FAILED)
