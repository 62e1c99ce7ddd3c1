"""The query adapter, and what it was learnt with."""

from pathlib import Path

import numpy as np
import pytest

from backend.meaning import adapter
from backend.query.parse import parse
from scripts.quality import train_adapter

SENTENCE = parse("undo the last commit but keep my changes", 0.0)
LITERAL = parse("git reset --soft HEAD~1 | cat", 0.0)


def unit(size: int, seed: int) -> np.ndarray:
    vector = np.random.default_rng(seed).normal(size=size).astype(np.float32)
    return vector / np.linalg.norm(vector)


def test_the_shipped_adapter() -> None:
    shipped = adapter.load()
    assert shipped is not None and shipped.dimension == 384
    assert adapter.SHIPPED.stat().st_size < 400_000
    vector = unit(384, 1)
    turned = shipped.query_vector(vector, SENTENCE)
    assert turned.dtype == np.float32 and abs(np.linalg.norm(turned) - 1) < 1e-5
    assert 0.5 < turned @ vector < 0.9999


def test_literal_queries_are_hardly_turned() -> None:
    made = adapter.Adapter(np.ones((4, 4), np.float32))
    vector = unit(4, 2)
    assert made.query_vector(vector, LITERAL) @ vector > 0.99
    assert made.query_vector(vector, SENTENCE) @ vector < 0.95


def test_another_dimension_is_an_error() -> None:
    with pytest.raises(ValueError, match="dimensions"):
        adapter.Adapter(np.zeros((4, 4), np.float32)).query_vector(unit(5, 1), SENTENCE)


def test_a_vector_that_vanishes_stays() -> None:
    vector = unit(4, 1)
    made = adapter.Adapter(-np.eye(4, dtype=np.float32) / np.float32(1 - SENTENCE.literalness))
    assert np.isfinite(made.query_vector(vector, SENTENCE)).all()


def test_no_adapter_and_a_damaged_one(tmp_path: Path) -> None:
    path = tmp_path / "adapter.npy"
    assert adapter.load(path) is None
    path.write_bytes(b"\x93NUMPY damaged")
    assert adapter.load(path) is None
    np.save(path, np.zeros(3))
    assert adapter.load(path) is None


def test_learning_brings_queries_to_their_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(train_adapter, "BATCH", 50)
    monkeypatch.setattr(train_adapter, "RATE", 0.02)
    monkeypatch.setattr(train_adapter, "EPOCHS", 40)
    draw = np.random.default_rng(0)
    commands = np.stack([unit(16, number) for number in range(200)])
    turn = np.linalg.qr(draw.normal(size=(16, 16)))[0].astype(np.float32)
    queries = commands @ turn
    matrix = train_adapter.learn(queries, commands, np.arange(200))
    assert np.array_equal(matrix, train_adapter.learn(queries, commands, np.arange(200)))

    def first(turned: np.ndarray) -> float:
        return float((np.argmax(turned @ commands.T, axis=1) == np.arange(200)).mean())

    assert first(queries) < 0.1
    assert first(queries + queries @ matrix.T) > first(queries) + 0.1


def test_the_gradient_is_that_of_the_loss() -> None:
    draw = np.random.default_rng(1)
    queries = np.stack([unit(6, number) for number in range(5)]).astype(np.float64)
    commands = np.stack([unit(6, number + 50) for number in range(5)]).astype(np.float64)
    groups = np.array([0, 1, 2, 2, 3])
    matrix = draw.normal(size=(6, 6)) * 0.1

    def loss(matrix: np.ndarray) -> float:
        turned = queries + queries @ matrix.T
        units = turned / np.linalg.norm(turned, axis=1, keepdims=True)
        scores = units @ commands.T / train_adapter.TEMPERATURE
        scores[2, 3] = scores[3, 2] = -1e9
        return float((np.log(np.exp(scores).sum(axis=1)) - scores.diagonal()).mean())

    slope = train_adapter.gradient(matrix, queries, commands, groups)
    step = np.zeros_like(matrix)
    step[2, 3] = 1e-5
    numeric = (loss(matrix + step) - loss(matrix - step)) / 2e-5
    assert abs(slope[2, 3] - numeric) < 1e-4 * max(1, abs(numeric))


def test_word_rates() -> None:
    pairs = [train_adapter.Pair("p", "Show docker files", "docker ps path/to/files")] * 5
    rates = train_adapter.word_rates(pairs)
    assert rates["docker"] > 80 and rates["show"] < 40
    assert rates["files"] == rates["show"]  # a placeholder does not count
