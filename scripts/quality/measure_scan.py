#!/usr/bin/env python3
"""What a scan that does not look at every code would lose: recall@10, and how much it reads.

    python scripts/quality/measure_scan.py --set DIR [--set DIR] [--others 100000]

Each set: history*.txt and intent*.tsv, as for scripts/evaluate.py. Its commands stand among made-up
ones (scripts/benchmarks/synthetic.py), all of them embedded as deja embeds them, which takes some
minutes for 100,000; those have 200 of their own as questions. Beside the scan that deja does:

    bits      the sign of each component, 48 bytes a row, then the codes of so many rows
    lists     rows by the nearest of 512 centres (k-means), the codes of so many lists
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from backend.meaning import adapter, gloss
from backend.meaning.embedder import Embedder
from backend.meaning.vectors import Vectors
from backend.query.parse import parse
from scripts.benchmarks.search import QUERIES
from scripts.benchmarks.synthetic import commands
from scripts.evaluate import read_cases, read_history

Floats = NDArray[np.float32]
# From a query to the rows found, (n,), best first or not.
Find = Callable[[Floats], NDArray[np.int64]]

TOP, LISTS, ROUNDS, QUESTIONS = 10, 512, 8, 300
READ = (0.01, 0.04, 0.08, 0.16)


def main() -> None:
    options = _options()
    embedder, turned = Embedder(options.model_dir, precision="int8"), adapter.load()
    assert turned is not None

    def asked(texts: Sequence[str]) -> Floats:
        queries = [parse(text, 0.0) for text in texts]
        plain = embedder.embed([query.meaning_text for query in queries])
        pairs = zip(plain, queries, strict=True)
        return np.stack([turned.query_vector(vector, query) for vector, query in pairs])

    others = list(commands(options.others))
    texts, questions = list(others), {"made up": asked([*QUERIES, *others[:: len(others) // 200]])}
    for directory in options.set:
        texts += read_history(next(iter(sorted(directory.glob("history*.txt")))))
        cases = read_cases(next(iter(sorted(directory.glob("intent*.tsv")))), QUESTIONS)
        questions[directory.name] = asked([case.query for case in cases])
    vectors = embedder.embed([gloss.embedded(text, "") for text in texts])
    print(f"{len(vectors):,} vectors; recall@{TOP} for {', '.join(questions)}")
    with tempfile.TemporaryDirectory() as directory:
        stored = Vectors(Path(directory), embedder.model_id, embedder.dimension)
        stored.add(range(len(vectors)), vectors)
        _report("all codes", vectors, questions, lambda query: stored.search(query, TOP)[0])
        stored.close()
    for share in READ:
        _report(f"bits, then {share:.0%}", vectors, questions, _bits(vectors, share))
    centres, of_row = _lists(vectors)
    for share in (*READ, 0.5):
        find = _of_lists(centres, of_row, share)
        _report(f"{share:.0%} of the lists", vectors, questions, find)


def _report(name: str, vectors: Floats, questions: dict[str, Floats], find: Find) -> None:
    shares = []
    for queries in questions.values():
        best = np.argpartition(-(queries @ vectors.T), TOP, axis=1)[:, :TOP]
        pairs = zip(queries, best, strict=True)
        shares.append(float(np.mean([np.isin(rows, find(query)).mean() for query, rows in pairs])))
    print(f"{name:20s}", " ".join(f"{share:.4f}" for share in shares), flush=True)


def _bits(vectors: Floats, share: float) -> Find:
    signs, count = np.packbits(vectors > 0, axis=1), int(share * len(vectors))

    def find(query: Floats) -> NDArray[np.int64]:
        differing = np.bitwise_count(signs ^ np.packbits(query > 0)).sum(axis=1)
        return np.argpartition(differing, count)[:count]

    return find


def _lists(vectors: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Centres by k-means, and the nearest of each row."""
    draw = np.random.default_rng(1)
    centres = vectors[draw.choice(len(vectors), LISTS, replace=False)]
    for _ in range(ROUNDS):
        of_row = (vectors @ centres.T).argmax(axis=1)
        for number in range(LISTS):
            if (of_row == number).any():
                centre = vectors[of_row == number].mean(axis=0)
                centres[number] = centre / np.linalg.norm(centre)
    return centres, of_row


def _of_lists(centres: Floats, of_row: NDArray[np.int64], share: float) -> Find:
    def find(query: Floats) -> NDArray[np.int64]:
        nearest = np.argsort(-(centres @ query))[: max(1, int(share * LISTS))]
        return np.flatnonzero(np.isin(of_row, nearest))

    return find


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Recall of the scan, and of others.")
    parser.add_argument("--set", type=Path, action="append", default=[])
    parser.add_argument("--others", type=int, default=100_000, help="made-up commands beside them")
    parser.add_argument("--model-dir", type=Path, default=os.environ.get("DEJA_MODEL_DIR"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
