"""deja next: what is likely needed now, here, after the last command."""

import sys

import click

from backend.commands.quick import next
from backend.commands.quick.declared import declared
from backend.commands.quick.options import SYNTAX
from backend.commands.shared.asking import TIMEOUT_S, daemon, load_config
from backend.commands.shared.place import place


@click.command("next")
@declared(SYNTAX["next"])
def next_command(**parameters: object) -> None:
    """Show what is likely next, here, the likeliest first.

    With PREFIX only those commands that begin with it.

    \b
    Examples:
      deja next
      deja next --limit 1 git
    """
    settings = load_config()
    with daemon(settings) as connection:
        reply = connection.ask(next.request(parameters, place(settings)), TIMEOUT_S)
    sys.exit(next.show(parameters, reply))
