"""What was named is forgotten: by the daemon, and by `deja forget` from history files too."""

import os
import time

from .inquiry import Inquiry
from .launch import start_forgetting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..pending import Pending

# History files of a hundred thousand lines are read and written anew.
_FILES_SECONDS = 20.0
_LONGEST_TOLD = 1 << 12

LATE = "history files are still being searched; deja goes on, and the picker can be closed"


class Forgetting:
    """On its way until `over`; `problem` is one line for the user if it came to nothing.

    The daemon first: if it cannot, the history files are left alone as well, so that the same can
    be asked for again.
    """

    __slots__ = ("_files", "_inquiry", "_pid", "_told", "_until", "over", "problem")

    def __init__(self, data_dir: str, pending: "Pending") -> None:
        self.over = False
        self.problem = ""
        self._files = pending.commands(files=True)
        self._inquiry: Inquiry | None = None
        # Of `deja forget`: its number, where it tells what went wrong, and until when it may take.
        self._pid, self._told, self._until = 0, -1, 0.0
        ids = [id for id in pending.commands(files=False) if id not in set(self._files)]
        fields = [("id", id) for id in ids] + [("run", run) for run in pending.runs]
        if fields:
            self._inquiry = Inquiry(data_dir, "forget", *fields)
        else:
            self._go_on()

    @property
    def descriptors(self) -> list[int]:
        if self._inquiry is not None:
            return self._inquiry.descriptors
        return [] if self._told < 0 else [self._told]

    @property
    def due(self) -> float:
        return self._inquiry.due if self._inquiry is not None else self._until

    def advance(self) -> None:
        """Take in what came; never waits."""
        if self._inquiry is not None:
            self._inquiry.advance()
            if not self._inquiry.over:
                return
            self.problem, self._inquiry = self._inquiry.problem, None
            if self.problem:
                self.over = True
            else:
                self._go_on()
        elif self._told >= 0:
            self._heed()

    def _go_on(self) -> None:
        if self._files:
            self._pid, self._told = start_forgetting(self._files)
            self._until = time.monotonic() + _FILES_SECONDS
        else:
            self.over = True

    def _heed(self) -> None:
        """It ends with the end of what it tells."""
        try:
            told = os.read(self._told, _LONGEST_TOLD)
        except BlockingIOError:
            if time.monotonic() >= self._until:
                self._end(LATE)
            return
        if told:
            self.problem = told.decode("utf-8", "replace").strip().split("\n")[-1]
            return
        _, status = os.waitpid(self._pid, 0)
        failed = "deja forget failed; run it by hand to see why: deja forget --history-files"
        self._end((self.problem or failed) if status else "")

    def _end(self, problem: str) -> None:
        os.close(self._told)
        self._told = -1
        self.problem, self.over = problem, True
