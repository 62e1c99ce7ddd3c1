"""What `deja stats` costs: a store of drawn runs, ten a command, summed up and drawn.

Two years, 300 directories, a tenth failed, an eighth took a second or more.
"""

import sqlite3
import time
from datetime import date
from typing import Any

import numpy as np

from backend import config
from backend.commands.figures.drawing import draw
from backend.commands.figures.sums import sums
from backend.storage.store import MICRO, Store
from backend.system import private
from scripts.benchmarks.percentiles import spread
from scripts.benchmarks.search import timed
from scripts.benchmarks.synthetic import commands

YEARS_S, DIRECTORIES, FAILED, SECONDS = 2 * 365 * 86400, 300, 0.1, 0.5


def measure(settings: config.Config, runs: int, times: int) -> dict[str, Any]:
    """Milliseconds, the start of the interpreter left out."""
    private.make(settings.data_dir)
    Store(settings.store_file).close()
    with sqlite3.connect(settings.store_file) as db:
        _fill(db, runs)
        taken = [timed(lambda: list(draw(sums(db, None), 120, date.today()))) for _ in range(times)]
    return {f"deja stats of {runs:,} runs ms": spread(taken)}


def _fill(db: sqlite3.Connection, runs: int) -> None:
    draw, count = np.random.default_rng(1), runs // 10
    places = [(f"/home/user/project{number}",) for number in range(DIRECTORIES)]
    db.executemany("INSERT INTO dirs(path) VALUES(?)", places)
    db.executemany("INSERT INTO commands(text) VALUES(?)", ((text,) for text in commands(count)))
    columns = (
        np.minimum(draw.zipf(1.3, runs), count),
        np.sort((time.time() - YEARS_S * draw.random(runs)) * MICRO).astype(int),
        (draw.exponential(SECONDS, runs) * MICRO).astype(int),
        (draw.random(runs) < FAILED).astype(int),
        np.minimum(draw.zipf(1.4, runs), DIRECTORIES),
    )
    db.executemany(
        "INSERT INTO runs(command_id, start_us, duration_us, exit, dir_id, imported)"
        " VALUES(?, ?, ?, ?, ?, 0)",
        zip(*(column.tolist() for column in columns), strict=True),
    )
    db.commit()
