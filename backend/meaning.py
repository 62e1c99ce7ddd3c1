"""The model in use: its embedder, the query adapter, and the vectors that belong to it.

Knows nothing of the store or of ranking. Before `load`, and without a model, it can say why.
"""

import logging

import numpy as np
from numpy.typing import NDArray

from backend import adapter, query, vectors
from backend.config import Config
from backend.embedder import Embedder, ModelNotFound

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]


class ModelUnavailable(Exception):
    """Meaning was needed and there is no model; the text says why and what to run."""


class Meaning:
    """Texts to vectors, once loaded. `problem` is None then, else one line that says why not."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._embedder: Embedder | None = None
        self._adapter: adapter.Adapter | None = None
        self.loading = True
        self.problem: str | None = "the model is being loaded; try again in a second"

    def load(self) -> vectors.Vectors | None:
        """Load the model and open its vectors; None, and a `problem`, without a model."""
        try:
            return self._load()
        finally:
            self.loading = False

    def _load(self) -> vectors.Vectors | None:
        try:
            embedder = Embedder(
                self._config.model_dir,
                device=self._config.device,
                precision=self._config.precision,
            )
        except ModelNotFound as error:
            self.problem = str(error)
            log.warning("%s", error)
            return None
        if embedder.warning:
            log.warning("%s", embedder.warning)
        self._adapter = adapter.load()
        self._embedder = embedder
        self.problem = None
        return self.open_vectors()

    def open_vectors(self) -> vectors.Vectors:
        """The vectors on disk; those of another model are removed, to be made anew."""
        embedder = self._loaded()
        directory = self._config.vectors_dir
        try:
            return vectors.Vectors(directory, embedder.model_id, embedder.dimension)
        except vectors.StaleVectors as error:
            log.warning("%s (doing so now)", error)
            return self.new_vectors()

    def new_vectors(self) -> vectors.Vectors:
        """Empty vectors in place of those on disk."""
        embedder = self._loaded()
        vectors.remove(self._config.vectors_dir)
        return vectors.Vectors(self._config.vectors_dir, embedder.model_id, embedder.dimension)

    def query_vector(self, asked: query.Query) -> Floats:
        """The unit vector to look for, (dimension,). Raises ModelUnavailable."""
        vector = self._loaded().embed_query(asked.meaning_text)
        return self._adapter.query_vector(vector, asked) if self._adapter else vector

    def embed(self, texts: list[str]) -> Floats:
        """Unit vectors of commands, (n, dimension). Raises ModelUnavailable."""
        return self._loaded().embed(texts)

    def _loaded(self) -> Embedder:
        if self._embedder is None:
            raise ModelUnavailable(self.problem or "there is no model; run: bash install.sh")
        return self._embedder

    def status(self) -> dict[str, object]:
        """`model` (what stamps its vectors), `precision`, `providers`, `model_problem`."""
        embedder = self._embedder
        if embedder is None:
            return {"model_problem": self.problem, "loading": int(self.loading)}
        return {
            "model": embedder.model_id,
            "precision": embedder.precision,
            "providers": ",".join(embedder.providers),
        }
