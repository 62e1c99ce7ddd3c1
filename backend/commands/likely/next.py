"""deja next: what is likely needed now, here, after the last command."""

import sys

import click

from backend.commands.shared.asking import TIMEOUT_S, daemon, load_config
from backend.commands.shared.found import as_object, exit_code, show
from backend.commands.shared.place import place
from backend.wire import protocol


@click.command("next")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.argument("prefix", default="")
def next_command(as_json: bool, limit: int, prefix: str) -> None:
    """Show the commands that are likely next, the likeliest first.

    With PREFIX only those that begin with it.
    """
    settings = load_config()
    request = protocol.request("next", ("prefix", prefix), ("limit", limit), *place(settings))
    with daemon(settings) as connection:
        reply = connection.ask(request, TIMEOUT_S)
    if as_json:
        click.echo(as_object(reply))
    else:
        show(reply)
    sys.exit(exit_code(reply))
