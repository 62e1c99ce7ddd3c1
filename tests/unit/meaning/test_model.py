"""Why there is no model, in a line for people and a code for programs."""

import os
import sys
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from support.embedding import BagOfLetters

from backend.config import Config
from backend.meaning.embedder import ModelNotFound
from backend.meaning.model import Meaning, ModelUnavailable
from backend.query.parse import parse
from backend.system import priority
from backend.wire import protocol


def problem_of(meaning: Meaning) -> tuple[str, str]:
    """The text and code of what a query that needs the model is told."""
    with pytest.raises(ModelUnavailable) as raised:
        meaning.embed(["ls"])
    return str(raised.value), raised.value.code


def test_before_the_model_is_loaded(settings: Config) -> None:
    text, code = problem_of(Meaning(settings))
    assert text.startswith("the model is being loaded;")
    assert code == protocol.SOON


def test_no_model(settings: Config) -> None:
    meaning = Meaning(settings)
    assert meaning.load() is None
    text, code = problem_of(meaning)
    assert text.startswith("ONNX model not found")
    assert code == protocol.NO_MODEL
    assert meaning.status()["model_problem"] == text


def test_a_model_that_cannot_be_loaded(settings: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> object:
        raise RuntimeError("protobuf")

    monkeypatch.setattr("backend.meaning.model.Embedder", broken)
    meaning = Meaning(settings)
    assert meaning.load() is None
    text, code = problem_of(meaning)
    assert text.startswith("ONNX model not found in working order")
    assert code == protocol.NO_MODEL


def test_a_model_that_goes_away_while_it_is_let_go(
    settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.meaning.model.Embedder", BagOfLetters)
    monkeypatch.setattr("backend.meaning.model.RELEASE_S", -1.0)
    meaning = Meaning(settings)
    meaning.load()
    meaning.keep_or_release()

    def gone(*_: object, **__: object) -> object:
        raise ModelNotFound(settings.model_dir, "no manifest.json")

    monkeypatch.setattr("backend.meaning.model.Embedder", gone)
    assert problem_of(meaning)[1] == protocol.NO_MODEL


def test_vectors_that_cannot_be_opened_are_no_missing_model(
    settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.meaning.model.Embedder", BagOfLetters)
    settings.vectors_dir.write_bytes(b"not a directory")
    meaning = Meaning(settings)
    with pytest.raises(OSError):
        meaning.load()
    text, code = problem_of(meaning)
    assert text.startswith("cannot open the vectors (")
    assert code == protocol.INTERNAL


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has priorities of single threads")
def test_the_model_is_loaded_and_embeds_in_bulk_behind_others_and_answers_at_once(
    settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes an engine's lock waits for no thread of low priority."""
    seen = {}

    class Told(BagOfLetters):
        def __init__(self, *given: Any, **named: Any) -> None:
            seen["load"] = niceness()
            super().__init__(*given, **named)

        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            seen["embed"] = niceness()
            return super().embed(texts)

        def embed_query(self, text: str) -> NDArray[np.float32]:
            seen["query"] = niceness()
            return super().embed_query(text)

    monkeypatch.setattr("backend.meaning.model.Embedder", Told)
    meaning = Meaning(settings)
    vectors = meaning.load()
    meaning.embed(["ls"])
    meaning.query_vector(parse("list files", 0.0))
    meaning.close()
    assert vectors is not None
    vectors.close()
    assert seen == {"load": priority.LOWER, "embed": priority.LOWER, "query": niceness()}


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
