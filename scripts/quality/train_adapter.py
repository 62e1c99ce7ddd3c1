#!/usr/bin/env python3
"""Learn the query adapter and the word rates from descriptions paired with commands.

    python scripts/quality/train_adapter.py --tldr tldr.tsv [--cache vectors.npz]  writes both files
    python scripts/quality/train_adapter.py --tldr tldr.tsv --held-out             measures alone

A row of the file: page, page summary, description, command, tabs between (tldr-pages, CC BY 4.0).
Commands are embedded as the engine embeds them, with their glossary words. The same rows, model and
seed give the same files. numpy alone learns; nothing of deja depends on this script.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from backend.meaning import adapter, gloss
from backend.meaning.embedder import Embedder
from backend.query import wordrates, words

Floats = npt.NDArray[np.float32]
Real = TypeVar("Real", np.float32, np.float64)

TEMPERATURE = 0.05
EPOCHS, BATCH, RATE, WARM_UP = 20, 1024, 1e-3, 20
# What was learnt is for short examples with placeholders; half of the step carries over to
# commands that people run (docs/search-quality.md).
SHARE = 0.5
# A word's rate is pulled to UNSEEN as by so many more descriptions; rarer words are left out.
PRIOR, SEEN = 4, 3
_PLACEHOLDER = re.compile(r"\S*path/to/\S*")


@dataclass(frozen=True)
class Pair:
    page: str
    description: str
    command: str


def read(path: Path) -> list[Pair]:
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return [Pair(page, description, command) for page, _, description, command in rows]


def is_held_out(pair: Pair) -> bool:
    """Whether its page is among the 15 % kept back for measuring, by a hash of the name."""
    return hashlib.sha1(pair.page.encode()).digest()[0] < 38


def embedded(pairs: Sequence[Pair], cache: Path | None, model_dir: Path) -> tuple[Floats, Floats]:
    """Vectors of descriptions and commands, (n, dimension) each; kept in `cache` if named."""
    if cache is not None and cache.exists():
        stored = np.load(cache)
        return stored["descriptions"], stored["commands"]
    embedder = Embedder(model_dir)
    descriptions = embedder.embed([pair.description for pair in pairs])
    commands = embedder.embed([gloss.embedded(pair.command) for pair in pairs])
    if cache is not None:
        np.savez(cache, descriptions=descriptions, commands=commands)
    return descriptions, commands


def learn(queries: Floats, commands: Floats, groups: npt.NDArray[np.intp], seed: int = 0) -> Floats:
    """The change (dim, dim) to add to queries, by InfoNCE with in-batch negatives and Adam.

    groups: (n,), equal for equal commands, which are no negatives of one another.
    """
    draw = np.random.default_rng(seed)
    matrix = np.zeros((queries.shape[1],) * 2, np.float32)
    mean, square = np.zeros_like(matrix), np.zeros_like(matrix)
    batch = min(BATCH, len(queries))
    total = EPOCHS * (len(queries) // batch)
    for step in range(1, total + 1):
        if (step - 1) % (len(queries) // batch) == 0:
            order, at = draw.permutation(len(queries)), 0
        rows = order[at : at + batch]
        at += batch
        slope = gradient(matrix, queries[rows], commands[rows], groups[rows])
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope * slope
        pace = RATE * min(1, step / WARM_UP) * 0.5 * (1 + np.cos(np.pi * step / total))
        scale = np.sqrt(square / (1 - 0.999**step)) + 1e-8
        matrix -= np.float32(pace) * (mean / (1 - 0.9**step)) / scale
    return matrix


def gradient(
    matrix: npt.NDArray[Real],
    queries: npt.NDArray[Real],
    commands: npt.NDArray[Real],
    groups: npt.NDArray[np.intp],
) -> npt.NDArray[Real]:
    """Of the loss in `matrix`, for one batch: each query should be nearest to its own command."""
    turned = queries + queries @ matrix.T
    lengths = np.linalg.norm(turned, axis=1, keepdims=True)
    units = turned / lengths
    scores = units @ commands.T / TEMPERATURE
    same = groups[:, None] == groups[None, :]
    np.fill_diagonal(same, False)
    scores[same] = -1e9
    scores -= scores.max(axis=1, keepdims=True)
    shares = np.exp(scores)
    shares /= shares.sum(axis=1, keepdims=True)
    np.fill_diagonal(shares, shares.diagonal() - 1)
    pull = shares @ commands / np.float32(TEMPERATURE * len(queries))
    across = (pull - (pull * units).sum(axis=1, keepdims=True) * units) / lengths
    return np.asarray(across.T @ queries)


def word_rates(pairs: Sequence[Pair]) -> dict[str, int]:
    """Per cent of the descriptions with a word whose command has it too."""
    told: Counter[bytes] = Counter()
    copied: Counter[bytes] = Counter()
    for pair in pairs:
        command = _PLACEHOLDER.sub("", pair.command)
        held = set(words.words(words.encode(command)))
        found = set(words.words(words.encode(pair.description)))
        told.update(found)
        copied.update(found & held)
    return {
        words.decode(word): max(2, round(100 * _rate(copied[word], count)))
        for word, count in sorted(told.items())
        if count >= SEEN and not word.startswith(b"-")
    }


def _rate(copied: int, told: int) -> float:
    return (copied + PRIOR * wordrates.UNSEEN) / (told + PRIOR)


def figures(matrix: Floats | None, queries: Floats, commands: Floats) -> str:
    """MRR@10 and R@10 of finding each query's own command among all of these."""
    turned = queries if matrix is None else queries + queries @ matrix.T
    scores = turned / np.linalg.norm(turned, axis=1, keepdims=True) @ commands.T
    ranks = (scores > scores.diagonal()[:, None]).sum(axis=1) + 1
    found = ranks <= 10
    return f"MRR@10 {(found / ranks).mean():.4f}  R@10 {found.mean():.4f}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Learn the query adapter and the word rates.")
    parser.add_argument("--tldr", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="keep the embeddings here")
    parser.add_argument("--model-dir", type=Path, default=os.environ.get("DEJA_MODEL_DIR"))
    parser.add_argument("--held-out", action="store_true", help="measure on pages left out")
    options = parser.parse_args()
    if options.model_dir is None:
        print("train_adapter: name the model: --model-dir DIR or DEJA_MODEL_DIR", file=sys.stderr)
        return 2
    pairs = read(options.tldr)
    descriptions, commands = embedded(pairs, options.cache, Path(options.model_dir))
    groups = np.unique([pair.command for pair in pairs], return_inverse=True)[1]
    apart = np.array([is_held_out(pair) for pair in pairs])
    if options.held_out:
        matrix = SHARE * learn(descriptions[~apart], commands[~apart], groups[~apart])
        print("without", figures(None, descriptions[apart], commands[apart]))
        print("with   ", figures(matrix, descriptions[apart], commands[apart]))
        return 0
    matrix = SHARE * learn(descriptions, commands, groups)
    np.save(adapter.SHIPPED, matrix.astype(np.float16))
    rates = word_rates(pairs)
    lines = "".join(f"{word}\t{percent}\n" for word, percent in rates.items())
    wordrates.LEARNT.write_text(lines, "utf-8")
    print(f"{adapter.SHIPPED.name} and {wordrates.LEARNT.name} ({len(rates)} words) written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
