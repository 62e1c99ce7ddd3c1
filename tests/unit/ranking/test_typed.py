"""The order of what was typed: how rows hold it, the case, and how much of a sentence it is."""

import numpy as np
import pytest

from backend.query.parse import LITERAL, Query, parse
from backend.ranking import typed
from backend.text.index import TextIndex


@pytest.mark.parametrize(
    ("literalness", "share"), [(0.0, 0), (0.1, 0), (0.175, 0.5), (0.25, 1), (1, 1)]
)
def test_a_sentence_turns_into_text_steadily(literalness: float, share: float) -> None:
    assert typed.share(Query("x", literalness=literalness)) == pytest.approx(share)
    assert LITERAL == 0.25


def test_levels_come_before_need_and_the_later_row_wins_a_tie() -> None:
    levels = np.array([1, 3, 0, 3, 2, 3], np.uint8)
    likelihoods = np.array([1.0, 0.1, 1.0, 0.1, 0.9, 0.2], np.float32)
    pinned = np.zeros(6, bool)
    assert typed.order(levels, pinned, likelihoods, 9).tolist() == [5, 3, 1, 4, 0]
    assert typed.order(levels, pinned, likelihoods, 2).tolist() == [5, 3]


def test_a_pinned_row_is_the_first_of_its_level_alone() -> None:
    levels = np.array([1, 3, 0, 3, 2, 3], np.uint8)
    likelihoods = np.array([1.0, 0.1, 1.0, 0.1, 0.9, 1.0], np.float32)
    pinned = np.array([True, True, True, False, False, False])
    assert typed.order(levels, pinned, likelihoods, 9).tolist() == [1, 5, 3, 4, 0]


def test_the_case_typed_comes_first() -> None:
    index = TextIndex()
    index.add(["cat readme", "cat README", "cat Readme"])
    rows = np.arange(3, dtype=np.int32)
    assert typed.cased_first(parse("readme", 0.0), index, rows).tolist() == [0, 1, 2]
    assert typed.cased_first(parse("Readme", 0.0), index, rows).tolist() == [2, 0, 1]


def test_which_queries_may_be_in_words() -> None:
    assert typed.is_in_words(parse("find the largest files", 0.0))
    assert typed.is_in_words(parse("archive", 0.0)), "a word that descriptions use"
    assert not typed.is_in_words(parse("zzzqqq", 0.0))


def test_likelihoods_on_a_scale() -> None:
    scaled = typed.scaled(np.array([0.0, 1e-7, 1e-6, 1.0], np.float32)).tolist()
    assert scaled[0] == scaled[1] == pytest.approx(0.0, abs=1e-6)
    assert scaled[2] == pytest.approx(1 / 7, abs=1e-3) and scaled[3] == 1
