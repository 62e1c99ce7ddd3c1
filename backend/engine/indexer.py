"""The background thread: loads the model, empties the spool, embeds what waits.

Knows only the four steps that it is given; what they do is the engine's.
"""

import logging
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

# A command is in the store at most this long after its prompt came back.
POLL_S = 1.0

# After a failed step; a full disk or a removed directory is not hammered at.
RETRY_S = 10.0

TIDY_S = 5.0


class Indexer:
    """Runs `load` until it succeeds; `drain`, `embed` (until nothing waits) and `tidy` in turn."""

    def __init__(
        self,
        load: Callable[[], None],
        drain: Callable[[], int],
        embed: Callable[[], bool],
        tidy: Callable[[], None],
    ) -> None:
        self._load, self._drain, self._embed, self._tidy = load, drain, embed, tidy
        self._stopping = False
        self._more = False
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name="indexer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """There may be something to embed: do not wait for the next poll."""
        self._woken.set()

    def stop(self) -> None:
        """End after the step at hand; returns when the thread has ended."""
        self._stopping = True
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        loaded = self._try(self._load)
        tidied = time.monotonic()
        while not self._stopping:
            ok = self._try(self._work)
            if ok and time.monotonic() - tidied > TIDY_S:
                ok = self._try(self._tidy)
                tidied = time.monotonic()
            if ok and not loaded:
                ok = loaded = self._try(self._load)
            if self._more and ok:
                continue
            self._woken.wait(POLL_S if ok else RETRY_S)
            self._woken.clear()

    def _work(self) -> None:
        """Drain and embed one batch; `_more` says whether another may wait."""
        self._more = False
        self._drain()
        self._more = self._embed()

    def _try(self, step: Callable[[], object]) -> bool:
        """Whether the step succeeded. Nothing that it raises may end the thread."""
        try:
            step()
        except Exception as error:
            # The type alone: the text of an exception may hold the text of a command.
            log.error("%s failed: %s", step.__name__, type(error).__name__)
            return False
        return True
