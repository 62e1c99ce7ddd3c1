"""deja pin, deja note: what the user keeps of a command."""

import sys

import click

from backend.commands.shared.asking import TIMEOUT_S, Failure, daemon, load_config
from backend.commands.shared.reading import named, open_store
from backend.wire import protocol

# What follows the first word of the command is the command's, options too.
_AS_TYPED = {"allow_interspersed_args": False}


@click.command("pin", context_settings=_AS_TYPED)
@click.argument("command", nargs=-1, required=True)
@click.option("--off", is_flag=True, help="Let it go again.")
def pin_command(command: tuple[str, ...], off: bool) -> None:
    """Pin a command: it comes first among equals.

    The filter is:pinned finds what is pinned. Give the command as it was typed, deja's own options
    before it.

    \b
    Examples:
      deja pin git push --tags
      deja pin --off git push --tags
    """
    _ask("pin", " ".join(command), ("on", int(not off)))


@click.command("note", context_settings=_AS_TYPED)
@click.argument("command", nargs=-1, required=True)
@click.option("--remove", is_flag=True, help="Remove the note.")
def note_command(command: tuple[str, ...], remove: bool) -> None:
    """Write a note about a command, which then is found by it.

    The text is read from stdin. Give the command as it was typed, deja's own options before it.

    \b
    Examples:
      echo how I moved the blog | deja note rsync -a site host:
      deja note --remove rsync -a site host:
    """
    text = "" if remove else _text()
    if not text and not remove:
        raise click.UsageError("there is no text on stdin; to remove a note add --remove")
    _ask("note", " ".join(command), ("text", text))


def _text() -> str:
    if sys.stdin.isatty():
        click.echo("Note (ends with Ctrl-D):", err=True)
    return sys.stdin.buffer.read().decode("utf-8", "surrogateescape").strip()


def _ask(verb: str, command: str, field: tuple[str, str | int]) -> None:
    settings = load_config()
    with open_store(settings) as db:
        found = named(db, command)
    if not found:
        raise Failure("the history has no such command; to look for it run: deja search")
    # As it was typed, or else as it is kept, its secrets masked.
    id, _ = next((pair for pair in found if pair[1] == command), found[0])
    with daemon(settings) as connection:
        connection.ask(protocol.request(verb, ("id", id), field), TIMEOUT_S)
