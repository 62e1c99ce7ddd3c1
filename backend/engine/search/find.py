"""One search: what holds the text that was typed, what is meant by it, or what is needed next.

The engine calls it with the history held still.
"""

import time
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backend.engine.history import History
from backend.engine.search import answer, order
from backend.engine.search.answer import AS_A_LINE, Result
from backend.engine.search.candidates import Gatherer
from backend.engine.search.episodes.told import told
from backend.engine.search.folding import Folding
from backend.engine.search.narrowing import narrowed
from backend.engine.unasked import likely
from backend.engine.unasked.empty_line import needed
from backend.engine.unasked.fixing import fixing
from backend.meaning.model import Meaning
from backend.query.orders import LIKELY
from backend.query.parse import LITERAL, parse
from backend.query.place import NOWHERE, Place
from backend.query.words import encode
from backend.ranking import evidence, reasons, typed
from backend.ranking.rank import Candidates, Hit, Ranking, held_score, rank
from backend.text.containment import INSIDE, NOT, OPENS, WORD
from backend.wire import protocol
from backend.wire.episode import Episode

# Candidates that each side, meaning and text, brings to the ranking. Three times as many found
# no more on the evaluation data.
CANDIDATES = 100
# Rows that merely resemble what was typed, below those that hold it.
RESEMBLING = 50
# Below rows that hold what was typed only such cosines are worth a look.
ALIKE = 0.45
NOTHING_CLOSE, NEAREST = "nothing close", "nothing close; the nearest:"
# A whole line of so many chunks, typed with an error or two, means the command that is as like it
# as this, rather than one that holds its pieces somewhere.
LINE, NEARLY = 3, 0.85

# Above every other score.
FIRST, PICKED_BEFORE = 7.0, "picked before"

# The text score of rows that hold what was typed.
TEXT_OF = {OPENS: 1.0, WORD: 0.8, INSIDE: 0.6}

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]
Rows = NDArray[np.int32]


@dataclass(frozen=True)
class Request:
    """What is searched for. `mode` is one of protocol.MODES. `offset` rows are passed over.
    `narrow`: filters that hold beside those of the text; `hidden`: commands that are not shown.
    `fold`: of commands that differ in an argument or two alone one is shown.
    """

    text: str
    limit: int = 50
    mode: str = protocol.AUTO
    place: Place = NOWHERE
    offset: int = 0
    narrow: str = ""
    hidden: frozenset[int] = frozenset()
    fold: bool = False

    @property
    def end(self) -> int:
        """How many rows must be known to answer."""
        return self.offset + self.limit


def find(history: History, meaning: Meaning, request: Request, beside: Executor) -> Result:
    """The commands that match best. The text is searched `beside` the embedding of the query.

    Raises ModelUnavailable if meaning alone was asked for and there is no model.
    """
    started = time.perf_counter()
    result = _Search(history, meaning, request, beside).result()
    return replace(result, took_ms=(time.perf_counter() - started) * 1000)


