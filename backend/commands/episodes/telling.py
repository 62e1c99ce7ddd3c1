"""An episode for a person at a terminal: a few lines of it, or all of its commands."""

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime

import click

from backend.commands.shared.asking import quantity
from backend.commands.shared.listing import NEWLINE, duration
from backend.system.text import valid, visible
from backend.wire.episode import Episode
from shell_plugin.pick.screen.width import clip

INDENT = "    "


def summary(episode: Episode) -> Iterator[str]:
    """Its most telling commands, then when and where it was, how long, and how it ended."""
    for command in episode.title:
        yield click.style(_fitted(command, 0), bold=True)
    told = [
        when(episode.started),
        duration(_lasted(episode)),
        quantity(len(episode.runs), "command"),
    ]
    told += [in_text(episode.cwd), episode.host or "", _end(episode)]
    line = " · ".join(visible(valid(part)) for part in told if part)
    yield click.style(f"{INDENT}{line}", dim=True)
    yield click.style(f"{INDENT}deja episode {episode.id}", dim=True)


def listing(episode: Episode) -> Iterator[str]:
    """A line for each command: when it ran, how long, its exit status where it failed, itself."""
    for run in episode.runs:
        clock = "" if run.start is None else _local(run.start).strftime("%H:%M")
        cells = f"{clock:>5} {duration(run.duration):>6}"
        failed = click.style(f"{run.exit or '':>3}", fg="red")
        command = click.style(_fitted(run.command, len(cells) + 5), bold=run.telling or None)
        yield f"{click.style(cells, dim=True)} {failed} {command}"


def when(epoch: float | None) -> str:
    """`3 Jan 2026, 15:00`; empty if unknown."""
    return "" if epoch is None else f"{_local(epoch).day} {_local(epoch):%b %Y, %H:%M}"


def _local(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch).astimezone()


def _lasted(episode: Episode) -> float | None:
    if episode.started is None or episode.ended is None:
        return None
    return max(0.0, episode.ended - episode.started)


def in_text(path: str | None) -> str:
    """A directory as people write it: `~` for home; empty if unknown."""
    home, path = os.environ.get("HOME", "").rstrip("/"), path or ""
    is_below = home and (path == home or path.startswith(f"{home}/"))
    return f"~{path[len(home) :]}" if is_below else path


def _end(episode: Episode) -> str:
    known = [run.exit for run in episode.runs if run.exit is not None]
    if not known:
        return ""
    return f"ended with exit {known[-1]}" if known[-1] else "ended well"


def _fitted(command: str, used: int) -> str:
    """A command on one line, in what a terminal has room for beside `used` columns."""
    line = visible(valid(command).replace("\n", f" {NEWLINE} "))
    if not sys.stdout.isatty():
        return line
    return clip(line, shutil.get_terminal_size().columns - used)
