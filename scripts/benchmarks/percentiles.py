"""Percentiles of what was measured: one definition for every figure."""

from collections.abc import Sequence


def percentile(values: Sequence[float], percent: int) -> float:
    """By nearest rank: the smallest value that at least `percent` % of the values do not exceed.

    Always one of the values, never between two. `percent` is 1 to 100; no values: ValueError.
    """
    if not values:
        raise ValueError("no values, no percentile")
    rank = -(-percent * len(values) // 100)
    return sorted(values)[rank - 1]


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and number of the values, in their unit, to three decimals."""
    return {
        "p50": round(percentile(values, 50), 3),
        "p95": round(percentile(values, 95), 3),
        "runs": len(values),
    }