class _Search:
    def __init__(
        self, history: History, meaning: Meaning, request: Request, beside: Executor
    ) -> None:
        self._history, self._meaning, self._request = history, meaning, request
        self._catalogue = history.catalogue
        now = time.time()
        self._asked = parse(request.text, now, self._catalogue.text)
        self._likelihoods = history.needs.likelihoods(request.place)
        others = request.narrow, request.hidden, request.place
        self._narrowed = narrowed(history, self._asked, *others, now)
        self._allowed, self._order = self._narrowed.allowed, self._narrowed.order
        self._mistakes = self._narrowed.mistakes
        self._folding = Folding(history, self._asked, self._allowed, self._order, request.fold)
        self._count = max(CANDIDATES, request.end)
        self._gatherer = Gatherer(
            *(self._catalogue, history.aliases, history.episodes, meaning, beside),
            *(self._asked, request.mode),
            count=self._count,
            likelihoods=self._likelihoods,
        )

    def result(self) -> Result:
        if self._asked.is_empty:
            return self._needed()
        if self._request.mode == protocol.MEANING or self._asked.literalness < LITERAL:
            return self._meant()
        return self._typed()

    # What is needed next

    def _needed(self) -> Result:
        shown = np.ones(len(self._catalogue), bool) if self._allowed is None else self._allowed
        how = self._order, shown, self._folding, self._request.end
        rows, found = needed(self._catalogue, self._likelihoods, *how)
        hits = likely.hits(self._likelihoods, rows.tolist())
        if self._order == LIKELY:
            fixed = fixing(self._history, self._request.place)
            hits = likely.first([fix for fix in fixed if self._passes(fix.row)], hits)
        return self._answer(protocol.TEXT, hits, found, 0)

    # What holds the text that was typed

    def _typed(self) -> Result:
        """Rows that hold it; below them, if the query may be words, what resembles it."""
        held = self._narrowed.levels(self._asked, self._catalogue.text)
        levels = np.where(self._folded_away(held), NOT, held) if self._request.fold else held
        matches = int(np.count_nonzero(levels > NOT))
        rows = self._holding(levels)
        scores = held_score(levels[rows], self._likelihoods[rows])
        hits = [
            Hit(row, score, None, TEXT_OF[level], level, "")
            for row, score, level in zip(
                rows.tolist(), scores.tolist(), levels[rows].tolist(), strict=True
            )
        ]
        is_line = len(self._asked.fragments) >= LINE and not (levels == OPENS).any()
        words = self._asked.literalness < typed.WORDLESS
        # What resembles it stands below all that; far from there, it need not be known yet.
        is_far = matches >= self._request.end + RESEMBLING
        if matches and not is_line and (is_far or not words):
            hits = self._first(hits, levels)
            found = matches + sum(levels[hit.row] == NOT for hit in hits)
            return self._answer(self._mode_without_asking(), hits, found, matches)
        mode, alike = self._alike(held > NOT)
        nearly = self._nearly(hits + alike.hits) if is_line else []
        known = {hit.row for hit in nearly}
        hits = self._first(nearly + [hit for hit in hits if hit.row not in known], levels)
        matches += sum(levels[hit.row] == NOT for hit in hits)
        known = {hit.row for hit in hits}
        rest = [hit for hit in alike.hits if hit.row not in known]
        if matches:
            rest = [hit for hit in rest if words and (hit.meaning or 0.0) >= ALIKE]
        rest = self._folding.first(rest, hits)
        if len(hits) == matches:
            hits += rest
        return self._answer(mode, hits, matches + len(rest), matches, alike.near)

    def _folded_away(self, held: NDArray[np.uint8]) -> Mask:
        def worth(rows: NDArray[np.intp]) -> NDArray[np.float64]:
            if self._order == LIKELY:
                return typed.worth(held[rows], self._likelihoods[rows])
            return order.worth(self._catalogue, self._order)[rows]

        return self._folding.away(held > NOT, worth)

    def _holding(self, levels: NDArray[np.uint8]) -> Rows:
        if self._order != LIKELY:
            rows = np.flatnonzero(levels > NOT).astype(np.int32)
            ordered = order.ordered(self._catalogue, rows, self._order)
            return ordered[: self._request.end + typed.SPARE]
        most, pinned = self._request.end + typed.SPARE, self._catalogue.pinned
        rows = typed.order(levels, pinned, self._likelihoods, most)
        return typed.cased_first(self._asked, self._catalogue.text, rows)

    def _nearly(self, hits: Sequence[Hit]) -> list[Hit]:
        """Those whose whole text is nearly what was typed, the nearest first."""
        if not hits:
            return []
        texts = [self._catalogue.text.data(hit.row).lower() for hit in hits]
        alike = evidence.likeness(encode(self._asked.text.lower()), texts).tolist()
        near = [at for at, likeness in enumerate(alike) if likeness >= NEARLY]
        near.sort(key=lambda at: -alike[at])
        return [replace(hits[at], level=hits[at].level or AS_A_LINE) for at in near]

    def _alike(self, held: Mask) -> tuple[str, Ranking]:
        mode, candidates = self._candidates(~held if held.any() else None)
        return mode, rank(self._asked, candidates, RESEMBLING)

    def _mode_without_asking(self) -> str:
        usable = self._catalogue.vectors is not None and not self._meaning.problem
        return protocol.HYBRID if usable and self._request.mode != protocol.TEXT else protocol.TEXT

    # What is meant

    def _meant(self) -> Result:
        mode, candidates = self._candidates(None)
        ranking = rank(self._asked, candidates, max(RESEMBLING, self._request.end))
        hits = self._first(self._folding.first(ranking.hits), None)
        matches = sum(hit.level > NOT for hit in hits)
        found = self._answer(mode, hits, len(hits), matches, ranking.near)
        return replace(found, episode=self._outstanding(ranking))

    def _outstanding(self, ranking: Ranking) -> Episode | None:
        """The episode that answers far better than any row, for the first rows of an answer."""
        if ranking.episode is None or self._request.offset:
            return None
        weights = np.zeros(len(self._catalogue), np.float32)
        weights[[hit.row for hit in ranking.hits]] = [hit.score for hit in ranking.hits]
        scores = {ranking.episode: 0.0}
        return next(told(self._history, scores, weights, self._request.hidden), None)

    def _candidates(self, among: Mask | None) -> tuple[str, Candidates]:
        """What meaning and text bring up, `among` these rows, and which of the two were asked."""
        allowed = self._allowed if among is None else among
        if among is not None and self._allowed is not None:
            allowed = among & self._allowed
        return self._gatherer.gather(allowed)

    # What goes first

    def _first(self, hits: list[Hit], levels: NDArray[np.uint8] | None) -> list[Hit]:
        """In the order that was asked for. In that of need, first a command about which just this
        was noted, then what was picked before for such a question.
        """
        if self._order == LIKELY:
            picked = self._put_first(self._history.picked(self._asked), PICKED_BEFORE, hits, levels)
            noted = self._catalogue.text.noted_like(self._asked.text)
            return self._put_first(noted, reasons.NOTE, picked, levels)
        of_row = {hit.row: hit for hit in hits}
        rows = order.ordered(self._catalogue, np.array(list(of_row), np.int32), self._order)
        return [of_row[row] for row in rows.tolist()]

    def _put_first(
        self, rows: list[int], why: str, hits: list[Hit], levels: NDArray[np.uint8] | None
    ) -> list[Hit]:
        """These rows go to the top, whatever they hold, where they may be shown."""
        rows = [row for row in rows if self._passes(row)]
        known = {hit.row: hit for hit in hits}
        unknown = Hit(0, 0.0, None, None, NOT, "")
        first = [
            replace(
                known.get(row, replace(unknown, level=NOT if levels is None else int(levels[row]))),
                row=row,
                score=FIRST,
                why=why,
            )
            for row in rows
        ]
        return first + [hit for hit in hits if hit.row not in rows]

    # The answer

    def _passes(self, row: int) -> bool:
        rows = np.array([row], np.int32)
        allowed = self._allowed is None or bool(self._allowed[row])
        return allowed and bool(evidence.passes(self._asked, self._catalogue.text, rows)[0])

    def _answer(
        self, mode: str, hits: Sequence[Hit], found: int, matches: int, near: bool = True
    ) -> Result:
        far = None if near or matches else NEAREST if hits else NOTHING_CLOSE
        note = next(iter((*self._mistakes, *self._asked.hints)), far)
        shown = hits[self._request.offset : self._request.end]
        alike = [self._folding.count(hit.row) for hit in shown]
        rows = answer.rows(self._history, self._request.place, shown, alike)
        told = note, self._asked.applied, self._mistakes
        return Result(mode, 0.0, len(self._catalogue), found, matches, *told, rows)
