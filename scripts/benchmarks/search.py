"""Measures searching: through the socket of a real daemon, beside `fzf --filter` on the same lines.

The history is synthetic (synthetic.py). So are the vectors of most of its commands: those of a
thousand embedded ones with noise added, since embedding a million takes hours and their number,
not their meaning, is what costs time here.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from backend import config
from backend.commands.shared.asking import APP
from backend.daemon import control
from backend.engine.engine import Engine
from backend.engine.indexer import POLL_S, TIDY_S
from backend.meaning import gloss
from backend.system import private
from backend.wire import client, protocol
from backend.wire.environment import clean
from backend.wire.record import Record
from scripts.benchmarks.percentiles import spread
from scripts.benchmarks.process.memory import memory, shares
from scripts.benchmarks.synthetic import commands

QUERIES = (
    "g",
    "git",
    "log",
    "unpack an archive",
    "kubectl logs",
    "restart a service",
    "docker run --rm",
    "copy files to another machine",
    "gti comit",
    "convert a video to mp4",
    "/api/prod",
    "which pods are running in staging",
)
EMBEDDED = 1000
NOISE = 0.03
LOT = 2000
BULK = 2000


def build(settings: config.Config, count: int) -> list[str]:
    """Fill the data directory with `count` distinct commands and their vectors."""
    for directory in (settings.data_dir, settings.spool_dir):
        private.make(directory)
    lines = list(commands(count))
    engine = Engine(settings)
    now = time.time()
    for start in range(0, count, LOT):
        lot = lines[start : start + LOT]
        engine.record(
            [record(line, now, count - start - place) for place, line in enumerate(lot)],
            imported=True,
        )
    _invent_vectors(engine)
    engine.close()
    return lines


def record(line: str, now: float, age: int) -> Record:
    """A run of `line`, so many minutes before `now`, epoch seconds."""
    return Record(
        line,
        start=now - 60 * age,
        duration=0.1,
        exit=int(age % 7 == 0),
        cwd=f"/home/user/project{age % 50}",
        session=f"host.{age // 100}.1",
    )


def _invent_vectors(engine: Engine) -> None:
    engine.load_model()
    catalogue = engine.catalogue
    while catalogue.embedded() < min(EMBEDDED, len(catalogue)):
        engine.embed_waiting()
    vectors = catalogue.vectors
    assert vectors is not None
    chance = np.random.default_rng(1)
    known = np.asarray(vectors.exact(np.arange(len(vectors))))
    while waiting := catalogue.waiting(LOT):
        near = known[chance.integers(0, len(known), len(waiting))]
        near = near + chance.normal(0, NOISE, near.shape).astype(np.float32)
        near /= np.linalg.norm(near, axis=1, keepdims=True)
        catalogue.add_vectors([id for id, _ in waiting], near)
    vectors.compared(gloss.stamp({}))


def measure(settings: config.Config, count: int, searches: int) -> dict[str, Any]:
    """Latency through the socket in ms, the daemon's memory in MB, and fzf's time in ms.

    The first start finds files that were just written, and the disk busy with them.
    """
    lines = build(settings, count)
    figures = {f"first {name}": value for name, value in start_up(settings).items()}
    control.stop(settings)
    figures |= start_up(settings)
    with client.connect(settings.rendezvous_file) as connection:
        wait_for_model(connection)
        # So long it reads and learns what was run, behind the first answers.
        time.sleep(TIDY_S)
        ask = asker(connection)
        figures["first search ms"] = round(timed(ask, QUERIES[3]), 1)
        times = max(searches // len(QUERIES), 1)
        each = {query: [timed(ask, query) for _ in range(times)] for query in QUERIES}
        figures["search ms"] = spread([value for values in each.values() for value in values])
        slowest = max(each, key=lambda query: statistics.median(each[query]))
        figures["slowest query"] = {"query": slowest, **spread(each[slowest])}
        figures["memory MB"] = memory(connection)
        figures["of which MB"] = shares(connection)
        time.sleep(TIDY_S + POLL_S + 1)
        figures["memory at rest MB"] = memory(connection)
        figures["search during a bulk import ms"] = _during_import(connection, ask)
    control.stop(settings)
    figures["memory when idle MB"], figures["of which, idle, MB"] = _idle_memory(settings)
    if shutil.which("fzf"):
        figures["fzf --filter ms"] = fzf(lines)
    return figures


def _during_import(connection: client.Connection, ask: Callable[[str], object]) -> dict[str, float]:
    """Searches while the daemon embeds new commands as fast as it can."""
    fields = [("cmd", line) for line in commands(BULK, seed=2)]
    connection.ask(protocol.request("import", *fields), 60)
    taken = []
    while _embedding(connection):
        taken += [timed(ask, query) for query in QUERIES]
    return spread(taken)


def _embedding(connection: client.Connection) -> bool:
    status = dict(connection.ask(protocol.request("status"), 60))
    return int(status["embedded"]) < int(status["commands"])


def asker(connection: client.Connection) -> Callable[[str], object]:
    """Asks for one search."""

    def ask(query: str) -> object:
        fields = (("query", query), ("limit", 50), ("cwd", "/home/user/project3"))
        return connection.ask(protocol.request("search", *fields), 60)

    return ask


def timed(work: Callable[..., object], *arguments: object) -> float:
    """Milliseconds that `work` takes."""
    started = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - started) * 1000


def _idle_memory(settings: config.Config) -> tuple[dict[str, float], dict[str, float]]:
    """Of a daemon that has searched and then, long unused, let its model go; minutes made seconds.

    It is a new one: nothing tells a running daemon to hurry.
    """
    code = (
        f"import sys; sys.path.insert(0, {str(APP.parent.parent)!r})\n"
        "from backend import app; from backend.meaning import model\n"
        "model.RELEASE_S = 3.0; app.run(['daemon'])"
    )
    _spawn(settings, "-c", code)
    with _connect_soon(settings.rendezvous_file) as connection:
        wait_for_model(connection)
        ask = asker(connection)
        for query in QUERIES:
            ask(query)
        while dict(connection.ask(protocol.request("status"), 10))["model_in_memory"] == "1":
            time.sleep(0.2)
        time.sleep(TIDY_S + POLL_S)
        figures = memory(connection), shares(connection)
    control.stop(settings)
    return figures


def wait_for_model(connection: client.Connection) -> None:
    """Until the daemon has loaded it."""
    while "model" not in dict(connection.ask(protocol.request("status"), 10)):
        time.sleep(0.02)


def start_up(settings: config.Config) -> dict[str, Any]:
    """A daemon's start: ms to the first answer by text and to the first by meaning. It runs on."""
    started = time.perf_counter()
    _spawn(settings, str(APP), "daemon")
    connection = _connect_soon(settings.rendezvous_file)
    with connection:
        text = protocol.request("search", ("query", "git log"), ("mode", "text"))
        connection.ask(text, 60)
        text_ms = (time.perf_counter() - started) * 1000
        by_meaning = protocol.request("search", ("query", "show the history"))
        while dict(connection.ask(by_meaning, 60))["mode"] == "text":
            time.sleep(0.005)
        meaning_ms = (time.perf_counter() - started) * 1000
    return {"start to text ms": round(text_ms), "start to meaning ms": round(meaning_ms)}


