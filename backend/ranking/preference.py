"""What speaks for a command besides the query: place, habit, success. Decides among near-equals.

The whole bonus stays below CLEAR, so a row that is better by as much as that on the query itself is
never pushed down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

# A difference in relevance that a user sees: context never outweighs it.
CLEAR = 0.05
# In sum less than CLEAR.
_HERE, _REPO, _SESSION, _FOLLOWS = 0.009, 0.005, 0.004, 0.007
_RECENT, _USED, _FAILED = 0.009, 0.007, 0.008
_HALF_LIFE = 14 * 86400.0
_MANY_RUNS = 100


@dataclass(frozen=True)
class Context:
    """Columns of length c, one entry for each candidate row; None where unknown.

    runs, ok_runs, failed_runs: counts. last_run: float64 epoch seconds, nan unknown. here: bool,
    ran in the request's directory. repo: bool, in its repository. session: bool, in its session.
    follows: 0..1, how often it came after the last command of the request's session.
    """

    runs: npt.NDArray[np.int64] | None = None
    ok_runs: npt.NDArray[np.int64] | None = None
    failed_runs: npt.NDArray[np.int64] | None = None
    last_run: npt.NDArray[np.float64] | None = None
    here: npt.NDArray[np.bool_] | None = None
    repo: npt.NDArray[np.bool_] | None = None
    session: npt.NDArray[np.bool_] | None = None
    follows: Floats | None = None


def bonus(context: Context | None, count: int, now: float | None) -> Floats:
    """float32 (count,), no two of them CLEAR or more apart."""
    total = np.zeros(count, np.float64)
    if context is None:
        return total.astype(np.float32)
    flags = ((context.here, _HERE), (context.repo, _REPO), (context.session, _SESSION))
    for column, worth in flags:
        if column is not None:
            total += worth * (column > 0)
    if context.follows is not None:
        total += _FOLLOWS * np.clip(np.nan_to_num(context.follows), 0, 1)
    if context.runs is not None:
        total += _USED * np.log1p(np.clip(context.runs, 0, _MANY_RUNS)) / np.log1p(_MANY_RUNS)
    if context.last_run is not None and now is not None:
        age = np.maximum(now - context.last_run, 0.0) / _HALF_LIFE
        total += _RECENT * np.nan_to_num(1 / (1 + age))
    total -= _FAILED * _always_failed(context, count)
    return total.astype(np.float32)


def _always_failed(context: Context, count: int) -> npt.NDArray[np.bool_]:
    """Rows that have failed, and never worked."""
    if context.failed_runs is None or context.ok_runs is None:
        return np.zeros(count, np.bool_)
    return (context.failed_runs > 0) & (context.ok_runs <= 0)
