"""What was found, as whoever asked is told it: rows with what is known of each command."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backend.engine.history import History
from backend.engine.search import context
from backend.query.place import Place
from backend.ranking import reasons
from backend.ranking.rank import Hit
from backend.storage.lookup import Command
from backend.text.containment import INSIDE, NOT, OPENS, WORD
from backend.wire import limits
from backend.wire.episode import Episode
from backend.wire.row import Row

# How the levels of holding what was typed are called outside. A whole line that was typed with an
# error or two has a level of its own.
AS_A_LINE = 4
MATCH_OF = {OPENS: "start", WORD: "word", INSIDE: "inside", AS_A_LINE: "nearly", NOT: None}


@dataclass(frozen=True)
class Result:
    """Rows, best first; `mode` is what was used: protocol's HYBRID, MEANING or TEXT. total:
    commands in the history. found: rows that can be asked for, `matches` of them hold what was
    typed. applied: chunks of the query that narrow the search; mistakes: those that were to.
    episode: one that answers a sentence far better than any row.
    """

    mode: str
    took_ms: float
    total: int
    found: int
    matches: int
    note: str | None
    applied: tuple[str, ...]
    mistakes: tuple[str, ...]
    rows: list[Row]
    episode: Episode | None = None


def rows(
    history: History, place: Place, hits: Sequence[Hit], alike: Sequence[int] = ()
) -> list[Row]:
    """The commands of these hits, in their order, as seen from `place`. alike: how many others
    each stands for.
    """
    columns, kept = history.catalogue.columns, history.catalogue.kept
    found = np.array([hit.row for hit in hits], np.int32)
    known = context.gather(columns, history.lookup, place, found)
    commands = history.lookup.commands(columns["id"][found].tolist())
    return [
        Row(
            command=command.text,
            score=hit.score,
            meaning=hit.meaning,
            text=hit.text,
            runs=command.runs,
            last_run=command.last_run,
            exit=command.last_exit,
            cwd=command.last_cwd,
            why=_why(hit, command, reasons.of_context(known, at)),
            match=MATCH_OF[hit.level],
            duration=command.last_duration,
            id=command.id,
            pinned=command.id in kept.pinned or None,
            note=kept.notes.get(command.id),
            ok_runs=command.ok_runs,
            failed_runs=command.failed_runs,
            here=reasons.nearest(known, at),
            host=command.last_host,
            alike=(alike[at] or None) if alike else None,
        )
        for at, (hit, command) in enumerate(zip(hits, commands, strict=True))
    ]


def _why(hit: Hit, command: Command, context: str) -> str:
    cut = "only its first 64 KB" if limits.is_cut(command.text) else ""
    return reasons.SEPARATOR.join(filter(None, (hit.why, cut, context)))
