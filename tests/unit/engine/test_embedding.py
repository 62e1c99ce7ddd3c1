"""What gets a vector: after a change of the glossary those commands alone that it speaks of."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from support.embedding import BagOfLetters
from support.engine import embed_all, found
from support.glossary import change_glossary

from backend.config import Config
from backend.engine.engine import Engine
from backend.meaning import gloss
from backend.wire.record import Record

COMMANDS = [
    *(f"tar -xzf archive{number}.tgz" for number in range(40)),
    *(f"docker run image{number}" for number in range(3000)),
    *(f"frobnicate --all {number}" for number in range(7)),
]


class Counted(BagOfLetters):
    """Says how many texts it has embedded."""

    made = 0

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        Counted.made += len(texts)
        return super().embed(texts)


@pytest.fixture
def filled(settings: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[Config]:
    """A history of thousands, each with its vector."""
    monkeypatch.setattr("backend.meaning.model.Embedder", Counted)
    made = Engine(settings)
    made.load_model()
    made.record([Record(command) for command in COMMANDS])
    embed_all(made)
    made.close()
    Counted.made = 0
    yield settings


def opened(settings: Config) -> Engine:
    made = Engine(settings)
    made.load_model()
    return made


@pytest.mark.slow
def test_a_changed_glossary_costs_the_commands_that_it_speaks_of(
    filled: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_glossary(
        monkeypatch,
        tmp_path,
        changed={"tar -z": "squeezed with the usual program"},
        added={"frobnicate": "turn the knobs"},
    )
    engine = opened(filled)
    assert engine.status()["embedded"] == len(COMMANDS), "the old ones answer"
    waiting = set()
    while engine.embed_waiting():
        waiting.add(engine.status()["outdated"])
        assert engine.status()["embedded"] == len(COMMANDS)
        assert len(found(engine, "docker run", mode="meaning")) == 50
    assert waiting > {47, 15, None}, "32 at a time"
    assert Counted.made == 47
    nearest = found(engine, "turn the knobs", mode="meaning")[0]
    assert nearest.startswith("frobnicate")
    engine.close()
    again = opened(filled)
    embed_all(again)
    assert Counted.made == 47, "and only once"
    again.close()


@pytest.mark.slow
def test_the_same_words_cost_nothing(filled: Config) -> None:
    engine = opened(filled)
    assert not engine.embed_waiting()
    assert Counted.made == 0
    engine.close()


@pytest.mark.slow
def test_what_was_interrupted_goes_on(
    filled: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_glossary(monkeypatch, tmp_path, added={"frobnicate": "turn the knobs"})
    change_glossary(monkeypatch, tmp_path, changed={"tar -z": "squeezed"})
    engine = opened(filled)
    while not engine.status()["outdated"]:
        engine.embed_waiting()
    while Counted.made < 32:
        engine.embed_waiting()
    engine.close()
    again = opened(filled)
    embed_all(again)
    assert Counted.made == 47
    again.close()


@pytest.mark.slow
def test_vectors_thrown_away_while_they_are_compared(
    filled: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_glossary(monkeypatch, tmp_path, added={"frobnicate": "turn the knobs"})
    engine = opened(filled)
    engine.embed_waiting()
    engine.rebuild_vectors()
    embed_all(engine)
    assert Counted.made == len(COMMANDS)
    assert engine.catalogue.vectors is not None
    assert engine.catalogue.vectors.words == gloss.stamp({})
    engine.close()
