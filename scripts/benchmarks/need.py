"""What the need model costs: a run taken in, and all commands asked for after it or again.

Runs are drawn, with ten times as many runs as commands, sessions of 200 and 200 directories.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from backend.ranking.need import RUN, Need, Where
from scripts.benchmarks.percentiles import spread

RUNS_A_COMMAND, RUNS_A_SESSION, DIRECTORIES, LOT = 10, 200, 200, 4096


def measure(commands: int, times: int, timed: Callable[..., float]) -> dict[str, Any]:
    """Milliseconds. timed: how long a call takes, as scripts/benchmarks/search.py has it."""
    draw = np.random.default_rng(1)
    runs = _runs(draw, commands)
    need = Need()
    learnt = sum(timed(need.add, runs[at : at + LOT]) for at in range(0, len(runs), LOT))
    taken_in, after, again = [], [], []
    for number in range(times):
        where = Where(int(draw.integers(1, 500)), int(draw.integers(1, DIRECTORIES)), 3)
        taken_in.append(timed(need.add, runs[number : number + 1]))
        after.append(timed(need.likelihoods, commands, where))
        again.append(timed(need.likelihoods, commands, where))
    return {
        f"{len(runs):,} runs learnt ms": round(learnt),
        "a run taken in ms": spread(taken_in),
        "all commands after a run ms": spread(after),
        "all commands again ms": spread(again),
    }


def _runs(draw: np.random.Generator, commands: int) -> np.ndarray:
    """Zipf-like, every command at least once."""
    runs = np.zeros(commands * RUNS_A_COMMAND, RUN)
    runs["row"] = np.minimum(draw.zipf(1.3, len(runs)) - 1, commands - 1)
    runs["row"][:commands] = np.arange(commands)
    runs["ok"] = draw.random(len(runs)) < 0.9
    runs["start"] = 1.7e9 + np.cumsum(draw.exponential(60, len(runs)))
    runs["session"] = np.arange(len(runs)) // RUNS_A_SESSION + 1
    runs["directory"] = draw.integers(1, DIRECTORIES, len(runs))
    runs["repository"] = runs["directory"] // 5 + 1
    return runs
