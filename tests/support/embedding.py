"""A stand-in for the embedder: no model, no waiting."""

import hashlib
from collections.abc import Sequence

import numpy as np


class BagOfLetters:
    """Stands in for the embedder: a text's vector depends on its letters, so like texts are near.

    32 dimensions; deterministic; no model.
    """

    dimension = 32
    precision = "fp32"
    lot = 32
    providers = ("CPUExecutionProvider",)
    warning = None

    def __init__(self, *_: object, model_id: str = "letters", **__: object) -> None:
        self.model_id = model_id

    def embed_query(self, text: str) -> np.ndarray:
        vector = np.full(self.dimension, 1e-3, np.float32)
        for word in text.lower().split():
            digest = hashlib.md5(word.encode("utf-8", "surrogateescape")).digest()
            vector[digest[0] % self.dimension] += 1.0
        return vector / np.linalg.norm(vector)

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return np.stack([self.embed_query(text) for text in texts])
