"""deja forget: remove commands for good."""

import sqlite3

import click

from backend import protocol
from backend.commands.asking import TIMEOUT_S, Failure, daemon, load_config
from backend.commands.reading import open_store
from backend.store import to_bytes

# More than this and the request would outgrow a message.
LOT = 10_000


@click.command("forget")
@click.argument("command", nargs=-1)
@click.option("--containing", help="Every command that holds this text.")
@click.option("--last", type=click.IntRange(1), help="The last N commands.")
@click.option("--all", "everything", is_flag=True, help="The whole history.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def forget_command(
    command: tuple[str, ...], containing: str | None, last: int | None, everything: bool, yes: bool
) -> None:
    """Remove a command and all its runs: from the store, the vectors and the spool.

    Give the command as it was typed, or choose by option. Importing a history file does not
    bring it back. The shell's own history file is left alone.
    """
    text = " ".join(command)
    if sum(map(bool, (text, containing, last, everything))) != 1:
        raise click.UsageError("give one of: a command, --containing, --last, --all")
    settings = load_config()
    with open_store(settings) as db:
        found = _find(db, text, containing, last)
    if not found:
        raise Failure("nothing found to forget")
    if not yes:
        _confirm(found)
    with daemon(settings) as connection:
        for start in range(0, len(found), LOT):
            ids = [("id", id) for id, _ in found[start : start + LOT]]
            connection.ask(protocol.request("forget", *ids), TIMEOUT_S)
    click.echo(f"{len(found):,} forgotten")


def _find(
    db: sqlite3.Connection, text: str, containing: str | None, last: int | None
) -> list[tuple[int, str]]:
    """Id and text of the commands that were chosen."""
    if text:
        query, value = "SELECT id, text FROM commands WHERE text = CAST(? AS TEXT)", text
    elif containing:
        query = "SELECT id, text FROM commands WHERE instr(text, CAST(? AS TEXT))"
        value = containing
    else:
        query = "SELECT id, text FROM commands ORDER BY COALESCE(last_run_us, 0) DESC, id DESC"
        return db.execute(f"{query} LIMIT ?", (last or -1,)).fetchall()
    return db.execute(query, (to_bytes(value),)).fetchall()


def _confirm(found: list[tuple[int, str]]) -> None:
    for _, text in found[:10]:
        shown = "".join(char if char.isprintable() else "?" for char in text)
        click.echo(f"  {shown[:100]}")
    if len(found) > 10:
        click.echo(f"  … and {len(found) - 10:,} more")
    click.confirm(f"Forget {len(found):,} commands for good?", abort=True)
