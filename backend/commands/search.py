"""deja search: past commands that match words, on the terminal or as JSON."""

import sys
from pathlib import Path

import click

from backend.commands.shared.asking import WrongUsage, ask_soon, daemon, load_config
from backend.commands.shared.found import as_object, exit_code, show
from backend.commands.shared.place import place
from backend.query.filters import ORDERS
from backend.wire import protocol

_FILTERS = ("exit", "repo", "host", "session", "since", "before", "took", "order")


@click.command("search", context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--episodes", is_flag=True, help="Stretches of work instead of single commands.")
@click.option("--print0", is_flag=True, help="End each command by NUL, not by a newline.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--mode", type=click.Choice(protocol.MODES), default=protocol.AUTO)
@click.option("--exit", help="Exit status: 0, fail or a number.")
@click.option("--cwd", type=click.Path(), help="Ran in this directory or below.")
@click.option("--here", is_flag=True, help="Ran in the present directory or below.")
@click.option("--repo", help="Ran in this git repository (name or path; . for this one).")
@click.option("--host", help="Ran on this machine.")
@click.option("--session", help="Ran in this shell session.")
@click.option("--since", help="Ran since then: 2w, 3d, 2026-01-01, yesterday.")
@click.option("--before", help="Ran before then.")
@click.option("--took", help="Duration: >1m, <5s.")
@click.option("--pinned", is_flag=True, help="Is pinned.")
@click.option("--order", type=click.Choice(ORDERS), help="In place of the likeliest first.")
@click.option("--without", multiple=True, help="Does not hold this word.")
def search_command(
    query: tuple[str, ...],
    as_json: bool,
    episodes: bool,
    print0: bool,
    limit: int,
    mode: str,
    **filters: object,
) -> None:
    """Find past commands by what they do or by pieces of their text.

    The query may hold the filters too: deja search docker logs exit:fail since:2w
    Without a query: what is likely needed next, or the latest episodes.
    """
    line = " ".join([*query, *_filter_words(filters)])
    settings = load_config()
    fields: list[tuple[str, str | int]] = [
        ("query", line),
        ("limit", limit),
        ("mode", mode),
        *place(settings),
    ]
    if episodes:
        if print0:
            raise click.UsageError("--print0 is for commands, not for --episodes")
        from backend.commands.episodes.search import search

        sys.exit(search(line, fields, as_json))
    with daemon(settings) as connection:
        reply = ask_soon(connection, protocol.request("search", *fields))
    for mistake in (value for key, value in reply if key == "mistake"):
        raise WrongUsage(mistake)
    if as_json:
        click.echo(as_object(reply, query=line))
    else:
        show(reply, "\0" if print0 else "\n")
    sys.exit(exit_code(reply))


def _filter_words(options: dict[str, object]) -> list[str]:
    """Options as they are written in a query line."""
    words = [_word(key, str(options[key])) for key in _FILTERS if options[key]]
    if options["cwd"]:
        words.append(_word("cwd", str(Path(str(options["cwd"])).expanduser().absolute())))
    if options["here"]:
        words.append("in:here")
    if options["pinned"]:
        words.append("is:pinned")
    without = options["without"]
    assert isinstance(without, tuple)
    return words + [f'-"{word}"' if " " in word else f"-{word}" for word in without]


def _word(key: str, value: str) -> str:
    return f'{key}:"{value}"' if " " in value else f"{key}:{value}"
