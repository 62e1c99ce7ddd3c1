"""What text search and ranking cost over made-up commands, for `scripts/evaluate.py --scale`.

Needs no model: cosines are drawn. Nothing of deja depends on it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

import numpy as np

from backend.query.parse import parse
from backend.ranking import evidence, rank
from backend.text.index import TextIndex
from scripts.benchmarks.percentiles import percentile


def at_scale(size: int, seed: int = 1) -> dict[str, float]:
    """Time of text search, evidence and ranking over `size` made-up commands, in milliseconds.

    Queries are words, pieces and misspelt words of them, one letter and the commonest word too.
    """
    draw = random.Random(seed)
    commands = _made_up(size, draw)
    index = TextIndex()
    index.add(commands)
    cosines = np.random.default_rng(seed).uniform(-0.1, 0.6, size).astype(np.float32)
    searching, ordering = [], []
    for text in _queries(commands, draw):
        started = time.perf_counter()
        asked = parse(text, 0.0, index)
        match = index.search(asked)
        searched = time.perf_counter()
        near = np.array(draw.sample(range(size), min(300, size)), np.int32)
        rows = np.union1d(near, match.rows).astype(np.int32)
        gathered = time.perf_counter()
        told = evidence.gather(asked, index, match, rows)
        levels, likelihoods = index.levels(asked)[rows], np.zeros(len(rows), np.float32)
        pinned = np.zeros(len(rows), np.bool_)
        rank.rank(asked, rank.Candidates(rows, cosines[rows], told, levels, likelihoods, pinned))
        searching.append((searched - started) * 1000)
        ordering.append((time.perf_counter() - gathered) * 1000)
    return {
        f"{name}_{share}": percentile(times, int(share[1:]))
        for name, times in (("text_ms", searching), ("ranking_ms", ordering))
        for share in ("p50", "p95")
    }


def _made_up(size: int, draw: random.Random) -> list[str]:
    tools = ("git commit", "docker run", "kubectl get", "find .", "grep -rn", "ssh", "git push")
    names = [
        f"{draw.choice('bcdfgkmprst')}{draw.choice('aeiou')}{number}" for number in range(size)
    ]
    made = {
        f"{draw.choice(tools)} --{draw.choice(names)[:4]} {draw.choice(names)}/{draw.choice(names)}"
        for _ in range(size * 2)
    }
    return sorted(made)[:size]


def _queries(commands: Sequence[str], draw: random.Random) -> list[str]:
    queries = ["g", "git", "git commit", "-rn", "dokcer", "kubectl gte", "find files by name"]
    for command in draw.sample(commands, min(200, len(commands))):
        words = command.split()
        queries.append(" ".join(draw.sample(words, 2)))
        queries.append(command[: len(command) // 2] + command[len(command) // 2 + 1 :])
        queries.append(f"please show me how to {words[0]} something with {words[-1]}")
    return queries
