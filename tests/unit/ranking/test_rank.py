"""Ranking: what comes first, why, and when nothing is close."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.query.parse import parse
from backend.ranking import evidence, preference, rank, reasons, typed
from backend.ranking.pooling import Groups
from backend.ranking.preference import CLEAR, Context
from backend.ranking.rank import Candidates, Ranking
from backend.text.index import TextIndex

NOW = 1_800_000_000.0


def ranked(
    text: str,
    commands: list[str],
    cosines: list[float] | None,
    likelihoods: list[float] | None = None,
    limit: int = 50,
    pinned: list[bool] | None = None,
    groups: list[list[int]] | None = None,
    told: list[float] | None = None,
) -> Ranking:
    """Every command is a candidate."""
    index = TextIndex()
    index.add(commands)
    asked = parse(text, NOW, index)
    rows = np.arange(len(commands), dtype=np.int32)
    found = Candidates(
        rows=rows,
        cosines=None if cosines is None else np.array(cosines, np.float32),
        evidence=evidence.gather(asked, index, index.search(asked), rows),
        levels=index.levels(asked),
        likelihoods=np.array(likelihoods or [0.0] * len(commands), np.float32),
        pinned=np.array(pinned or [False] * len(commands)),
        episodes=None if groups is None else together(groups, len(commands)),
        told=None if told is None else np.array(told, np.float32),
    )
    return rank.rank(asked, found, limit)


def together(groups: list[list[int]], commands: int) -> Groups:
    at = np.array([row for group in groups for row in group], np.int32)
    numbers = np.array([of for of, group in enumerate(groups) for _ in group], np.int32)
    return Groups(at, numbers, np.ones(commands, np.float32))


def order(found: Ranking) -> list[int]:
    return [hit.row for hit in found.hits]


def test_fragments_want_text_first() -> None:
    commands = ["kubectl get pods", "kubectl get svc -n prod", "docker ps"]
    assert order(ranked("kubectl prod -n", commands, [0.8, 0.2, 0.7]))[0] == 1


def test_what_is_told_in_the_words_of_a_sentence_decides_between_near_ones() -> None:
    commands, question = ["one --a", "two --b"], "how do I unpack the whole archive here"
    assert order(ranked(question, commands, [0.52, 0.5])) == [0, 1]
    assert order(ranked(question, commands, [0.52, 0.5], told=[0.1, 0.8])) == [1, 0]
    assert order(ranked(question, commands, [0.7, 0.5], told=[0.1, 0.8])) == [0, 1]


def test_a_sentence_wants_meaning_first() -> None:
    commands = ["echo the last commit but changes", "git reset --soft HEAD~1", "ls"]
    asked = "undo the last commit but keep my changes"
    assert order(ranked(asked, commands, [0.2, 0.6, 0.1]))[0] == 1


def test_what_stands_in_the_right_episode_gains_a_little() -> None:
    commands, asked = ["a", "b", "c", "d"], "the day when the site was slow for all of us"
    cosines, groups = [0.503, 0.5, 0.49, 0.1], [[0], [1, 2], [3]]
    assert order(ranked(asked, commands, cosines)) == [0, 1, 2, 3]
    assert order(ranked(asked, commands, cosines, groups=groups)) == [1, 0, 2, 3]
    far = [0.9, 0.3, 0.3, 0.1]
    assert order(ranked(asked, commands, far, groups=groups))[0] == 0, "it is bounded"
    literal = ranked("b -x", ["a -x b", "b -x"], [0.5, 0.1], groups=[[0], [1]])
    assert order(literal) == order(ranked("b -x", ["a -x b", "b -x"], [0.5, 0.1]))


def test_what_a_sentence_names_counts() -> None:
    commands = ["find . -name '*.py'", "find . -name '*.log'"]
    assert order(ranked("find all the '*.log' files in here", commands, [0.6, 0.5]))[0] == 1


def test_a_command_with_typing_errors_is_found() -> None:
    commands = ["docker compose up -d", "docker compose down -v", "docker ps"]
    assert order(ranked("dokcer compsoe up -d", commands, [0.3, 0.5, 0.5]))[0] == 0


def test_quoted_text_is_a_must_where_some_row_has_it() -> None:
    commands = ["docker run --rm x", "docker rm run", "docker ps"]
    assert order(ranked('docker "run --rm"', commands, [0.1, 0.5, 0.5])) == [0]
    assert len(order(ranked('docker "no such"', commands, [0.1, 0.5, 0.5]))) == 3


def test_without_vectors_text_decides() -> None:
    found = ranked("docker", ["ls", "docker ps"], None)
    assert order(found)[0] == 1 and found.hits[0].meaning is None


def test_a_row_that_is_not_embedded_yet_is_found_by_text() -> None:
    found = ranked("brand new", ["ls", "brand new command"], [0.3, float("nan")])
    assert order(found)[0] == 1 and found.hits[0].meaning is None


def test_limit_and_no_candidates() -> None:
    assert len(ranked("ls", ["ls a", "ls b", "ls c"], [0.5] * 3, limit=2).hits) == 2
    nothing = ranked("ls", [], [])
    assert nothing.hits == [] and not nothing.near


LIKELIHOODS = st.lists(st.floats(0, 1, width=32), min_size=4, max_size=4)


@given(
    LIKELIHOODS,
    st.lists(st.floats(-1, 1, width=32), min_size=4, max_size=4),
    st.sampled_from(("list the files", "which files are there", "show me all files of this")),
)
def test_need_never_pushes_a_clearly_better_row_down(
    likelihoods: list[float], cosines: list[float], text: str
) -> None:
    commands = ["ls -la", "ls", "du -sh .", "find . -type f"]
    asked = parse(text, NOW)
    index = TextIndex()
    index.add(commands)
    told = evidence.gather(asked, index, index.search(asked), np.arange(4, dtype=np.int32))
    bare, _ = rank.relevances(asked, np.array(cosines, np.float32), told)
    places = order(ranked(text, commands, cosines, likelihoods))
    for better in places:
        for worse in places:
            if bare[better] - bare[worse] >= CLEAR:
                assert places.index(better) < places.index(worse)


@given(LIKELIHOODS, st.lists(st.booleans(), min_size=4, max_size=4))
def test_the_bonus_spreads_less_than_a_clear_difference(
    likelihoods: list[float], pinned: list[bool]
) -> None:
    bonus = preference.bonus(np.array(likelihoods, np.float32), np.array(pinned))
    assert np.isfinite(bonus).all() and np.ptp(bonus) < CLEAR


def test_a_pin_decides_among_near_equals_and_only_there() -> None:
    commands, needed, pins = ["make a", "make b"], [0.001, 0.9], [True, False]
    near = ranked("make it", commands, [0.5, 0.5], needed, pinned=pins)
    far = ranked("make it", commands, [0.5, 0.6], needed, pinned=pins)
    assert order(near) == [0, 1] and order(far) == [1, 0]


def test_need_decides_among_equals() -> None:
    # The later row wins a tie, so the one that is needed comes first in the list too.
    assert order(ranked("make it", ["make a", "make b"], [0.5, 0.5], [0.1, 0.001])) == [0, 1]


@given(st.lists(st.floats(-1, 1, width=32), min_size=4, max_size=4), LIKELIHOODS)
def test_meaning_never_reorders_what_was_typed(
    cosines: list[float], likelihoods: list[float]
) -> None:
    commands = ["git push", "git pull", "make git", "digit"]
    levels = {row: 3 - max(0, row - 1) for row in range(4)}
    expected = sorted(range(4), key=lambda row: (-levels[row], -scaled(likelihoods, row), -row))
    assert order(ranked("git", commands, cosines, likelihoods)) == expected


def scaled(likelihoods: list[float], row: int) -> float:
    return float(typed.scaled(np.array(likelihoods, np.float32))[row])


def why(text: str, command: str, cosine: float) -> str:
    return ranked(text, [command], [cosine]).hits[0].why


@pytest.mark.parametrize(
    ("text", "command", "cosine", "told"),
    [
        ("docker", "docker ps", 0.1, "as typed"),
        ("docker ps -a", "docker ps -a", 0.1, "all 3 words"),
        ("dokcer ps -a", "docker ps -a", 0.1, "nearly as typed"),
        ("dokcer", "docker ps with many more words", 0.1, "similar word"),
        ("a sentence about that", "ls", 0.3, "meaning .30"),
        ("a sentence about that", "ls", 0.1, ""),
        ("all of the '.log' files", "rm x.log", 0.1, "has .log"),
        ('"docker ps"', "docker ps", 1.0, "meaning 1.00 · exact text"),
    ],
)
def test_reason_of_text(text: str, command: str, cosine: float, told: str) -> None:
    assert why(text, command, cosine) == told


def test_reasons_of_context() -> None:
    known = Context(
        ok_runs=np.array([9, 0]),
        failed_runs=np.array([0, 3]),
        here=np.array([False, False]),
        repo=np.array([True, False]),
        session=np.array([False, True]),
        follows=np.array([0.1, 0.5], np.float32),
    )
    assert reasons.of_context(known, 0) == "this repository · worked 9 of 9"
    assert reasons.of_context(known, 1) == "this session · often next · failed 3 times"


def test_nothing_near_is_told_apart() -> None:
    commands = ["docker ps", "ls"]
    far = ranked("recipe for my grandmother's bread", commands, [0.12, 0.1])
    assert not far.near and len(far.hits) == 2, "a sentence gets the nearest all the same"
    assert ranked("list the containers that are running", commands, [0.6, 0.1]).near
    assert ranked("docker", commands, [0.1, 0.1]).near
    assert ranked("dokcer ps", commands, None).near
    assert order(ranked("dokcer", ["docker ps with many more words"], [0.1])) == [0]
    for cosines in ([0.45, 0.3], None):
        unknown = ranked("zxqwv", commands, cosines)
        assert not unknown.near and not unknown.hits, "a name that nobody knows gets nothing"
