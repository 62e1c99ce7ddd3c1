"""deja episode: the commands of one stretch of work, in order, or as a shell script."""

import json
import sys

import click

from backend.commands.episodes.search import as_object
from backend.commands.episodes.telling import listing
from backend.commands.shared.asking import Failure, ask_soon, daemon, load_config
from backend.system.text import to_bytes
from backend.wire import protocol
from backend.wire.episode import Episode, episodes


@click.command("episode")
@click.argument("number", metavar="ID", type=click.IntRange(1, 2**63 - 1))
@click.option("--script", is_flag=True, help="Print a shell script that does it again.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def episode_command(number: int, script: bool, as_json: bool) -> None:
    """Print the commands of an episode, or a script of them.

    Its ID is what deja search --episodes shows. A script is to be read before it is run: what
    failed is a comment in it, and where a secret was masked it stops until you have filled it in.

    \b
    Examples:
      deja episode 1234
      deja episode 1234 --script > move-the-database.sh
    """
    if script and as_json:
        raise click.UsageError("--script and --json exclude each other")
    request = protocol.request("episode", ("id", number), ("script", int(script)))
    with daemon(load_config()) as connection:
        reply = ask_soon(connection, request, Failure)
    (found,) = episodes(reply)
    if as_json:
        click.echo(json.dumps(as_object(found), ensure_ascii=True))
    elif script:
        click.echo(to_bytes(dict(reply)["script"]), nl=False)
    else:
        _show(found)


def _show(found: Episode) -> None:
    """At a terminal a table; a program that reads this gets the bytes that were typed."""
    if sys.stdout.isatty():
        for line in listing(found):
            click.echo(line)
        return
    for run in found.runs:
        click.echo(to_bytes(run.command) + b"\n", nl=False)
