"""Edits to the history files of this machine: what they would change, then all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backend.histfiles.edit import Edited
from backend.histfiles.formats import TEXT
from backend.histfiles.rewrite import NotRewritten, Snapshot, read, rewrite
from backend.histfiles.sources import Source, sources_here
from backend.histfiles.textfile import NotEditable

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


def plan(change: Callable[[bytes, str], Edited]) -> tuple[list[Edit], dict[Path, str]]:
    """What `change` makes of every text file in which it changes anything, and what failed."""
    edits: list[Edit] = []
    problems: dict[Path, str] = {}
    for source in sources_here():
        # Databases are read, never edited: other tools keep them.
        if source.format not in TEXT:
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
