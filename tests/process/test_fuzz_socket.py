"""A fuzzer on the daemon's socket: no crash, no growth, honest clients served throughout.

DEJA_TEST_FULL=1 sends a million frames.
"""

import contextlib
import os
import random
import select
import socket
import threading
import time
from collections.abc import Iterator

import psutil
import pytest
from support.install import FULL, Deja

from backend.wire import client, protocol
from scripts.benchmarks.percentiles import percentile

FRAMES = 1_000_000 if FULL else 30_000
THREADS = 4

# Frames of one connection; after a bad one the daemon may hang up on the rest.
BURST = 50

VERBS = [
    "search",
    "next",
    "fix",
    "matches",
    "likes",
    "runs",
    "status",
    "ping",
    "refresh",
    "import",
    "forget",
    "pin",
    "note",
    "episodes",
    "episode",
    "rebuild",
    "sync-known",
    "sync-name-host",
    "sync-out",
    "sync-in",
    "sync-current",
    "sync-rewritten",
    "sync-forget-host",
    "sync-off",
    "searc",
    "",
    "\udcff",
]
KEYS = [
    "v",
    "verb",
    "query",
    "prefix",
    "limit",
    "mode",
    "cwd",
    "session",
    "narrow",
    "hidden",
    "fold",
    "text",
    "on",
    "id",
    "run",
    "command_id",
    "cmd",
    "start",
    "exit",
    "nth",
]
VALUES = [
    *("", "1", "0", "-1", "1e999", "nan", "9" * 30, "²", "٣", "search", "meaning", "text", "auto"),
    *("exit:fail", "since:2w", "in:here", '"', "'", "\\", "%", "*", "\x1b[31m", "\udcff\udcfe"),
    *("a" * 3000, "日本語", "-x", "since:", "took:>1m", "exit:99999999999", "\n", "=", "v=1"),
]


def valid(chance: random.Random) -> bytes:
    fields = [(chance.choice(KEYS), chance.choice(VALUES)) for _ in range(chance.randrange(5))]
    # Never `stop` and never a `forget` of what the honest clients look for.
    return protocol.request(chance.choice([*VERBS[:6], "searc"]), *fields)


def malformed(chance: random.Random) -> bytes:
    parts = [chance.choice(KEYS) + chance.choice(["=", "", "==", "\n"]) + chance.choice(VALUES)]
    parts += [chance.choice(VALUES) for _ in range(chance.randrange(4))]
    data = "\0".join([f"v={chance.choice(VALUES)}", f"verb={chance.choice(VERBS)}", *parts])
    return data.encode("utf-8", "surrogateescape") + b"\0\0"


def flipped(chance: random.Random) -> bytes:
    data = bytearray(valid(chance))
    for _ in range(chance.randrange(1, 4)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def noise(chance: random.Random) -> bytes:
    return chance.randbytes(chance.randrange(200))


def truncated(chance: random.Random) -> bytes:
    data = valid(chance)
    return data[: chance.randrange(len(data))]


def oversized(chance: random.Random) -> bytes:
    if chance.random() < 0.98:
        return noise(chance)
    return b"v=1\0verb=search\0query=" + b"x" * (protocol.MAX_REQUEST_BYTES + 10) + b"\0\0"


KINDS = [valid, malformed, malformed, flipped, flipped, noise, truncated, oversized]


def frames(chance: random.Random, count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield chance.choice(KINDS)(chance)


def attack(path: str, seed: int, count: int, sent: list[int]) -> None:
    """Send `count` frames in bursts, on connections that are closed with frames unanswered."""
    chance = random.Random(seed)
    done = 0
    while done < count:
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(20)
            peer.connect(path)
            deaf = chance.random() < 0.02
            for data in frames(chance, min(BURST, count - done)):
                try:
                    peer.sendall(data)
                    done += 1
                    if not deaf:
                        swallow(peer)
                except OSError:
                    break  # hung up on, as a bad frame deserves
            if not deaf and chance.random() < 0.9:
                finish(peer)
    sent.append(done)


def finish(peer: socket.socket) -> None:
    """Have all that was sent answered before the connection ends."""
    with contextlib.suppress(OSError):
        peer.shutdown(socket.SHUT_WR)
        while peer.recv(1 << 16):
            pass


def swallow(peer: socket.socket) -> None:
    """Read what has arrived. Raises ConnectionResetError if the daemon hung up."""
    while select.select([peer], [], [], 0)[0]:
        if not peer.recv(1 << 16):
            raise ConnectionResetError


class Honest(threading.Thread):
    """A client that asks the same question throughout and notes how long the answer took."""

    def __init__(self, deja: Deja) -> None:
        super().__init__()
        self._deja = deja
        self.done = threading.Event()
        self.took: list[float] = []
        self.wrong: list[str] = []

    def run(self) -> None:
        while not self.done.is_set():
            before = time.perf_counter()
            try:
                if "honest command" not in self._deja.search("honest"):
                    self.wrong.append("not found")
            except (client.Unavailable, client.Refused) as error:
                self.wrong.append(str(error))
            self.took.append(time.perf_counter() - before)
            self.done.wait(0.05)


def run_attack(deja: Deja, count: int, seed: int) -> int:
    path = client.rendezvous(deja.config.rendezvous_file)["socket"]
    sent: list[int] = []
    threads = [
        threading.Thread(target=attack, args=(path, seed + number, count // THREADS, sent))
        for number in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(sent)


@pytest.mark.timeout(3600)
def test_the_fuzzer_hurts_nobody(daemon: Deja) -> None:
    # The fuzzer may well forget number 1, which is a request like any other.
    daemon.record(
        "number one", "honest command", *(f"docker run {number}" for number in range(200))
    )
    daemon.search("honest")
    pid = daemon.pid
    process = psutil.Process(pid)
    seed = int(os.environ.get("DEJA_FUZZ_SEED", "1"))
    honest = Honest(daemon)
    honest.start()
    try:
        run_attack(daemon, FRAMES // 10, seed)  # what grows once, has grown
        before = process.memory_info().rss
        sent = run_attack(daemon, FRAMES, seed + 100)
        after = process.memory_info().rss
    finally:
        honest.done.set()
        honest.join()
    print(
        f"fuzz: {sent} frames, seed {seed}; memory {before / 1e6:.1f} → {after / 1e6:.1f} MB; "
        f"{len(honest.took)} honest searches, p95 {percentile(honest.took, 95) * 1000:.0f} ms"
    )
    assert sent == FRAMES // THREADS * THREADS
    assert daemon.pid == pid, "it lives"
    assert honest.wrong == []
    assert after - before < 20e6
    assert process.num_fds() < 100
    assert daemon.config.log_file.stat().st_size < 2_000_000
    text = daemon.config.log_file.read_text(errors="replace")
    assert "honest" not in text
    assert "Traceback" not in text
