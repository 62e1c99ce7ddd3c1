"""What a daemon holds in memory: all of it, and of what it consists."""

from collections import Counter

import psutil

from backend.wire import client, protocol

# By what a mapping's name ends in; the rest of the named ones are libraries.
KINDS = {
    "[heap]": "heap",
    "[anon]": "heap",
    "[stack]": "heap",
    "codes.i8": "codes of vectors",
    "text.index": "text index",
    ".onnx": "model",
    ".onnx.data": "model",
}


def memory(connection: client.Connection) -> dict[str, float]:
    """Of the daemon, in MB: resident, with mapped files, and what no other process shares."""
    used = _process(connection).memory_full_info()
    return {"resident": round(used.rss / 1e6, 1), "unique": round(used.uss / 1e6, 1)}


def shares(connection: client.Connection) -> dict[str, float]:
    """What is resident, in MB, by kind. Linux only: elsewhere none."""
    found: Counter[str] = Counter()
    maps = getattr(_process(connection), "memory_maps", list)
    for mapping in maps():
        kinds = [kind for ending, kind in KINDS.items() if mapping.path.endswith(ending)]
        found[kinds[-1] if kinds else "libraries"] += mapping.rss
    return {kind: round(size / 1e6, 1) for kind, size in found.most_common()}


def _process(connection: client.Connection) -> psutil.Process:
    return psutil.Process(int(dict(connection.ask(protocol.request("status"), 10))["pid"]))
