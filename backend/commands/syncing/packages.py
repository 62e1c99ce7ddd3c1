"""The packages that sync needs, installed when somebody wants that."""

import sys

import click

from backend.commands.shared.asking import Failure
from backend.sync import installing

_WHAT = "pyrage, mnemonic and obstore (18 MB)"


def need(install: bool | None) -> None:
    """Have the packages; None asks, where there is somebody to ask. Raises Failure, with the
    command to run, where they are not to be installed or cannot be.
    """
    if installing.is_installed():
        return
    by_hand = f"run: {installing.by_hand()}"
    if install is None and sys.stdin.isatty():
        install = click.confirm(
            f"Sync needs {_WHAT}. Install them into {sys.prefix}?", default=True, err=True
        )
    if not install:
        raise Failure(f"sync needs {_WHAT}, which are not installed; {by_hand}")
    click.echo(f"installing {_WHAT}", err=True)
    try:
        installing.install()
    except installing.NotInstalled as error:
        raise Failure(f"they could not be installed: {error}; mend that, or {by_hand}") from error
