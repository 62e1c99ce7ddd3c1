"""Who is connected, and who has to go when there are too many.

One process that opens connections and says nothing must not use up what the system lets this one
have open: its oldest idle connection goes for each new one.
"""

import contextlib
import logging
import resource
from collections import Counter
from collections.abc import Callable

log = logging.getLogger(__name__)

# Enough for every shell of a busy machine, each with a picker. Of what the system allows, half is
# for the store, the model and what is being accepted.
MOST = 512
ENOUGH_FILES = 4096


def allow_files() -> int:
    """Ask the system for as many open files as are needed; how many connections they are good for.

    macOS gives a process 256 unless it asks.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = ENOUGH_FILES if hard == resource.RLIM_INFINITY else min(ENOUGH_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    return MOST if soft == resource.RLIM_INFINITY else min(MOST, soft // 4)


class Connections:
    """Open connections, each with the process at its other end, how to drop it, and whether it
    waits for an answer; in the order in which they were last heard.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._idle: dict[object, tuple[int, Callable[[], None]]] = {}
        self._busy: dict[object, tuple[int, Callable[[], None]]] = {}
        self._flooded = False

    def __len__(self) -> int:
        return len(self._idle) + len(self._busy)

    def add(self, key: object, peer: int, drop: Callable[[], None]) -> None:
        """One more; another is dropped if that is one too many."""
        self._idle[key] = (peer, drop)
        if len(self) <= self._most:
            self._flooded &= len(self) > self._most // 2
            return
        if not self._flooded:
            self._flooded = True
            log.warning("more than %d connections; the oldest idle ones are dropped", self._most)
        # Of the process that has the most of them: one that floods takes nobody else's away.
        peers = Counter(peer for peer, _ in self._idle.values())
        greedy = peers.most_common(1)[0][0]
        victim = next(key for key, (peer, _) in self._idle.items() if peer == greedy)
        self._idle.pop(victim)[1]()

    def busy(self, key: object) -> None:
        """A request came: it is not dropped before it was answered."""
        if key in self._idle:
            self._busy[key] = self._idle.pop(key)

    def idle(self, key: object) -> None:
        """It was answered, and is the one heard last."""
        if key in self._busy:
            self._idle[key] = self._busy.pop(key)

    def remove(self, key: object) -> None:
        """It ended."""
        self._idle.pop(key, None)
        self._busy.pop(key, None)
