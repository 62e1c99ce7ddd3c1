"""How much of a terminal is borrowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell_plugin.pick.screen.terminal import area_height


@given(st.integers(1, 500), st.booleans())
def test_the_area_fits_the_terminal(rows: int, on_own_line: bool) -> None:
    height = area_height(rows, on_own_line)
    assert 1 <= height <= max(1, rows - (not on_own_line))
    assert height <= 15 + on_own_line


@pytest.mark.parametrize(("rows", "height"), [(5, 4), (14, 8), (24, 12), (60, 15)])
def test_half_of_it_within_reason(rows: int, height: int) -> None:
    assert area_height(rows, on_own_line=False) == height
