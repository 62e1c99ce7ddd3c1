"""deja names: what completion asks for. Hidden: nobody else needs it."""

import sys

import click

from backend.commands.quick import names
from backend.commands.quick.declared import declared
from backend.commands.quick.options import SYNTAX
from backend.commands.shared.asking import load_config


@click.command("names", hidden=True)
@declared(SYNTAX["names"])
def names_command(**parameters: object) -> None:
    """Print names that the history has: of a host, a repo, a session."""
    sys.exit(names.show(parameters, str(load_config().data_dir)))
