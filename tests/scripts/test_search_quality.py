"""How well search finds on the set of tests/data/search; guards against regressions.

Needs the exported model (DEJA_MODEL_DIR), which scripts/test.sh provides.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.paths import DATA

from scripts import evaluate
from scripts.quality import measure_notes

SEARCH = DATA / "search"


@pytest.fixture(scope="module")
def history() -> list[str]:
    return evaluate.read_history(SEARCH / "history.txt")


@pytest.fixture(scope="module")
def search(
    history: list[str], model_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[evaluate.Search]:
    engine = evaluate.open_engine(history, tmp_path_factory.mktemp("engine"), model_dir)
    yield evaluate.with_engine(engine, "auto")
    engine.close()


def test_the_set_is_large_and_consistent(history: list[str]) -> None:
    cases = evaluate.read_cases(SEARCH / "intent.tsv")
    assert len(history) >= 600 and len(cases) >= 150
    for name in ("intent", "literal", "typo"):
        for case in evaluate.read_cases(SEARCH / f"{name}.tsv"):
            assert set(case.right) <= set(history), case.query


def test_intent_beats_plain_embeddings(
    history: list[str], search: evaluate.Search, model_dir: Path
) -> None:
    cases = evaluate.read_cases(SEARCH / "intent.tsv")
    found = evaluate.recall(evaluate.run(cases, search))
    plain = evaluate.recall(evaluate.run(cases, evaluate.plainly(history, model_dir)))
    assert found["MRR@10"] >= 1.2 * plain["MRR@10"]
    assert found["MRR@10"] >= 0.70 and found["R@10"] >= 0.88, found


def test_fragments_are_matched_as_text(history: list[str], search: evaluate.Search) -> None:
    outcomes = evaluate.run(evaluate.read_cases(SEARCH / "literal.tsv"), search)
    found = evaluate.containment(outcomes, history)
    assert found["top10_contain"] >= 0.99 and found["rare_first"] >= 0.97, found


def test_commands_with_typing_errors_come_first(search: evaluate.Search) -> None:
    found = evaluate.recall(evaluate.run(evaluate.read_cases(SEARCH / "typo.tsv"), search))
    assert found["R@1"] >= 0.95, found


def test_a_command_is_found_by_its_note(
    history: list[str], model_dir: Path, tmp_path: Path
) -> None:
    known = measure_notes.described(evaluate.read_cases(SEARCH / "intent.tsv"))
    noted = dict(sorted(known.items())[::5])
    engine = evaluate.open_engine(history, tmp_path, model_dir)
    measure_notes.write_notes(engine, {command: told[0] for command, told in noted.items()})
    figures = measure_notes.measured(engine, measure_notes.queries([], noted))
    engine.close()
    assert len(noted) > 20 and figures["own"]["R@1"] >= 0.99, figures


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("unpack an archive", "tar -xzf backup.tgz"),
        ("largest files here", "du -ah . | sort -rh | head -20"),
        ("list containers", "docker ps -a"),
    ],
)
def test_the_examples_of_the_readme(text: str, command: str, search: evaluate.Search) -> None:
    assert command in search(text)[:3]
