"""Edits to the history files of this machine, for the commands that forget and mask."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backend.histfiles.databases import DATABASES
from backend.histfiles.edit import Edited, NotEditable
from backend.histfiles.rewrite import NotRewritten, Snapshot, read, rewrite
from backend.histfiles.sources import Source, sources

# What a shell does that was open while its history file was edited cannot be helped from here.
STILL_OPEN = (
    "Shells that are open now hold what they have read, and may write it back when they end "
    "(bash does, unless histappend is set): end them, then run this again"
)


@dataclass(frozen=True)
class Edit:
    """A history file as it was read, and what it is to become."""

    source: Source
    before: Snapshot
    edited: Edited


def found() -> list[Source]:
    """The history files of this machine."""
    return sources(os.environ, Path.home())


def count(number: int, noun: str) -> str:
    """`1 entry`, `1,024 entries`."""
    plural = noun.removesuffix("y") + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {noun if number == 1 else plural}"


def is_database(source: Source) -> bool:
    """Whether another tool keeps it: those are read, never edited."""
    return source.format in DATABASES


def plan(change: Callable[[bytes, str], Edited]) -> tuple[list[Edit], dict[Path, str]]:
    """What `change` makes of every text file in which it changes anything, and what failed."""
    edits: list[Edit] = []
    problems: dict[Path, str] = {}
    for source in found():
        if is_database(source):
            continue
        try:
            before = read(source.path)
            edited = change(before.data, source.format)
        except NotRewritten as error:
            problems[source.path] = str(error)
        except NotEditable as error:
            problems[source.path] = f"{source.path} is left as it is: {error}"
        else:
            if edited.entries:
                edits.append(Edit(source, before, edited))
    return edits, problems


def carry_out(edits: list[Edit]) -> dict[Path, str]:
    """Rewrite the files; what failed, by path."""
    problems: dict[Path, str] = {}
    for edit in edits:
        try:
            rewrite(edit.before, edit.edited.data)
        except NotRewritten as error:
            problems[edit.source.path] = str(error)
    return problems
