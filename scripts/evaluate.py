#!/usr/bin/env python3
"""How well search finds: recall and rank on a history and query files, with the real engine.

    python scripts/evaluate.py --set DIR            history*.txt and intent*, literal*, typo*.tsv
    python scripts/evaluate.py --history FILE --intent FILE [--literal FILE] [--typo FILE]
    python scripts/evaluate.py --set DIR --plain    embeddings of the bare commands alone
    python scripts/evaluate.py --scale 100000       what text search and ranking cost at that size

A line of an intent or typo file: query, tab, right command(s); of a literal file: fragments, tab,
the command they were taken from. Needs an exported model (DEJA_MODEL_DIR or --model-dir). Depends
on the engine; nothing of deja depends on it. What it makes lies in a temporary directory.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from backend.config import PRECISIONS, Config
from backend.engine.engine import Engine
from backend.meaning.embedder import Embedder, ModelNotFound
from backend.redaction.mask import redact
from backend.wire import protocol
from backend.wire.record import Record
from scripts.benchmarks.percentiles import percentile
from scripts.quality.search_cost import at_scale

TOP = 10
# From a query to the commands found, best first.
Search = Callable[[str], list[str]]


@dataclass(frozen=True)
class Case:
    """A query and the commands that are right for it."""

    query: str
    right: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """A case, what was found for it, and how long that took in milliseconds."""

    case: Case
    found: list[str]
    took_ms: float

    @property
    def rank(self) -> int:
        """Place of the first right command among the top ten, from 1; 0 if it is not there."""
        for place, command in enumerate(self.found[:TOP], 1):
            if command in self.case.right:
                return place
        return 0


def read_history(path: Path) -> list[str]:
    """One command a line, as the store keeps them (secrets masked), each once."""
    return list(dict.fromkeys(map(redact, _lines(path))))


def read_cases(path: Path, most: int | None = None) -> list[Case]:
    """The cases of a file, or `most` of them drawn the same way every time."""
    rows = [line.split("\t") for line in _lines(path)]
    if most is not None and most < len(rows):
        rows = random.Random(1).sample(rows, most)
    return [Case(row[0], tuple(map(redact, row[1:]))) for row in rows]


def _lines(path: Path) -> list[str]:
    text = path.read_text("utf-8", errors="surrogateescape")
    return [line for line in text.split("\n") if line.strip()]


def open_engine(
    history: Sequence[str], directory: Path, model_dir: Path, precision: str = PRECISIONS[0]
) -> Engine:
    """An engine with this history, every command embedded.

    Raises ModelNotFound.
    """
    data = directory / "data"
    data.mkdir(mode=0o700)
    places = directory / "config.toml", data, directory / "logs", model_dir
    engine = Engine(Config(*places, precision=precision))
    engine.record([Record(command, nth=1) for command in history], imported=True)
    engine.load_model()
    while engine.embed_waiting():
        pass
    if engine.status()["embedded"] != len(history):
        raise ModelNotFound(model_dir, "not every command could be embedded")
    return engine


def with_engine(engine: Engine, mode: str) -> Search:
    return lambda text: [row.command for row in engine.search(text, limit=50, mode=mode).rows]


def plainly(history: Sequence[str], model_dir: Path, precision: str = PRECISIONS[0]) -> Search:
    """Embeddings of the bare commands and nothing else: the baseline."""
    embedder = Embedder(model_dir, precision=precision)
    vectors = embedder.embed(history)

    def search(text: str) -> list[str]:
        order = np.argsort(-(vectors @ embedder.embed_query(text)), kind="stable")[:50]
        return [history[row] for row in order]

    return search


def run(cases: Sequence[Case], search: Search) -> list[Outcome]:
    outcomes = []
    for case in cases:
        started = time.perf_counter()
        found = search(case.query)
        outcomes.append(Outcome(case, found, (time.perf_counter() - started) * 1000))
    return outcomes


def recall(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """R@1, R@5, R@10 and MRR@10."""
    ranks = np.array([outcome.rank for outcome in outcomes])
    found = ranks > 0
    return {
        "R@1": float((ranks == 1).mean()),
        "R@5": float((found & (ranks <= 5)).mean()),
        "R@10": float(found.mean()),
        "MRR@10": float((found / np.maximum(ranks, 1)).mean()),
    }


def containment(outcomes: Sequence[Outcome], history: Sequence[str]) -> dict[str, float]:
    """What fragments found. Containment is exact, the case of letters included.

    top10_contain: share of the first ten rows that hold all fragments, where ten commands do.
    rare_first: share of the other queries for which all commands that hold them come first.
    """
    shares, rare = [], []
    for outcome in outcomes:
        fragments = outcome.case.query.split()
        holders = {text for text in history if all(piece in text for piece in fragments)}
        first = outcome.found[: min(TOP, len(holders))]
        held = sum(command in holders for command in first)
        if len(holders) >= TOP:
            shares.append(held / TOP)
        else:
            rare.append(held == len(holders))
    return {
        "top10_contain": float(np.mean(shares)) if shares else 1.0,
        "rare_first": float(np.mean(rare)) if rare else 1.0,
        **{f"source_{name}": value for name, value in recall(outcomes).items()},
    }


def latency(outcomes: Sequence[Outcome]) -> dict[str, float]:
    took = [outcome.took_ms for outcome in outcomes]
    return {"p50_ms": percentile(took, 50), "p95_ms": percentile(took, 95)}


def report(figures: dict[str, dict[str, float]]) -> str:
    lines = []
    for name, values in figures.items():
        told = "  ".join(f"{key} {value:.3f}" for key, value in values.items())
        lines.append(f"{name:<8} {told}")
    return "\n".join(lines)


def evaluate(
    history: Sequence[str], files: dict[str, Path], search: Search, most: int | None = None
) -> dict[str, dict[str, float]]:
    """Figures for each kind of query file: intent, literal, typo."""
    figures: dict[str, dict[str, float]] = {}
    for kind, path in files.items():
        outcomes = run(read_cases(path, most), search)
        found = containment(outcomes, history) if kind == "literal" else recall(outcomes)
        figures[kind] = {"queries": float(len(outcomes)), **found, **latency(outcomes)}
    return figures


def _files(options: argparse.Namespace) -> tuple[Path | None, dict[str, Path]]:
    """The history file, and the query file of each kind there is."""
    history, named = options.history, {}
    for kind in ("intent", "literal", "typo"):
        path = getattr(options, kind)
        if path is None and options.set is not None:
            path = next(iter(sorted(options.set.glob(f"{kind}*.tsv"))), None)
        if path is not None:
            named[kind] = path
    if history is None and options.set is not None:
        history = next(iter(sorted(options.set.glob("history*.txt"))), None)
    return history, named


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how well search finds.")
    parser.add_argument("--set", type=Path, help="directory with history and query files")
    for name in ("history", "intent", "literal", "typo"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--mode", choices=protocol.MODES, default=protocol.AUTO)
    parser.add_argument("--plain", action="store_true", help="embeddings of bare commands alone")
    parser.add_argument("--model-dir", type=Path, default=os.environ.get("DEJA_MODEL_DIR"))
    parser.add_argument("--precision", choices=PRECISIONS, default=PRECISIONS[0])
    parser.add_argument("--most", type=int, help="at most so many queries of each file")
    parser.add_argument("--scale", type=int, help="cost of text search and ranking at this size")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    if options.scale:
        figures = {"scale": {"commands": float(options.scale), **at_scale(options.scale)}}
    else:
        path, files = _files(options)
        if path is None or not files or options.model_dir is None:
            print(
                "evaluate: name a --set (or --history and queries) and a --model-dir",
                file=sys.stderr,
            )
            return 2
        history = read_history(path)
        try:
            figures = _measured(history, files, options)
        except ModelNotFound as error:
            print(error, file=sys.stderr)
            return 4
    print(json.dumps(figures, indent=1) if options.json else report(figures))
    return 0


def _measured(
    history: Sequence[str], files: dict[str, Path], options: argparse.Namespace
) -> dict[str, dict[str, float]]:
    if options.plain:
        search = plainly(history, Path(options.model_dir), options.precision)
        return evaluate(history, files, search, options.most)
    with tempfile.TemporaryDirectory(prefix="deja-evaluate-") as directory:
        engine = open_engine(history, Path(directory), Path(options.model_dir), options.precision)
        try:
            return evaluate(history, files, with_engine(engine, options.mode), options.most)
        finally:
            engine.close()


if __name__ == "__main__":
    sys.exit(main())
