"""Ranking: what comes first, why, and when nothing is close."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.query.parse import parse
from backend.ranking import evidence, preference, rank
from backend.ranking.preference import CLEAR, Context
from backend.ranking.rank import Ranking
from backend.text.index import TextIndex

NOW = 1_800_000_000.0


def ranked(
    text: str,
    commands: list[str],
    cosines: list[float] | None,
    context: Context | None = None,
    limit: int = 50,
) -> Ranking:
    """Every command is a candidate."""
    index = TextIndex()
    index.add(commands)
    asked = parse(text, NOW, index)
    rows = np.arange(len(commands), dtype=np.int32)
    told = evidence.gather(asked, index, index.search(asked), rows)
    near = None if cosines is None else np.array(cosines, np.float32)
    return rank.rank(asked, rows, near, told, context, now=NOW, limit=limit)


def order(found: Ranking) -> list[int]:
    return [hit.row for hit in found.hits]


def test_fragments_want_text_first() -> None:
    commands = ["kubectl get pods", "kubectl get svc -n prod", "docker ps"]
    assert order(ranked("kubectl prod -n", commands, [0.8, 0.2, 0.7]))[0] == 1


def test_a_sentence_wants_meaning_first() -> None:
    commands = ["echo the last commit but changes", "git reset --soft HEAD~1", "ls"]
    asked = "undo the last commit but keep my changes"
    assert order(ranked(asked, commands, [0.2, 0.6, 0.1]))[0] == 1


def test_what_a_sentence_names_counts() -> None:
    commands = ["find . -name '*.py'", "find . -name '*.log'"]
    assert order(ranked("find all the '*.log' files in here", commands, [0.6, 0.5]))[0] == 1


def test_a_command_with_typing_errors_is_found() -> None:
    commands = ["docker compose up -d", "docker compose down -v", "docker ps"]
    assert order(ranked("dokcer compsoe up -d", commands, [0.3, 0.5, 0.5]))[0] == 0


def test_the_case_typed_comes_first() -> None:
    assert order(ranked("README", ["cat readme x", "cat README x"], [0.5, 0.4])) == [1, 0]


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
    assert nothing.hits == [] and nothing.note is None


def columns(size: int) -> st.SearchStrategy[Context]:
    counts = st.lists(st.integers(0, 10**6), min_size=size, max_size=size).map(np.array)
    flags = st.lists(st.booleans(), min_size=size, max_size=size).map(np.array)
    times = st.lists(
        st.floats(0, 2 * NOW) | st.just(float("nan")), min_size=size, max_size=size
    ).map(np.array)
    shares = st.lists(st.floats(0, 1, width=32), min_size=size, max_size=size)
    return st.builds(
        Context,
        runs=counts | st.none(),
        ok_runs=counts,
        failed_runs=counts,
        last_run=times | st.none(),
        here=flags | st.none(),
        repo=flags,
        session=flags | st.none(),
        follows=shares.map(lambda values: np.array(values, np.float32)),
    )


@given(
    columns(4),
    st.lists(st.floats(-1, 1, width=32), min_size=4, max_size=4),
    st.sampled_from(("list files", "ls -la", "show me all files of this directory")),
)
def test_context_never_pushes_a_clearly_better_row_down(
    context: Context, cosines: list[float], text: str
) -> None:
    commands = ["ls -la", "ls", "du -sh .", "find . -type f"]
    bare = {hit.row: hit.score for hit in ranked(text, commands, cosines).hits}
    places = order(ranked(text, commands, cosines, context))
    for better in bare:
        for worse in bare:
            if bare[better] - bare[worse] >= CLEAR:
                assert places.index(better) < places.index(worse)


@given(columns(6))
def test_the_bonus_spreads_less_than_a_clear_difference(context: Context) -> None:
    bonus = preference.bonus(context, 6, NOW)
    assert np.isfinite(bonus).all() and np.ptp(bonus) < CLEAR


def test_all_of_context_against_none_of_it() -> None:
    context = Context(
        runs=np.array([10**6, 0]),
        ok_runs=np.array([10**6, 0]),
        failed_runs=np.array([0, 9]),
        last_run=np.array([NOW, 0.0]),
        here=np.array([True, False]),
        repo=np.array([True, False]),
        session=np.array([True, False]),
        follows=np.array([1.0, 0.0], np.float32),
    )
    assert 0.9 * CLEAR < np.ptp(preference.bonus(context, 2, NOW)) < CLEAR


@pytest.mark.parametrize(
    "column",
    [
        {"here": np.array([False, True])},
        {"repo": np.array([False, True])},
        {"session": np.array([False, True])},
        {"follows": np.array([0.0, 0.9], np.float32)},
        {"runs": np.array([1, 50])},
        {"last_run": np.array([NOW - 9e7, NOW - 60])},
        {"ok_runs": np.array([0, 5]), "failed_runs": np.array([5, 0])},
    ],
)
def test_context_decides_among_equals(column: dict[str, np.ndarray]) -> None:
    # The later row wins a tie, so the one that context favours comes first in the list too.
    turned = {name: values[::-1] for name, values in column.items()}
    assert order(ranked("make", ["make a", "make b"], [0.5, 0.5], Context(**turned))) == [0, 1]


def why(text: str, command: str, cosine: float, context: Context | None = None) -> str:
    return ranked(text, [command], [cosine], context).hits[0].why


def test_reasons() -> None:
    context = Context(
        ok_runs=np.array([9]),
        failed_runs=np.array([0]),
        here=np.array([False]),
        repo=np.array([True]),
    )
    told = "meaning .62 · both words · this repository · worked 9 of 9"
    assert why("kubectl prod", "kubectl get -n prod", 0.62, context) == told


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


def test_reason_of_failure() -> None:
    failed = Context(ok_runs=np.array([0]), failed_runs=np.array([3]), session=np.array([True]))
    assert why("ls", "ls", 0.1, failed) == "as typed · this session · failed 3 times"


def test_nothing_close_is_said() -> None:
    commands = ["docker ps", "ls"]
    far = ranked("recipe for my grandmother's bread", commands, [0.12, 0.1])
    assert far.note == rank.NOTHING_CLOSE and len(far.hits) == 2
    assert ranked("list the containers that are running", commands, [0.6, 0.1]).note is None
    assert ranked("docker", commands, [0.1, 0.1]).note is None
    assert ranked("dokcer ps", commands, None).note is None
    assert ranked("zxqwv", commands, [0.45, 0.3]).note == rank.NOTHING_CLOSE
    assert ranked("zxqwv", commands, None).note == rank.NOTHING_CLOSE
