"""deja fix: what fixed it the last time a command failed like this."""

import sys

import click

from backend.commands.shared.asking import TIMEOUT_S, daemon, load_config
from backend.commands.shared.found import as_object, exit_code, show
from backend.commands.shared.listing import NEWLINE
from backend.commands.shared.place import place
from backend.ranking.reasons import SEPARATOR
from backend.system.text import valid, visible
from backend.wire import protocol, row

NOTHING = "nothing is known to have fixed that"


@click.command("fix")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
def fix_command(as_json: bool, limit: int) -> None:
    """Show what fixed it before when a command failed like the last.

    The last one of this shell is meant. Nothing is run.

    \b
    Examples:
      deja fix
    """
    settings = load_config()
    with daemon(settings) as connection:
        reply = connection.ask(
            protocol.request("fix", ("limit", limit), *place(settings)), TIMEOUT_S
        )
    if as_json:
        click.echo(as_object(reply))
    elif sys.stdout.isatty() and (rows := list(row.rows(reply))):
        click.echo("\n".join(map(_line, rows)))
    else:
        show(reply, nothing=NOTHING)
    sys.exit(exit_code(reply))


def _line(found: row.Row) -> str:
    command = visible(valid(found.command).replace("\n", f" {NEWLINE} "), kept="\t")
    return f"{command}   {click.style((found.why or '').partition(SEPARATOR)[0], dim=True)}"