def _spawn(settings: config.Config, *arguments: str) -> None:
    """A daemon in the background. Its environment is clean: else it would begin again with one."""
    subprocess.Popen(
        [sys.executable, "-I", *arguments],
        env=clean({**os.environ, "DEJA_MODEL_DIR": str(settings.model_dir)}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _connect_soon(rendezvous: Path) -> client.Connection:
    while True:
        try:
            return client.connect(rendezvous)
        except client.Unavailable:
            time.sleep(0.002)


def fzf(lines: Sequence[str]) -> dict[str, float]:
    """fzf started once a query on the same lines, as a shell widget starts it."""
    data = "\n".join(lines).encode()

    def run(query: str) -> None:
        subprocess.run(
            ["fzf", "--filter", query], input=data, stdout=subprocess.DEVNULL, check=False
        )

    return spread([timed(run, query) for query in QUERIES])


def recall(settings: config.Config, texts: Sequence[str]) -> float:
    """Recall@10 of the stored vectors' scan against exact float32, over real embeddings."""
    from backend.meaning.embedder import Embedder
    from backend.meaning.vectors import Vectors

    embedder = Embedder(settings.model_dir)
    exact = embedder.embed(texts)
    private.make(settings.data_dir)
    vectors = Vectors(settings.vectors_dir, embedder.model_id, embedder.dimension)
    vectors.add(range(len(texts)), exact)
    queries = embedder.embed([*QUERIES, *texts[:: max(len(texts) // 200, 1)]])
    shares = []
    for query in queries:
        found, _ = vectors.search(query, 10)
        best = np.argsort(-(exact @ query), kind="stable")[:10]
        shares.append(len(set(found.tolist()) & set(best.tolist())) / 10)
    return round(float(np.mean(shares)), 4)


def at_home(settings: config.Config, home: Path) -> config.Config:
    """The same settings with the data in `home`."""
    os.environ["DEJA_HOME"] = str(home)
    return replace(config.load(), model_dir=settings.model_dir, precision=settings.precision)
