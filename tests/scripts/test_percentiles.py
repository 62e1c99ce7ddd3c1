"""Percentiles by nearest rank."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.benchmarks.percentiles import percentile, spread


@pytest.mark.parametrize(
    ("count", "percent", "expected"),
    [(1, 95, 1), (2, 50, 1), (3, 50, 2), (19, 95, 19), (20, 95, 19), (100, 7, 7), (100, 95, 95)],
)
def test_the_nearest_rank(count: int, percent: int, expected: float) -> None:
    assert percentile(range(count, 0, -1), percent) == expected


@given(st.lists(st.integers(0, 50), min_size=1), st.integers(1, 100))
def test_it_is_the_smallest_value_that_enough_do_not_exceed(values: list[int], share: int) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= share * len(values)
    assert sum(value < found for value in values) * 100 < share * len(values)


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 95)


def test_a_spread() -> None:
    assert spread([0.12345, 3.0, 1.0, 2.0]) == {"p50": 1.0, "p95": 3.0, "runs": 4}
