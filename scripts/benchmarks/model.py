"""Measures one embedder in a process of its own, and prints the figures as JSON.

    python scripts/benchmarks/model.py onnx MODEL_DIR --precision int8
    python scripts/benchmarks/model.py sentence-transformers MODEL_SOURCE

The second form needs an environment with sentence-transformers; it is what deja was before the
move to ONNX Runtime. Both embed the same synthetic commands, on two threads.
"""

import argparse
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from scripts.benchmarks.synthetic import commands

THREADS = 2
BULK = 1000


def _load_onnx(source: Path, precision: str) -> Callable[[list[str]], Any]:
    from backend.meaning.embedder import Embedder

    return Embedder(source, precision=precision, threads=THREADS).embed


def _load_sentence_transformers(source: Path) -> Callable[[list[str]], Any]:
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(THREADS)
    model = SentenceTransformer(str(source), device="cpu")
    return lambda texts: model.encode(texts, normalize_embeddings=True, show_progress_bar=False)


def measure(load: Callable[[], Callable[[list[str]], Any]]) -> dict[str, float]:
    """Seconds to load with all imports, ms to load again; ms for one text and for ten, texts a
    second in bulk; peak memory in MB.
    """
    started = time.perf_counter()
    embed = load()
    embed(["warm up"])
    loaded = time.perf_counter() - started
    texts = list(commands(BULK, seed=7))
    one = _median_ms(lambda: embed(["how to unpack an archive"]), 50)
    ten = _median_ms(lambda: embed(texts[:10]), 20)
    started = time.perf_counter()
    embed(texts)
    bulk = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    again = _median_ms(lambda: load()(["warm up"]), 5)
    return {
        "load s": round(loaded, 3),
        "load again ms": round(again, 1),
        "one text ms": round(one, 2),
        "ten commands ms": round(ten, 1),
        "bulk texts/s": round(len(texts) / bulk, 1),
        # Kilobytes on Linux, bytes on macOS.
        "peak MB": round(peak / (1e6 if sys.platform == "darwin" else 1e3), 1),
    }


def _median_ms(work: Callable[[], Any], times: int) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("embedder", choices=["onnx", "sentence-transformers"])
    parser.add_argument("source", type=Path)
    parser.add_argument("--precision", default="fp32")
    arguments = parser.parse_args()
    if arguments.embedder == "onnx":
        figures = measure(lambda: _load_onnx(arguments.source, arguments.precision))
    else:
        figures = measure(lambda: _load_sentence_transformers(arguments.source))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
