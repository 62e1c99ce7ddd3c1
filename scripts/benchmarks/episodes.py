"""Measures finding episodes: through the socket of a real daemon, and what they cost it.

Synthetic history and vectors, as in search.py; beyond MOST_COMMANDS commands run again.
"""

import time
from typing import Any

from backend import config
from backend.daemon import control
from backend.engine.engine import Engine
from backend.engine.held.episodes import Episodes
from backend.wire import client, protocol
from backend.wire.episode import EPISODE
from backend.wire.record import Record
from scripts.benchmarks import search
from scripts.benchmarks.percentiles import spread
from scripts.benchmarks.process.memory import memory

QUERIES = (
    "the day I moved the database to the new disk",
    "copying files to another machine",
    "what did I do when the service would not start",
    "which pods are running in staging",
    "kubectl logs",
    "convert a video to mp4",
)
MOST_COMMANDS = 100_000
LOT = 2000
# Runs of one session.
SITTING = 20


def measure(settings: config.Config, runs: int, searches: int) -> dict[str, Any]:
    """Latency in ms, beside that of a search, until they can be asked for after a start, and what
    they add to the daemon's memory in MB.
    """
    lines = search.build(settings, min(runs, MOST_COMMANDS))
    _run_again(settings, lines, runs - len(lines))
    figures: dict[str, Any] = {"read and cut ms": round(_read_ms(settings))}
    started = time.perf_counter()
    search.start_up(settings)
    with client.connect(settings.rendezvous_file) as connection:
        search.wait_for_model(connection)
        while True:
            try:
                _ask(connection, QUERIES[0])
                break
            except client.Refused:
                time.sleep(0.02)
        figures["start to episodes ms"] = round((time.perf_counter() - started) * 1000)
        figures |= _latencies(connection, max(searches // len(QUERIES), 1))
        figures["memory MB"] = memory(connection)
    control.stop(settings)
    return figures


def _latencies(connection: client.Connection, times: int) -> dict[str, Any]:
    """Of episodes and of a search for the same question, in turn."""
    search_for = search.asker(connection)
    episodes, searches = [], []
    for query in QUERIES * times:
        episodes.append(search.timed(_ask, connection, query))
        searches.append(search.timed(search_for, query))
    return {"episodes ms": spread(episodes), "search ms, in turn with them": spread(searches)}


def _ask(connection: client.Connection, query: str) -> protocol.Fields:
    found = connection.ask(protocol.request("episodes", ("query", query)), 60)
    assert any(key == EPISODE for key, _ in found)
    return found


def _run_again(settings: config.Config, lines: list[str], count: int) -> None:
    engine = Engine(settings)
    now = time.time()
    for start in range(0, count, LOT):
        engine.record(
            [
                Record(lines[at * 7919 % len(lines)], now + at, 0.1, 0, session=f"s{at // SITTING}")
                for at in range(start, min(start + LOT, count))
            ]
        )
    engine.close()


def _read_ms(settings: config.Config) -> float:
    """To make all episodes of the store, and the arrays that a search needs."""
    engine = Engine(settings)
    episodes = Episodes(engine._history.lookup, engine.catalogue.columns)

    def read() -> None:
        while episodes.learn():
            pass
        episodes.table()

    taken = search.timed(read)
    table = episodes.table()
    size = sum(array.nbytes for array in vars(table).values())
    print(f"| episodes | {len(table):,} of {len(table.runs):,} runs | {size / 1e6:.1f} MB |")
    engine.close()
    return taken
