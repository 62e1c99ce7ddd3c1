"""The commands that differ from one in an argument or two alone, and what stands in its blanks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.engine.history import History
from backend.engine.search import answer
from backend.engine.search.find import Request
from backend.engine.search.narrowing import narrowed
from backend.query.parse import parse
from backend.ranking.rank import Hit
from backend.redaction.mask import MARK
from backend.text.containment import NOT
from backend.text.templates import shape
from backend.wire.row import Row

Span = tuple[int, int]
Rows = NDArray[np.int32]


@dataclass(frozen=True)
class Alike:
    """blanks: (start, end) in the command of what differs, in characters; masked values are blanks,
    too, and where it has no likes all its arguments. rows: its likes, the likeliest first. values:
    of each what stands in the blanks, as typed; empty where that is not known.
    """

    blanks: list[Span]
    rows: list[Row]
    values: list[list[str]]


def alike(history: History, id: int, request: Request) -> Alike | None:
    """The likes of the command `id` that pass the filters of the request, as many as its limit;
    None if there is no such command.
    """
    found = history.catalogue.columns.rows_of([id])
    if not found:
        return None
    text = history.catalogue.text
    places, members = history.catalogue.likes.alike(found[0])
    rows = _passing(history, request, members[members != found[0]])
    hits = [Hit(row, 0.0, None, None, NOT, "") for row in rows]
    command = text.text(found[0])
    own = shape(command)
    spans = [own.spans[place] for place in places or own.free]
    blanks = sorted({*spans, *_masked(command, spans)})
    values = [dict(zip(spans, _values(text.text(row), places), strict=False)) for row in rows]
    return Alike(
        blanks,
        answer.rows(history, request.place, hits),
        [[of.get(blank, "") for blank in blanks] for of in values],
    )


def _passing(history: History, request: Request, rows: Rows) -> list[int]:
    now = time.time()
    asked = parse(request.text, now, history.catalogue.text)
    within = narrowed(history, asked, request.narrow, request.hidden, request.place, now)
    if within.allowed is not None:
        rows = rows[within.allowed[rows]]
    if asked.excluded:
        rows = rows[~history.catalogue.text.excluded(asked)[rows]]
    likelihoods = history.needs.likelihoods(request.place)[rows]
    last_run = history.catalogue.columns["last_run"][rows]
    order = np.lexsort((rows, last_run, likelihoods))[::-1]
    best: list[int] = rows[order][: request.limit].tolist()
    return best


def _values(command: str, places: tuple[int, ...]) -> list[str]:
    """What stands in a command at these places; a masked value is none."""
    texts = shape(command).texts
    return ["" if MARK in texts[place] else texts[place] for place in places]


def _masked(command: str, spans: list[Span]) -> Iterator[Span]:
    """The masked values that lie in none of these spans."""
    at = command.find(MARK)
    while at >= 0:
        end = at + len(MARK)
        if not any(start <= at < stop for start, stop in spans):
            yield at, end
        at = command.find(MARK, end)
