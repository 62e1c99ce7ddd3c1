"""The daemon while its model is loaded, at rest, and under many clients at once."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
from support.install import FULL, Deja, wait_until

from backend.wire import client, protocol
from backend.wire.row import rows
from scripts.benchmarks.percentiles import percentile


def test_text_answers_before_the_model_is_there(deja: Deja, model_dir: Path) -> None:
    deja.env["DEJA_MODEL_DIR"] = str(model_dir)
    deja.record("tar xzf backup.tgz", "docker ps -a")
    deja.spawn()
    wait_until(deja.is_up, "the daemon")
    assert deja.search("docker") == ["docker ps -a"]
    wait_until(lambda: deja.status().get("embedded") == "2", "the embedding")
    assert deja.search("unpack an archive", mode="meaning")[0] == "tar xzf backup.tgz"
    assert deja.search("list containers", mode="auto")[0] == "docker ps -a"
    deja.record("du -ah . | sort -rh | head")
    wait_until(lambda: deja.status().get("embedded") == "3", "the embedding of a new one")
    assert deja.search("largest files", mode="meaning")[0] == "du -ah . | sort -rh | head"


def test_a_search_by_meaning_waits_for_the_model(deja: Deja, model_dir: Path) -> None:
    deja.env["DEJA_MODEL_DIR"] = str(model_dir)
    deja.record("tar xzf backup.tgz")
    found = deja("search", "--mode", "meaning", "unpack an archive")
    assert (found.returncode, found.stderr) in ((0, ""), (1, "nothing close\n"))
    assert deja.status().get("loading") != "1"


def test_idle_it_uses_no_processor(daemon: Deja) -> None:
    process = psutil.Process(daemon.pid)
    wait_until(lambda: daemon.status().get("loading") != "1", "the model to be given up")
    time.sleep(1)
    seconds = 60.0 if FULL else 5.0
    before = sum(process.cpu_times()[:2])
    time.sleep(seconds)
    used = (sum(process.cpu_times()[:2]) - before) / seconds
    print(f"idle: {used:.2%} of one core over {seconds:.0f} s")
    assert used < 0.02


def test_a_burst_of_clients_is_answered(daemon: Deja) -> None:
    """200 at once: all are answered; the figure is in docs/reliability.md."""
    daemon.record(*(f"docker run image-{number:03}" for number in range(500)))
    daemon.search("docker")

    def one(number: int) -> float:
        before = time.perf_counter()
        with daemon.connect() as connection:
            reply = connection.ask(protocol.request("search", ("query", f"image-{number:03}")), 60)
        assert f"docker run image-{number:03}" in [found.command for found in rows(reply)]
        return time.perf_counter() - before

    with ThreadPoolExecutor(200) as pool:
        took = list(pool.map(one, range(200)))
    p50, p95 = percentile(took, 50) * 1000, percentile(took, 95) * 1000
    print(f"200 clients: p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    assert len(took) == 200


def test_a_full_backlog_of_silent_connections_stops_nobody(daemon: Deja) -> None:
    path = client.rendezvous(daemon.config.rendezvous_file)["socket"]
    silent = []
    for _ in range(300):
        opened = socket.socket(socket.AF_UNIX)
        opened.connect(path)
        silent.append(opened)
    daemon.record("make")
    assert daemon.search("make") == ["make"]
    for opened in silent:
        opened.close()
