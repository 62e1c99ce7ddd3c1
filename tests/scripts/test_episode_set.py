"""The set of tests/data/episodes is well-formed, and its figures are right where known."""

import itertools
import json
from collections import Counter
from pathlib import Path

import pytest
from support.paths import DATA

from scripts.quality import episode_set
from scripts.quality.episode_set import DEV, HELD, EpisodeSet, MalformedSet, Place, Question

EPISODES = DATA / "episodes"
HALVES = DEV, HELD

RUN = {
    "command": "ls",
    "start": 10,
    "duration": 0.1,
    "exit": 0,
    "cwd": "/home/lena",
    "session": "lena-02",
    "host": "birke",
    "shell": "zsh",
}


@pytest.fixture(scope="module")
def halves() -> dict[str, EpisodeSet]:
    return {half: episode_set.read_set(EPISODES, half) for half in HALVES}


def write(directory: Path, runs: list[dict[str, object]], questions: str = "") -> str:
    """A set of one half, the one of the first run's session; that half's name."""
    half = episode_set.half_of(str(runs[0]["session"]))
    lines = "".join(json.dumps(run) + "\n" for run in runs)
    (directory / f"sessions-{half}.jsonl").write_text(lines)
    (directory / f"questions-{half}.tsv").write_text(questions)
    return half


def places(*starts: float) -> frozenset[Place]:
    return frozenset(("s", start) for start in starts)


def test_the_set_is_large_and_split_about_evenly(halves: dict[str, EpisodeSet]) -> None:
    for part in halves.values():
        assert len(part.runs) >= 750 and len(part.questions) >= 80
        assert len({run.session for run in part.runs}) >= 40
        assert len({run.session for run in part.runs if "." not in str(run.session)}) >= 32
        assert len({run.host for run in part.runs}) >= 6
        assert len({question.kind for question in part.questions}) >= 20


def test_the_readme_tells_the_right_numbers(halves: dict[str, EpisodeSet]) -> None:
    runs = [run for part in halves.values() for run in part.runs]
    asked = {half: len(part.questions) for half, part in halves.items()}
    sessions = {str(run.session) for run in runs}
    hosts = {run.host for run in runs}
    text = (EPISODES / "README.md").read_text()
    for told in (
        f"{len({name.partition('.')[0] for name in sessions})} sittings",
        f"{len(runs):,} runs in {len(sessions)} sessions on {len(hosts)} hosts",
        f"{sum(asked.values())} questions: {asked[DEV]} to tune on, {asked[HELD]} held back",
    ):
        assert told in text


def test_the_set_is_noisy(halves: dict[str, EpisodeSet]) -> None:
    for part in halves.values():
        exits = [run.exit for run in part.runs]
        assert exits.count(127) >= 20
        assert sum(map(bool, exits)) >= len(exits) / 20
        programs = Counter(run.command.split()[0] for run in part.runs)
        assert {"ls", "cd", "clear", "vim"} <= set(programs)
        asked = {place for question in part.questions for place in question.right}
        assert len(part.runs) - len(asked) >= len(part.runs) / 10


def test_terminals_interleave(halves: dict[str, EpisodeSet]) -> None:
    for part in halves.values():
        order = [run.session for run in part.runs]
        turns = Counter(now for before, now in itertools.pairwise(order) if now != before)
        assert max(turns.values()) > 1


def test_no_two_commands_of_a_person_overlap_in_one_terminal(halves: dict[str, EpisodeSet]) -> None:
    for part in halves.values():
        ended: dict[str | None, float] = {}
        for run in part.runs:
            assert run.start is not None and run.duration is not None
            assert run.start >= ended.get(run.session, 0.0) - 1, run.command
            ended[run.session] = run.start + run.duration


def test_halves_share_no_session_and_no_question(halves: dict[str, EpisodeSet]) -> None:
    dev, held = halves[DEV], halves[HELD]
    assert not {run.session for run in dev.runs} & {run.session for run in held.runs}
    assert not {case.text for case in dev.questions} & {case.text for case in held.questions}


