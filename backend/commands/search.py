"""deja search: past commands that match words, on the terminal or as JSON."""

import sys

import click

from backend.commands.quick import search
from backend.commands.quick.declared import declared
from backend.commands.quick.options import SYNTAX
from backend.commands.shared.asking import WrongUsage, ask_soon, daemon, load_config
from backend.commands.shared.place import place


@click.command("search", context_settings={"ignore_unknown_options": True})
@declared(SYNTAX["search"])
def search_command(**parameters: object) -> None:
    """Find past commands by what they do or by pieces of their text.

    The query may hold the filters too. Without a query: what is likely needed next, or the latest
    episodes. The exit code is 1 if nothing is close.

    \b
    Examples:
      deja search unpack an archive
      deja search docker logs exit:fail since:2w
      deja search --episodes the day I moved the database
    """
    settings = load_config()
    if parameters["episodes"]:
        if parameters["print0"]:
            raise click.UsageError("--print0 is for commands, not for --episodes")
        from backend.commands.episodes import search as episodes

        line, fields = search.line(parameters), search.fields(parameters, place(settings))
        sys.exit(episodes.search(line, fields, bool(parameters["as_json"])))
    with daemon(settings) as connection:
        reply = ask_soon(connection, search.request(parameters, place(settings)))
    for mistake in (value for key, value in reply if key == "mistake"):
        raise WrongUsage(mistake)
    sys.exit(search.show(parameters, reply))
