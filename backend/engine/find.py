"""One search: candidates by meaning and by text, ranked together and explained.

Knows no sockets and no locks; the engine calls it with the history held still.
"""

import time
from collections.abc import Sequence
from concurrent import futures
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.engine import context
from backend.engine.catalogue import Catalogue
from backend.engine.history import History
from backend.meaning.model import NO_VECTORS, Meaning, ModelUnavailable
from backend.query.parse import Query, parse
from backend.query.place import NOWHERE, Place
from backend.ranking import evidence
from backend.ranking.rank import Hit, Ranking, rank
from backend.storage.filtered import matching
from backend.text.index import TextMatch
from backend.wire import protocol
from backend.wire.row import Row

# Candidates that each side, meaning and text, brings to the ranking. Three times as many found
# no more on the evaluation data.
CANDIDATES = 100

_second_thread = futures.ThreadPoolExecutor(1, "text search")

Allowed = NDArray[np.bool_] | None


@dataclass(frozen=True)
class Request:
    """What is searched for. `mode` is one of protocol.MODES."""

    text: str
    limit: int = 50
    mode: str = protocol.AUTO
    place: Place = NOWHERE

    @property
    def candidates(self) -> int:
        """How many rows each side brings to the ranking."""
        return max(CANDIDATES, self.limit)


@dataclass(frozen=True)
class Result:
    """Rows, best first; `mode` is what was used: protocol's HYBRID, MEANING or TEXT."""

    mode: str
    took_ms: float
    total: int
    note: str | None
    rows: list[Row]


def find(history: History, meaning: Meaning, request: Request) -> Result:
    """The commands that match best.

    Raises ModelUnavailable if meaning alone was asked for and there is no model.
    """
    started = time.perf_counter()
    catalogue = history.catalogue
    asked = parse(request.text, time.time(), catalogue.text)
    allowed = _allowed(history, asked, request.place)
    if asked.is_empty:
        used, found = protocol.TEXT, _newest(catalogue, allowed, request.limit)
    else:
        used, found = _ranked(history, meaning, asked, allowed, request)
    note = next(iter(asked.hints), None) or found.note
    rows = _rows(history, found.hits)
    return Result(used, (time.perf_counter() - started) * 1000, len(catalogue), note, rows)


def _ranked(
    history: History, meaning: Meaning, asked: Query, allowed: Allowed, request: Request
) -> tuple[str, Ranking]:
    catalogue = history.catalogue
    match, vector = _match_and_vector(catalogue, meaning, asked, allowed, request)
    rows, cosines = match.rows, None
    if vector is not None:
        rows, cosines = catalogue.near(vector, request.candidates, allowed)
        if request.mode != protocol.MEANING:
            other = np.setdiff1d(match.rows, rows)
            cosines = np.concatenate([cosines, catalogue.cosines(vector, other)])
            rows = np.concatenate([rows, other])
        passed = evidence.passes(asked, catalogue.text, rows)
        rows, cosines = rows[passed], cosines[passed]
    found = rank(
        asked,
        rows,
        cosines,
        evidence.gather(asked, catalogue.text, match, rows),
        context.gather(catalogue.columns, history.lookup, request.place, rows),
        now=time.time(),
        limit=request.limit,
    )
    used = protocol.MEANING if request.mode == protocol.MEANING else protocol.HYBRID
    return protocol.TEXT if vector is None else used, found


def _match_and_vector(
    catalogue: Catalogue, meaning: Meaning, asked: Query, allowed: Allowed, request: Request
) -> tuple[TextMatch, NDArray[np.float32] | None]:
    """The text is searched while ONNX Runtime embeds the query."""
    searching = _second_thread.submit(
        catalogue.text.search, asked, request.candidates, allowed=allowed, prior=catalogue.prior()
    )
    try:
        vector = _query_vector(catalogue, meaning, asked, request.mode)
    finally:
        # Whatever happened: nothing may change the index as long as it is read.
        futures.wait([searching])
    return searching.result(), vector


def _query_vector(
    catalogue: Catalogue, meaning: Meaning, asked: Query, mode: str
) -> NDArray[np.float32] | None:
    """The unit vector to look for, (dimension,), or None to look at the text alone."""
    if mode == protocol.TEXT or not asked.meaning_text:
        return None
    try:
        if catalogue.vectors is None:
            raise ModelUnavailable(meaning.problem or NO_VECTORS)
        return meaning.query_vector(asked)
    except ModelUnavailable:
        if mode == protocol.MEANING:
            raise
        return None


def _allowed(history: History, asked: Query, place: Place) -> Allowed:
    """Which rows the filters of the query leave, (n,), or None for all."""
    if not asked.filters.active:
        return None
    allowed = np.zeros(len(history.catalogue), bool)
    ids = matching(history.store.db, asked.filters, place)
    allowed[history.catalogue.columns.rows(np.array(ids, np.int64))] = True
    return allowed


def _newest(catalogue: Catalogue, allowed: Allowed, limit: int) -> Ranking:
    rows = catalogue.newest(limit, allowed)
    return Ranking([Hit(int(row), 0.0, None, None, "") for row in rows], None)


def _rows(history: History, hits: Sequence[Hit]) -> list[Row]:
    ids = history.catalogue.columns["id"][[hit.row for hit in hits]].tolist()
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
            why=hit.why,
        )
        for hit, command in zip(hits, history.lookup.commands(ids), strict=True)
    ]
