"""What meaning and text bring up for a query, side by side: the candidates that are ranked."""

from concurrent import futures
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.engine.held.aliases import Aliases
from backend.engine.held.catalogue import Catalogue
from backend.engine.held.episodes import Episodes
from backend.meaning.model import NO_VECTORS, Meaning, ModelUnavailable
from backend.query.parse import LITERAL, Query
from backend.ranking import evidence, typed
from backend.ranking.rank import Candidates
from backend.text.index import TextMatch
from backend.wire import protocol

# Rows, the nearest, of which is asked how much of a sentence is told about them: it takes some
# 30 µs each, and what is further down comes up no more.
TOLD_ROWS = 16

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Gatherer:
    """Brings up candidates for one query. mode: one of protocol.MODES; count: rows a side;
    likelihoods: need of every row, (n,). The text is searched `beside` the embedding.
    """

    catalogue: Catalogue
    aliases: Aliases
    episodes: Episodes
    meaning: Meaning
    beside: Executor
    asked: Query
    mode: str
    count: int
    likelihoods: Floats

    def gather(self, allowed: Mask | None) -> tuple[str, Candidates]:
        """Which of the two were asked (hybrid, meaning, text), and the rows, among `allowed` ones.

        Raises ModelUnavailable if meaning alone was asked for and there is no model.
        """
        match, vector = self.match_and_vector(allowed)
        rows, cosines = match.rows, None
        if vector is not None:
            rows, cosines = self._near(vector, match, allowed)
        told = evidence.gather(self.asked, self.catalogue.text, match, rows)
        used = protocol.MEANING if self.mode == protocol.MEANING else protocol.HYBRID
        return protocol.TEXT if vector is None else used, Candidates(
            rows,
            cosines,
            told,
            self._levels(rows, told),
            self.likelihoods[rows],
            self.catalogue.pinned[rows],
            self.episodes.of_rows(rows) if self.asked.literalness < LITERAL else None,
            self._told(rows, cosines),
        )

    def _told(self, rows: NDArray[np.int32], cosines: Floats | None) -> Floats | None:
        """How much of a sentence is told about each row; 0 where that is not asked."""
        if cosines is None or self.asked.literalness >= LITERAL:
            return None
        told = np.zeros(len(rows), np.float32)
        nearest = np.argsort(-np.nan_to_num(cosines, nan=-1.0), kind="stable")[:TOLD_ROWS]
        texts = [self.catalogue.text.text(row) for row in rows[nearest].tolist()]
        told[nearest] = self.aliases.telling.shares(self.asked, texts)
        return told

    def _near(
        self, vector: Floats, match: TextMatch, allowed: Mask | None
    ) -> tuple[NDArray[np.int32], Floats]:
        """Rows of both sides, and their cosines."""
        rows, cosines = self.catalogue.near(vector, self.count, allowed)
        if self.mode != protocol.MEANING:
            # Not by np.setdiff1d as it comes: it would load numpy.ma, 2 MB.
            other = np.sort(np.setdiff1d(match.rows, rows, assume_unique=True))
            cosines = np.concatenate([cosines, self.catalogue.cosines(vector, other)])
            rows = np.concatenate([rows, other])
        passed = evidence.passes(self.asked, self.catalogue.text, rows)
        return rows[passed], cosines[passed]

    def _levels(self, rows: NDArray[np.int32], told: evidence.Evidence) -> NDArray[np.uint8]:
        """A plain sentence is not looked for as text, nor one that no candidate holds."""
        is_sentence = not typed.share(self.asked) or self.mode == protocol.MEANING
        if is_sentence or not (told.contained == 1).any():
            return np.zeros(len(rows), np.uint8)
        return self.catalogue.text.levels(self.asked)[rows]

    def match_and_vector(self, allowed: Mask | None) -> tuple[TextMatch, Floats | None]:
        """What the words find, and the unit vector to look for, None without a model or with no
        need of one. The text is searched while ONNX Runtime embeds the query.

        Raises ModelUnavailable as `gather` does.
        """
        search, prior = self.catalogue.text.search, self.likelihoods
        searching = self.beside.submit(search, self.asked, self.count, allowed=allowed, prior=prior)
        try:
            vector = self._vector()
        finally:
            # Whatever happened: nothing may change the index as long as it is read.
            futures.wait([searching])
        return searching.result(), vector

    def _vector(self) -> Floats | None:
        """The unit vector to look for, (dimension,), or None to look at the text alone."""
        if self.mode == protocol.TEXT or not self.asked.meaning_text:
            return None
        try:
            if self.catalogue.vectors is None:
                raise ModelUnavailable(self.meaning.problem or NO_VECTORS)
            return self.meaning.query_vector(self.asked)
        except ModelUnavailable:
            if self.mode == protocol.MEANING:
                raise
            return None
