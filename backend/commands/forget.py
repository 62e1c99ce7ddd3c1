"""deja forget: remove commands for good."""

import shlex
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import click
import psutil

from backend.commands.shared.asking import TIMEOUT_S, Failure, daemon, load_config, quantity
from backend.commands.shared.reading import named, open_store
from backend.config import Config
from backend.engine.wanted import names_forget
from backend.histfiles import edit
from backend.histfiles.plan import STILL_OPEN, Edit, carry_out, plan
from backend.redaction.mask import MARK, NOT_FOUND, redact
from backend.system.text import to_bytes, visible
from backend.wire import protocol

# More than this and the request would outgrow a message.
LOT = 10_000


@dataclass(frozen=True)
class Choice:
    """Which commands are to go: this one, those that hold a text, the last few, those of these
    numbers, or all.
    """

    text: str = ""
    containing: str = ""
    last: int | None = None
    ids: tuple[int, ...] | None = None


@click.command("forget")
@click.argument("command", nargs=-1)
@click.option("--containing", default="", help="Every command that holds this text.")
@click.option("--last", type=click.IntRange(1), help="The last N commands.")
@click.option("--all", "everything", is_flag=True, help="The whole history.")
@click.option("--ids", "by_id", is_flag=True, hidden=True, help="Those of the numbers on stdin.")
@click.option("--history-files", is_flag=True, help="Remove them from zsh's, bash's … files, too.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def forget_command(
    command: tuple[str, ...],
    containing: str,
    last: int | None,
    everything: bool,
    by_id: bool,
    history_files: bool,
    yes: bool,
) -> None:
    """Remove commands and all their runs for good.

    They go from the store, the vectors and the spool. Give the command as it was typed, or choose
    by option. Importing a history file does not bring it back. With --history-files its entries are
    taken out of the shells' own history files as well, which are left alone otherwise; databases of
    other tools always are.

    \b
    Examples:
      deja forget 'curl -u me:secret https://example.org'
      deja forget --last 1
      deja forget --containing example.org --history-files
    """
    choice = Choice(" ".join(command), containing, last)
    if sum(map(bool, (choice.text, containing, last, everything, by_id))) != 1:
        raise click.UsageError("give one of: a command, --containing, --last, --all")
    if by_id:
        choice = replace(choice, ids=_numbers(yes))
    settings = load_config()
    with open_store(settings) as db:
        found = _find(db, choice)
    edits: list[Edit] = []
    problems: dict[Path, str] = {}
    if history_files:
        edits, problems = plan(_removal(choice, found))
    if not found and not edits:
        raise Failure("\n".join(["nothing found to forget", *problems.values()]))
    if not yes:
        _confirm(found, edits)
    _forget(settings, found)
    problems |= _remove(edits)
    if problems:
        raise Failure("\n".join(problems.values()))


def _numbers(yes: bool) -> tuple[int, ...]:
    """The numbers on stdin, one a line, as the picker has them."""
    if not yes:
        raise click.UsageError("--ids reads stdin, where no answer can stand; add --yes")
    lines = sys.stdin.buffer.read().decode("ascii", "replace").split()
    wrong = next((line for line in lines if not _is_number(line)), None)
    if wrong is not None:
        raise click.UsageError(f"{wrong[:20]!a} is no number of a command")
    return tuple(map(int, lines))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _find(db: sqlite3.Connection, choice: Choice) -> list[tuple[int, str]]:
    """Id and text of the commands that were chosen."""
    if choice.text:
        return named(db, choice.text)
    if choice.containing:
        query = "SELECT id, text FROM commands WHERE instr(text, CAST(? AS TEXT))"
        return db.execute(query, (to_bytes(choice.containing),)).fetchall()
    if choice.ids is not None:
        found: list[tuple[int, str]] = []
        for start in range(0, len(choice.ids), LOT):
            numbers = ",".join(map(str, choice.ids[start : start + LOT]))
            found += db.execute(f"SELECT id, text FROM commands WHERE id IN ({numbers})").fetchall()
        return found
    query = "SELECT id, text FROM commands ORDER BY COALESCE(last_run_us, 0) DESC, id DESC"
    return db.execute(f"{query} LIMIT ?", (choice.last or -1,)).fetchall()


def _removal(choice: Choice, found: list[tuple[int, str]]) -> Callable[[bytes, str], edit.Edited]:
    """Takes out of a history file what is chosen: shells keep secrets that the store masks."""
    texts = {text for _, text in found} | ({choice.text} - {""})
    has_masked = any(MARK in text for text in texts)

    def unwanted(command: str) -> bool:
        if command in texts or (choice.containing and choice.containing in command):
            return True
        # What an older hook let into the file: the line that forgot it before.
        if names_forget(command) and any(text in command for text in texts):
            return True
        return has_masked and not texts.isdisjoint((redact(command), redact(command, NOT_FOUND)))

    return lambda data, format: edit.without(data, format, unwanted)


def _confirm(found: list[tuple[int, str]], edits: list[Edit]) -> None:
    for _, text in found[:10]:
        click.echo(f"  {visible(text[:100])}")
    if len(found) > 10:
        click.echo(f"  … and {len(found) - 10:,} more")
    for change in edits:
        click.echo(
            f"  {quantity(change.edited.entries, 'entry')} of {visible(str(change.source.path))}"
        )
    click.confirm(f"Forget {quantity(len(found), 'command')} for good?", abort=True)


def _forget(settings: Config, found: list[tuple[int, str]]) -> None:
    if found:
        with daemon(settings) as connection:
            shells = [("by", pid) for pid in _ancestors()]
            for start in range(0, len(found), LOT):
                ids = [("id", id) for id, _ in found[start : start + LOT]]
                connection.ask(protocol.request("forget", *shells, *ids), TIMEOUT_S)
    click.echo(f"{len(found):,} forgotten")
    _tell_of_copies(settings)


def _ancestors() -> list[int]:
    """Processes that this one runs in, the shell among them: the line that it has open names what
    is forgotten, however that is called there (an alias, a script).
    """
    return [process.pid for process in psutil.Process().parents()]


def _tell_of_copies(settings: Config) -> None:
    """Stores that were damaged, or of an older schema, are kept as they were: not ours to edit."""
    names = [f"{settings.store_file.name}.{kind}*" for kind in ("aside-", "v")]
    copies = [path for name in names for path in sorted(settings.data_dir.glob(name))]
    if copies:
        rm = shlex.join(["rm", *map(str, copies)])
        click.echo(f"older copies of the history may hold it still; to remove them: {rm}", err=True)


def _remove(edits: list[Edit]) -> dict[Path, str]:
    """Take the entries out of the history files; what failed, by path."""
    problems = carry_out(edits)
    done = [change for change in edits if change.source.path not in problems]
    for change in done:
        name = visible(str(change.source.path))
        click.echo(f"{quantity(change.edited.entries, 'entry')} removed from {name}")
    if done:
        click.echo(STILL_OPEN)
    return problems
