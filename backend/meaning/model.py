"""The model in use: its embedder, the query adapter, and the vectors that belong to it.

Before `load`, and without a model, it can say why. A model that nobody has used for a while is let
go, and is back with the first search.
"""

import gc
import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.config import Config
from backend.meaning import adapter, vectors
from backend.meaning.embedder import Embedder, ModelNotFound
from backend.meaning.stamp import StaleVectors
from backend.query.parse import Query
from backend.system import memory, priority
from backend.wire import protocol

log = logging.getLogger(__name__)

Floats = NDArray[np.float32]

# The model is most of the daemon's memory, and loading it takes less time than typing a word.
RELEASE_S = 600.0


@dataclass(frozen=True)
class Problem:
    """Why there is no model: one line that says what to do, and the code of protocol.py."""

    text: str
    code: str


LOADING = Problem("the model is being loaded; try again in a second", protocol.SOON)
NO_VECTORS = Problem("the vectors are not open yet; try again in a second", protocol.SOON)


class ModelUnavailable(Exception):
    """Meaning was needed and there is no model; the text says why and what to run."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.code = problem.code


class Meaning:
    """Texts to vectors, once loaded. `problem` is None then, else it says why not. `lot`: how many
    texts `embed` had best be given at a time.

    Safe to use from several threads.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._embedder: Embedder | None = None
        self._adapter: adapter.Adapter | None = None
        self._loading_lock = threading.Lock()
        self._in_background = ThreadPoolExecutor(1, "embedding", priority.lower)
        self._used = time.monotonic()
        self._about: dict[str, object] = {}
        self.lot = 1
        self.loading = True
        self.problem: Problem | None = LOADING

    def load(self) -> vectors.Vectors | None:
        """Load the model and open its vectors; None, and a `problem`, without a model."""
        try:
            return self._load_all()
        finally:
            # Last: who waits for it to end looks for a problem then.
            self.loading = False

    def _load_all(self) -> vectors.Vectors | None:
        try:
            embedder = self._load()
        except ModelNotFound as error:
            self._fail(str(error))
            return None
        except Exception as error:  # onnxruntime and tokenizers raise what they like
            kind = type(error).__name__
            where = self._config.model_dir
            self._fail(
                f"ONNX model not found in working order in {where} ({kind}); run: bash install.sh"
            )
            return None
        if embedder.warning:
            log.warning("%s", embedder.warning)
        found_adapter = adapter.load()
        if found_adapter and found_adapter.dimension == embedder.dimension:
            self._adapter = found_adapter
        try:
            found = self._open_vectors(embedder)
        except OSError as error:
            text = f"cannot open the vectors ({error.strerror}); run: deja doctor"
            self.problem = Problem(text, protocol.INTERNAL)
            raise
        self.problem = None
        return found

    def _fail(self, text: str) -> None:
        self.problem = Problem(text, protocol.NO_MODEL)
        log.warning("%s", text)

    def _load(self) -> Embedder:
        with self._loading_lock:
            if self._embedder is None:
                # There, since ONNX Runtime's threads get the priority of the one that starts them.
                self._embedder = self._in_background.submit(
                    Embedder,
                    self._config.model_dir,
                    device=self._config.device,
                    precision=self._config.precision,
                ).result()
                self.lot = self._embedder.lot
                self._about = {
                    "model": self._embedder.model_id,
                    "precision": self._embedder.precision,
                    "providers": ",".join(self._embedder.providers),
                }
            return self._embedder

    def _open_vectors(self, embedder: Embedder) -> vectors.Vectors:
        """The vectors on disk; damaged ones and those of another model are made anew."""
        directory = self._config.vectors_dir
        try:
            return vectors.Vectors(directory, embedder.model_id, embedder.dimension)
        except (StaleVectors, vectors.DamagedVectors) as error:
            log.warning("%s (doing so now)", error)
            vectors.remove(directory)
            return vectors.Vectors(directory, embedder.model_id, embedder.dimension)

    def new_vectors(self) -> vectors.Vectors:
        """Empty vectors in place of those on disk. Raises ModelUnavailable."""
        embedder = self._awake()
        directory = self._config.vectors_dir
        vectors.remove(directory)
        return vectors.Vectors(directory, embedder.model_id, embedder.dimension)

    def query_vector(self, asked: Query) -> Floats:
        """The unit vector to look for, (dimension,). Raises ModelUnavailable."""
        vector = self._awake().embed_query(asked.meaning_text)
        return self._adapter.query_vector(vector, asked) if self._adapter else vector

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, (n, dimension); others' work goes first. Raises ModelUnavailable."""
        return self._in_background.submit(self._awake().embed, texts).result()

    def _awake(self) -> Embedder:
        """The embedder, loaded again if it was let go."""
        if self.problem:
            raise ModelUnavailable(self.problem)
        self._used = time.monotonic()
        embedder = self._embedder
        try:
            return embedder or self._load()
        except ModelNotFound as error:
            raise ModelUnavailable(Problem(str(error), protocol.NO_MODEL)) from error

    def expect_use(self) -> bool:
        """Somebody has begun to search: whether `keep_or_release` is to load the model again."""
        self._used = time.monotonic()
        return self._embedder is None and not self.problem

    def close(self) -> None:
        """End its thread. It embeds no more."""
        self._in_background.shutdown()

    def keep_or_release(self) -> None:
        """Let go of a model that was not used for RELEASE_S; load one that is wanted again."""
        if self.problem:
            return
        if time.monotonic() - self._used <= RELEASE_S:
            self._load()
        elif self._embedder is not None:
            self._embedder = None
            gc.collect()
            memory.give_back_unused()

    def status(self) -> dict[str, object]:
        """`model` (what stamps its vectors), `precision`, `providers`, or `model_problem`."""
        if self.problem:
            return {"model_problem": self.problem.text, "loading": int(self.loading)}
        return {**self._about, "model_in_memory": int(self._embedder is not None)}
