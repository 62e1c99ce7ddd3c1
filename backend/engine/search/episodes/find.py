"""One search for episodes: the stretches of work that a question asks for.

The engine calls it with the history held still.
"""

import time
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backend.engine.history import History
from backend.engine.search.candidates import Gatherer
from backend.engine.search.episodes.told import NotRead, told
from backend.engine.search.episodes.told import with_run as with_run  # part of the interface
from backend.engine.search.find import NEAREST, NOTHING_CLOSE, Request
from backend.meaning.model import Meaning
from backend.query.parse import narrowing, parse
from backend.ranking import pooling, typed
from backend.ranking.rank import NEAR, NEAR_LITERAL, NEAR_UNKNOWN
from backend.storage.filtered import matching_runs, unknown
from backend.wire import protocol
from backend.wire.episode import Episode

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Found:
    """Episodes, best first; `mode` is what was used, protocol's HYBRID, MEANING or TEXT."""

    mode: str
    took_ms: float
    note: str | None
    mistakes: tuple[str, ...]
    episodes: list[Episode]


def find(history: History, meaning: Meaning, request: Request, beside: Executor) -> Found:
    """The episodes that match best; those that ended last, if nothing but filters is asked for.

    An episode passes the filters if some run of it does. Raises NotRead, and ModelUnavailable if
    meaning alone was asked for and there is no model.
    """
    started = time.perf_counter()
    if not history.episodes.are_read:
        raise NotRead
    found = _Search(history, meaning, request, beside).result()
    return replace(found, took_ms=(time.perf_counter() - started) * 1000)


class _Search:
    def __init__(
        self, history: History, meaning: Meaning, request: Request, beside: Executor
    ) -> None:
        self._history, self._request = history, request
        self._catalogue, self._table = history.catalogue, history.episodes.table()
        self._asked = parse(request.text, time.time(), self._catalogue.text)
        self._gatherer = Gatherer(
            *(self._catalogue, history.aliases, history.episodes, meaning, beside),
            *(self._asked, request.mode),
            count=1,
            likelihoods=self._catalogue.prior(),
        )

    def result(self) -> Found:
        allowed, mistakes = self._narrowed()
        worths = self._history.episodes.worths()
        if self._asked.is_empty:
            mode, added, near = protocol.TEXT, worths, True
            scores = self._table.ended
        else:
            mode, matching, near = self._matching()
            added = pooling.contributions(matching, worths)
            groups = self._table.rows, self._table.episodes
            scores = pooling.pooled(added, *groups, len(self._table)).astype(np.float64)
        shown = near or (mode != protocol.TEXT and typed.is_in_words(self._asked))
        best = _best(np.where(allowed, scores, 0), self._request.limit) if shown else []
        far = None if near and best else NEAREST if best else NOTHING_CLOSE
        note = next(iter((*mistakes, *self._asked.hints)), far)
        # With nothing asked for there is no score.
        scored = {at: 0.0 if self._asked.is_empty else float(scores[at]) for at in best}
        episodes = told(self._history, scored, added, self._request.hidden)
        return Found(mode, 0.0, note, mistakes, list(episodes))

    def _matching(self) -> tuple[str, Floats, bool]:
        """What was asked, meaning or text; how well each command matches; whether any is near."""
        words, vector = self._gatherer.match_and_vector(None)
        cosines = None if vector is None else self._catalogue.cosines_roughly(vector)
        if cosines is None:
            matching = pooling.matches(self._asked, None, words.scores)
            return protocol.TEXT, matching, bool(matching.any())
        mode = protocol.HYBRID
        if self._request.mode == protocol.MEANING:
            mode, words = protocol.MEANING, replace(words, scores=np.zeros_like(words.scores))
        matching = pooling.matches(self._asked, cosines, words.scores)
        covered = int(words.covered.max(initial=0))
        more = NEAR_LITERAL if covered else NEAR_UNKNOWN
        near = np.nanmax(cosines, initial=-1.0) >= NEAR + more * self._asked.literalness
        return mode, matching, bool(near) or 2 * covered >= max(words.words, 1)

    def _narrowed(self) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
        """Which episodes may be found, bool (n,); a line for each filter that makes no sense."""
        others, wrong = narrowing(self._request.narrow, time.time())
        mistakes = [*self._asked.mistakes, *wrong]
        active = [each for each in (self._asked.filters, others) if each.active]
        allowed = np.full(len(self._table), not active)
        db = self._history.store.db
        if active:
            ids = matching_runs(db, self._request.place, *active)
            allowed[self._table.with_runs(ids)] = True
            nowhere = (unknown(db, each) for each in active if not ids)
            mistakes += [mistake for mistake in nowhere if mistake]
        if self._asked.excluded:
            held = self._catalogue.text.excluded(self._asked)[self._table.rows]
            allowed[self._table.episodes[held]] = False
        return allowed, tuple(mistakes)


def _best(scores: NDArray[np.floating], most: int) -> list[int]:
    """The episodes with the highest scores above 0, the later ones first among equals."""
    order = np.lexsort((-np.arange(len(scores)), -scores))[:most]
    best: list[int] = order[scores[order] > 0].tolist()
    return best
