"""What speaks for a command besides the query: a pin, and how likely it is needed. Decides among
near-equals.

The whole bonus stays below CLEAR, so a row that is better by as much as that on the query itself
is never pushed down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backend.ranking.typed import scaled

Floats = npt.NDArray[np.float32]

# A difference in relevance that a user sees: need never outweighs it.
CLEAR = 0.05
_MOST = 0.98 * CLEAR
# A pinned command goes before all others that match as well, and before no other.
_PINNED, _MOST_PINNED = _MOST, 0.01 * CLEAR


@dataclass(frozen=True)
class Context:
    """Columns of length c, one entry for each row shown; None where unknown.

    ok_runs, failed_runs: counts. here: bool, ran in the request's directory. repo: bool, in its
    repository. session: bool, in its session. follows: 0..1, how often it came after the last
    command of the request's session.
    """

    ok_runs: npt.NDArray[np.int64] | None = None
    failed_runs: npt.NDArray[np.int64] | None = None
    here: npt.NDArray[np.bool_] | None = None
    repo: npt.NDArray[np.bool_] | None = None
    session: npt.NDArray[np.bool_] | None = None
    follows: Floats | None = None


def bonus(likelihoods: Floats, pinned: npt.NDArray[np.bool_]) -> Floats:
    """float32 (c,), no two of them CLEAR or more apart; what is pinned has more than the rest."""
    need = scaled(likelihoods)
    return np.where(pinned, _PINNED + _MOST_PINNED * need, _MOST * need).astype(np.float32)
