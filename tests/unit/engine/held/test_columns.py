"""The columns of ranking: rows in order of id, slots that stay."""

import numpy as np

from backend.engine.held.columns import NO_SLOT, Columns


def sums(*ids: int) -> list[tuple[int, ...]]:
    return [(id, id * 2, id, id, id * 1_000_000, 7) for id in ids]


def test_append_and_rows() -> None:
    columns = Columns(sums(1, 4, 9))
    columns.append(sums(*range(10, 60)))
    assert len(columns) == 53
    assert columns["id"].tolist() == [1, 4, 9, *range(10, 60)]
    assert columns["last_run"][1] == 4.0
    assert columns.rows(np.array([4, 10])).tolist() == [1, 3]
    assert columns.known(np.array([1, 2, 59, 60])).tolist() == [True, False, True, False]


def test_update_keeps_slots() -> None:
    columns = Columns(sums(1, 2, 3))
    columns.set_slots(np.array([3, 1, 99]), first=10)
    columns.update([(1, 50, 0, 0, 0, 0)])
    assert columns["runs"].tolist() == [50, 4, 6]
    assert columns["slot"].tolist() == [11, NO_SLOT, 10]


def test_empty() -> None:
    columns = Columns()
    assert len(columns) == 0
    assert columns.known(np.array([1])).tolist() == [False]
    columns.append([])
    assert columns["runs"].tolist() == []
