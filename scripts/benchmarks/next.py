"""What it costs to say what is next: asked of an engine after each of many runs.

The history is that of search.py without vectors, which have no part in it.
"""

import itertools
from dataclasses import replace
from typing import Any

from backend import config
from backend.engine.engine import Engine
from backend.query.place import Place
from backend.system import private
from backend.wire.record import Record
from scripts.benchmarks.percentiles import spread
from scripts.benchmarks.search import LOT, record, timed
from scripts.benchmarks.synthetic import commands

PREFIXES = ("", "g", "git", "git co", "kubectl logs ", "zz")


def measure(settings: config.Config, count: int, times: int) -> dict[str, Any]:
    """Milliseconds a question, the daemon's socket left out."""
    for directory in (settings.data_dir, settings.spool_dir):
        private.make(directory)
    engine = Engine(settings)
    lines = list(commands(count))
    for start in range(0, count, LOT):
        lot = enumerate(lines[start : start + LOT], start)
        engine.record([record(line, 1.7e9, count - at) for at, line in lot], imported=True)
    engine.learn_needs()
    taken, mended = [], []
    for number, prefix in zip(range(times), itertools.cycle(PREFIXES), strict=False):
        engine.record([_run(number)])
        place = Place("/home/user/project3", "host.1.1")
        taken.append(timed(lambda begun=prefix, at=place: engine.next(begun, limit=1, place=at)))
        failed = next(commands(1, seed=number))
        engine.record([replace(_run(number), command=failed, exit=1)])
        mended.append(timed(lambda at=place: engine.fix(place=at)))
    engine.close()
    return {
        "what is next, after a run ms": spread(taken),
        "what fixed it, after a failure ms": spread(mended),
    }


def _run(number: int) -> Record:
    return Record(f"make {number % 9}", 1.8e9 + number, 0.1, 0, "/home/user/project3", "host.1.1")