def test_all_terminals_of_a_sitting_lie_in_one_half() -> None:
    names = [f"name-{number:02}" for number in range(40)]
    assert {episode_set.half_of(name) for name in names} == set(HALVES)
    for name in names:
        assert episode_set.half_of(f"{name}.2") == episode_set.half_of(name)


@pytest.mark.parametrize(
    ("runs", "question", "why"),
    [
        ([{"command": "ls", "session": "lena-02"}], "", "fields are not"),
        ([RUN, RUN], "", "starts before"),
        ([RUN, {**RUN, "start": 9}], "", "starts before"),
        ([RUN], "when\tlena-02\t10\t10\tkind", "no such stretch"),
        ([RUN, {**RUN, "start": 12}], "when\tlena-02\t10\t11\tkind", "no such stretch"),
        ([RUN, {**RUN, "start": 12}], "when\tother\t10\t12\tkind", "no such stretch"),
        ([RUN], "when\tlena-02\t10", "not question"),
        ([RUN], "when\tlena-02\tten\t12\tkind", "no such stretch"),
        ([RUN, {**RUN, "start": 12}], "a\tlena-02\t10\t12\tk\na\tlena-02\t10\t12\tk", "already"),
    ],
)
def test_a_malformed_line_is_named(
    tmp_path: Path, runs: list[dict[str, object]], question: str, why: str
) -> None:
    half = write(tmp_path, runs, question)
    with pytest.raises(MalformedSet, match=rf"\.(jsonl|tsv):\d+: .*{why}"):
        episode_set.read_set(tmp_path, half)


def test_a_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    half = write(tmp_path, [RUN])
    (tmp_path / f"sessions-{half}.jsonl").write_text("ls\n")
    with pytest.raises(MalformedSet, match="not JSON"):
        episode_set.read_set(tmp_path, half)


def test_a_session_of_the_other_half_is_refused(tmp_path: Path) -> None:
    half = write(tmp_path, [RUN])
    other = next(name for name in "abcdefgh" if episode_set.half_of(name) != half)
    write(tmp_path, [RUN, {**RUN, "start": 12, "session": other}])
    with pytest.raises(MalformedSet, match="other half"):
        episode_set.read_set(tmp_path, half)


def test_a_stretch_is_the_runs_of_its_session_between_two_times(tmp_path: Path) -> None:
    runs = [{**RUN, "start": start} for start in (10, 12, 14, 16)]
    runs.insert(2, {**RUN, "start": 13, "session": "lena-02.2"})
    half = write(tmp_path, runs, "when\tlena-02\t12\t16\tkind\n")
    (question,) = episode_set.read_set(tmp_path, half).questions
    assert question.right == {("lena-02", 12), ("lena-02", 14), ("lena-02", 16)}


@pytest.mark.parametrize(
    ("episode", "right", "told"),
    [
        (places(1, 2, 3, 4), True, True),
        (places(3, 4, 5, 6, 7, 8, 9), True, True),
        (places(4, 5), True, False),
        (places(4, 5, 6), False, False),
        (places(5, 6), False, False),
        (frozenset({("other", 1.0), ("other", 2.0)}), False, False),
        (places(), False, False),
    ],
)
def test_half_of_the_stretch_or_of_the_episode_is_right(
    episode: frozenset[Place], right: bool, told: bool
) -> None:
    question = Question("when", places(1, 2, 3, 4), "kind")
    assert question.answered_by(episode) is right
    assert question.told_by(episode) is told


def test_figures() -> None:
    right, wrong, piece = places(1, 2, 3, 4), places(7, 8), places(1)
    answers = {"a": [right], "b": [wrong, wrong, right], "c": [piece, right], "d": [wrong], "e": []}
    questions = [Question(text, right, "kind") for text in answers]
    assert episode_set.figures(questions, answers.__getitem__) == {
        "right_first": 2 / 5,
        "MRR": pytest.approx((1 + 1 / 3 + 1) / 5),
        "half_told_first": 1 / 5,
    }


def test_the_right_stretches_themselves_are_all_right(halves: dict[str, EpisodeSet]) -> None:
    for part in halves.values():
        known = {question.text: [question.right] for question in part.questions}
        found = episode_set.figures(part.questions, known.__getitem__)
        assert found == {"right_first": 1, "MRR": 1, "half_told_first": 1}
