"""scripts/evaluate.py: its figures, on results known beforehand."""

import json
from pathlib import Path

import pytest

from scripts import evaluate
from scripts.evaluate import Case, Outcome


def outcome(found: list[str], *right: str) -> Outcome:
    return Outcome(Case("q", right), found, 1.0)


def test_recall() -> None:
    many = [str(number) for number in range(20)]
    figures = evaluate.recall(
        [
            outcome(["a", "b"], "a"),
            outcome(["a", "b"], "x", "b"),
            outcome(many, "9"),
            outcome(many, "10"),
        ]
    )
    assert figures == {
        "R@1": 0.25,
        "R@5": 0.5,
        "R@10": 0.75,
        "MRR@10": pytest.approx((1 + 1 / 2 + 1 / 10) / 4),
    }


def test_containment() -> None:
    history = [f"ls a{number}" for number in range(12)] + ["rare one", "rare two", "LS"]
    common = Outcome(Case("ls", ("ls a1",)), [*history[:9], "LS"], 1.0)
    both = Outcome(Case("rare", ("rare two",)), ["rare one", "rare two", "ls a1"], 1.0)
    late = Outcome(Case("one", ("rare one",)), ["ls a1", "rare one"], 1.0)
    figures = evaluate.containment([common, both, late], history)
    assert figures["top10_contain"] == 0.9
    assert figures["rare_first"] == 0.5
    assert figures["source_R@1"] == 0


def test_files_are_found_in_a_set(tmp_path: Path) -> None:
    (tmp_path / "history-dev.txt").write_text("ls\n\ncd\nls\n")
    (tmp_path / "intent-dev.tsv").write_text("list files\tls\tls -l\n")
    options = evaluate._options(["--set", str(tmp_path)])
    history, files = evaluate._files(options)
    assert history is not None and evaluate.read_history(history) == ["ls", "cd"]
    assert evaluate.read_cases(files["intent"]) == [Case("list files", ("ls", "ls -l"))]
    assert set(files) == {"intent"}


def test_a_sample_is_the_same_every_time(tmp_path: Path) -> None:
    path = tmp_path / "intent.tsv"
    path.write_text("".join(f"q{number}\tc\n" for number in range(50)))
    assert evaluate.read_cases(path, 5) == evaluate.read_cases(path, 5)
    assert len(evaluate.read_cases(path, 5)) == 5


def test_without_files_it_says_what_to_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main([]) == 2
    assert "--set" in capsys.readouterr().err


def test_without_a_model_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "history.txt").write_text("ls\n")
    (tmp_path / "intent.tsv").write_text("list\tls\n")
    none = str(tmp_path / "none")
    for more in ([], ["--plain"]):
        assert evaluate.main(["--set", str(tmp_path), "--model-dir", none, *more]) == 4
        assert capsys.readouterr().err.startswith("ONNX model not found")


def test_scale(capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["--scale", "500", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["scale"]
    assert figures["commands"] == 500 and figures["ranking_ms_p95"] > 0
