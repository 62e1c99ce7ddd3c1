"""Groups of commands: what one, several and common ones add."""

import numpy as np
import pytest

from backend.query.parse import parse
from backend.ranking.pooling import Groups, contributions, matches, pooled

SENTENCE = parse("the day the disk of the server was full", 0.0)


def scores(cosines: list[float], *groups: list[int]) -> list[float]:
    """Of groups of these commands, each of the same worth."""
    added = contributions(np.array(cosines, np.float32), np.ones(len(cosines), np.float32))
    rows = np.array([row for group in groups for row in group], np.int32)
    of = np.array([at for at, group in enumerate(groups) for _ in group], np.int32)
    return [float(score) for score in pooled(added, rows, of, len(groups))]


def test_the_best_command_counts_most_and_the_others_count() -> None:
    best, several, poor = scores([0.6, 0.5, 0.5, 0.1], [0, 3], [1, 2], [3, 3])
    assert best > several > poor > 0
    alone, with_another = scores([0.6, 0.55], [0], [0, 1])
    assert with_another > alone


def test_what_is_everywhere_adds_nothing() -> None:
    added = contributions(np.array([0.9, 0.3], np.float32), np.array([0, 1], np.float32))
    assert added[0] == 0 < added[1]


def test_a_group_in_which_nothing_matches_scores_nothing() -> None:
    assert scores([0.0, -0.5], [0, 1], []) == [0.0, 0.0]


def test_the_best_group_of_each() -> None:
    """Two stand together, one stands with what does not match, one stands alone, one in none."""
    worths = np.ones(6, np.float32)
    at = np.array([0, 1, 2, 3, 4, 0], np.int32)
    groups = Groups(at, np.array([90, 90, 7, 7, 8, 7], np.int32), worths)
    best = groups.pooled(np.array([0.6, 0.6, 0.5, 0.0, 0.5, 0.9], np.float32)).best().tolist()
    assert best[0] == best[1] > best[2] == best[3] > best[4] > best[5] == 0
    nothing = np.empty(0, np.int32)
    none = Groups(nothing, nothing, worths[:2]).pooled(np.ones(2, np.float32))
    assert none.best().tolist() == [0, 0]
    assert none.outstanding() is None


@pytest.mark.parametrize(
    ("matching", "outstanding"),
    [
        ([0.5, 0.5, 0.5, 0.5, 0.3], 90),
        ([0.5, 0.5, 0.3, 0.3, 0.8], None),  # one command is better than all of them
        ([0.7, 0.2, 0.2, 0.2, 0.2], None),  # no better than its best one
        ([0.5, 0.5, 0.5, 0.5, 0.56], None),  # better than one, but so is the other group, nearly
    ],
)
def test_a_group_that_stands_out(matching: list[float], outstanding: int | None) -> None:
    at, groups = np.arange(5, dtype=np.int32), np.array([90, 90, 90, 90, 7], np.int32)
    found = Groups(at, groups, np.ones(5, np.float32)).pooled(np.array(matching, np.float32))
    assert found.outstanding() == outstanding


def test_words_count_beside_the_cosine_and_alone() -> None:
    cosines, words = np.array([0.5, 0.5, np.nan], np.float32), np.array([0, 9, 0], np.float32)
    found = matches(SENTENCE, cosines, words)
    assert found[1] > found[0] == pytest.approx(0.5)
    assert found[2] == pytest.approx(0.5), "neither near nor far"
    assert matches(SENTENCE, None, words).tolist() == [0, 1, 0]
    literal = parse("rsync -aHAX /mnt", 0.0)
    assert matches(literal, cosines, words)[1] > found[1]
