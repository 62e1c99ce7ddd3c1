"""Whether sync does what it was set up for: its last round, ids that two machines share, hosts that
nobody has heard of for long.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from backend.commands.checks.finding import Finding
from backend.commands.shared.asking import quantity
from backend.config import Config
from backend.storage.exchange import hosts
from backend.storage.exchange.hosts import Peer
from backend.sync.places import read_json
from backend.system.text import to_text, visible

NAME = "sync"

# A round comes every few minutes: one that is as old as this did not come for many times.
OLD_S = 86400.0
# A machine that is switched off for a month may be gone for good.
SILENT_S = 30 * 86400.0


def check(settings: Config) -> Iterator[Finding]:
    """Nothing where sync is not set up."""
    directory = settings.data_dir / "sync"
    if not (directory / "settings.json").exists():
        return
    last = read_json(directory / "status.json") or {}
    peers = _peers(settings.store_file)
    problems = [*_of_round(last), *_of_peers(peers)]
    yield from problems
    if not problems:
        others = sum(not peer.own for peer in peers)
        told = f"with {quantity(others, 'other host')}, last done {_ago(last['at'])}"
        yield Finding(NAME, True, told)


def _of_round(last: dict[str, object]) -> Iterator[Finding]:
    at = last.get("at")
    if not isinstance(at, int | float):
        yield Finding(NAME, False, "set up, and not done yet", "deja sync")
        return
    problems = last.get("problems")
    told = [last.get("error"), *(problems if isinstance(problems, list) else [])]
    for line in filter(None, told):
        yield Finding(NAME, False, str(line), "deja sync status")
    if time.time() - at > OLD_S:
        yield Finding(NAME, False, f"last done {_ago(at)}", "deja sync")


def _of_peers(peers: list[Peer]) -> Iterator[Finding]:
    for peer in peers:
        name = visible(peer.name) or peer.host
        if peer.differing:
            found = f"{peer.differing:,} runs of {name} came again with other content: two"
            yield Finding(NAME, False, f"{found} machines have one id", "deja sync status")
        if peer.written and not peer.own and time.time() - peer.written > SILENT_S:
            found = (
                f"nothing of {name} since {_ago(peer.written)}; if that machine is gone for good"
            )
            yield Finding(NAME, True, found, f"deja sync forget-host {peer.host}")


def _peers(store: Path) -> list[Peer]:
    """None where the store is of an older schema, or cannot be read: another check tells that."""
    try:
        with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)) as db:
            db.text_factory = to_text
            return hosts.peers(db)
    except sqlite3.Error:
        return []


def _ago(at: object) -> str:
    """A moment as `3 days ago`."""
    assert isinstance(at, int | float)
    seconds = max(0.0, time.time() - at)
    for length, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= length:
            count = int(seconds // length)
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"
