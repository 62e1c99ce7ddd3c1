"""deja stats: a history as one would rather look at it than read it."""

import dataclasses
import json
import os
import shutil
import sys
import time
from datetime import date

import click

from backend.commands.figures.drawing import draw
from backend.commands.figures.sums import Sums, sums
from backend.commands.shared.asking import WrongUsage, load_config
from backend.commands.shared.reading import open_store
from backend.query import filters

# A program that reads it gets lines of this width.
WIDTH_OF_A_PIPE = 100


@click.command("stats")
@click.option("--since", help="Only from then on: 2w, 3mo, 2026-01-31, yesterday.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def stats_command(since: str | None, as_json: bool) -> None:
    """Show when you work, what you use, what fails, what you wait for.

    In colour at a terminal, unless NO_COLOR is set.

    \b
    Examples:
      deja stats
      deja stats --since 3mo
    """
    start = None if since is None else _start(since)
    with open_store(load_config()) as db:
        found = sums(db, start)
    if as_json:
        click.echo(json.dumps(_object(found)))
        return
    at_terminal = sys.stdout.isatty()
    color = at_terminal and not os.environ.get("NO_COLOR")
    width = shutil.get_terminal_size().columns if at_terminal else WIDTH_OF_A_PIPE
    for line in (_summary(found), *draw(found, width, date.today())):
        click.echo(line if color else click.unstyle(line), color=color)


def _start(since: str) -> float | None:
    try:
        return filters.apply(filters.Filters(), "since", since, time.time()).since
    except filters.BadFilter as problem:
        raise WrongUsage(f"--since {since}: {problem}") from problem


def _summary(found: Sums) -> str:
    days = list(found.days)
    period = f", {days[0]} to {days[-1]}" if days else ""
    return f"{found.commands:,} commands, {found.runs:,} runs{period}"


def _object(found: Sums) -> dict[str, object]:
    """The figures by the names of Sums; days as ISO 8601."""
    days = {day.isoformat(): runs for day, runs in found.days.items()}
    return dataclasses.asdict(found) | {"days": days}
