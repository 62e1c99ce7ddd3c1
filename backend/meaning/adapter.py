"""Query-side adapter: one matrix that turns a query's vector towards the commands it asks for.

The vectors of commands are left as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from backend.query.parse import Query

Vector = npt.NDArray[np.float32]
SHIPPED = Path(__file__).with_name("query_adapter.npy")


@dataclass(frozen=True)
class Adapter:
    """matrix: float32 (dim, dim), the change to add to a sentence's vector."""

    matrix: npt.NDArray[np.float32]

    @property
    def dimension(self) -> int:
        return len(self.matrix)

    def query_vector(self, vector: Vector, query: Query) -> Vector:
        """Unit vector (dim,): adapted as far as the query is a sentence, unchanged if literal.

        ValueError if the dimension differs.
        """
        if vector.shape != (self.dimension,):
            raise ValueError(f"adapter of {self.dimension} dimensions, vector of {vector.shape}")
        share = np.float32(1 - query.literalness)
        turned = vector + share * (self.matrix @ vector)
        length = np.linalg.norm(turned)
        return turned / length if length > 0 else vector


def load(path: Path = SHIPPED) -> Adapter | None:
    """The adapter in a .npy file, (dim, dim); None if there is no such file, or a damaged one."""
    try:
        matrix = np.load(path, allow_pickle=False)
    except (OSError, ValueError):
        return None
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        return None
    return Adapter(matrix.astype(np.float32))
