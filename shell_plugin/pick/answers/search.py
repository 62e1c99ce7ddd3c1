"""Where answers come from: the daemon, and the disk when the daemon does not answer in time.

Never waits: the loop asks when something is `due`, which descriptors to watch, and calls
`advance`. After the daemon was late once, the disk answers at once until it speaks again.
"""

import time

from backend.wire import protocol

from ..walk import PAGE
from ..words import Words
from .client import DaemonClient
from .connection import Unusable

# With the start of the picker before it and a first look at the disk after it, this keeps a
# key press within 150 ms.
ANSWER_SECONDS = 0.06
# A daemon that is silent for this long is let go.
_SILENT_SECONDS = 3.0
# A daemon that has just been started is there within a second; a wedged one is left alone.
_ABSENT_RETRY_SECONDS = 0.2
_ABSENT_RETRY_GROWTH = 1.3
_WEDGED_RETRY_SECONDS = 5.0
# A daemon that has just started answers by text until its model is loaded: ask again, a few
# times, for what means the same.
_BETTER_SECONDS = 0.4
_BETTER_TRIES = 8
# The daemon gives no more at a time.
_MOST_ROWS = 1000

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .answer import Answer, Question

    # sqlite3 is imported when the disk is first needed.
    from .offline import Disk


class Search:
    """Answers to the newest question; `answer` is the latest to show, None before the first."""

    __slots__ = (
        "_absent_retry",
        "_better_at",
        "_better_tries",
        "_cwd",
        "_daemon",
        "_data_dir",
        "_disk",
        "_fall_back_at",
        "_fold",
        "_launched",
        "_on_disk",
        "_paged",
        "_paging",
        "_question",
        "_retry_at",
        "_sent_at",
        "_session",
        "_tired",
        "answer",
    )

    def __init__(self, data_dir: str, cwd: str, session: str, fold: bool = True) -> None:
        self._fold = fold
        self._data_dir = data_dir
        self._cwd = cwd
        self._session = session
        self.answer: Answer | None = None
        self._question: Question | None = None
        self._daemon: DaemonClient | None = None
        self._tired = False
        self._launched = False
        self._absent_retry = _ABSENT_RETRY_SECONDS
        self._retry_at = 0.0
        self._sent_at = 0.0
        self._fall_back_at = 0.0
        self._better_at: float | None = None
        self._better_tries = _BETTER_TRIES
        self._disk: Disk | None = None
        self._on_disk = False
        # Whether rows beyond the first page were asked for, and whether they are on their way.
        self._paged = False
        self._paging = False

    @property
    def descriptors(self) -> list[int]:
        return [self._daemon.fileno()] if self._daemon else []

    @property
    def place(self) -> tuple[tuple[str, str], ...]:
        """From where it is asked, as fields of a request."""
        return ("cwd", self._cwd), ("session", self._session)

    @property
    def searching(self) -> bool:
        """Whether a better answer to the present question may be about to come."""
        if not self._answered:
            return True
        return self._on_disk and self._disk is not None and self._disk.working

    @property
    def _answered(self) -> bool:
        return self.answer is not None and self.answer.question == self._question

    @property
    def due(self) -> float | None:
        """The moment (monotonic) at which `advance` must be called; None for never."""
        if self._on_disk and self.searching:
            return 0.0
        dues = [] if self._answered or self._on_disk else [self._fall_back_at]
        if self._better_at is not None:
            dues.append(self._better_at)
        if self._daemon is None:
            dues.append(self._retry_at)
        elif self._daemon.waiting:
            dues.append(self._sent_at + _SILENT_SECONDS)
        return min(dues, default=None)

    def ask(self, question: "Question") -> None:
        """Search for `question` from now on; the same again changes nothing."""
        if question == self._question:
            return
        now = time.monotonic()
        first = self._question is None
        self._question = question
        self._better_at = None
        self._on_disk = False
        self._paged = False
        self._fall_back_at = now if self._tired else now + ANSWER_SECONDS
        if first:
            self._connect(now)
        self._send(now)

    def more(self, first: int, limit: int) -> bool:
        """Have these rows too, `first` being passed over; whether something is on its way.

        Only for an answer to the present question; to be called again until they are here.
        """
        if self._daemon is None or self._on_disk:
            return False
        if not self._daemon.waiting:
            self._paged = True
            self._send(time.monotonic(), first, limit)
        return self._daemon is not None

    def tell(self, query: str, command: str) -> None:
        """Let the daemon know what was picked; without one, nobody learns."""
        daemon = self._daemon
        try:
            if daemon and daemon.waiting:
                # A daemon that cannot deliver its reply reads no further.
                daemon = DaemonClient(self._data_dir)
            if daemon:
                daemon.tell(query, command)
        except Unusable:
            # The picker is about to end, whether it went out or not.
            return

    def again(self) -> None:
        """Ask for the rows that are here once more: what is said of them has changed."""
        answer = self.answer
        if self._daemon is None or self._daemon.waiting or answer is None or self._on_disk:
            return
        self._paged = False
        count = max(PAGE, answer.next - answer.first)
        self._send(time.monotonic(), answer.first, min(count, _MOST_ROWS))

    def advance(self, ready: set[int]) -> None:
        """Take what has come, and do what is due."""
        now = time.monotonic()
        if self._daemon and self._daemon.fileno() in ready:
            self._receive(now)
        if self._daemon is None and now >= self._retry_at:
            self._connect(now)
            # To somebody who walks the list, its first page would be a step back.
            if not self._paged:
                self._send(now)
        if self._better_at is not None and now >= self._better_at:
            self._better_at = None
            self._better_tries -= 1
            self._send(now)
        if self._daemon and self._daemon.waiting and now >= self._sent_at + _SILENT_SECONDS:
            self._lose(now, _WEDGED_RETRY_SECONDS)
        if not self._answered and not self._on_disk and now >= self._fall_back_at:
            self._tired = True
            self._turn_to_disk()
        if self._on_disk and self._disk and self._disk.working:
            self.answer = self._disk.work()

    def _connect(self, now: float) -> None:
        try:
            self._daemon = DaemonClient(self._data_dir, self._fold)
        except Unusable:
            self._lose(now, self._absent_retry)
            self._absent_retry *= _ABSENT_RETRY_GROWTH

    def _lose(self, now: float, retry_after: float) -> None:
        """There is no daemon (any more): the disk answers, and a new one is started, once."""
        if self._daemon:
            self._daemon.close()
            self._daemon = None
        self._tired = True
        self._fall_back_at = now
        self._retry_at = now + retry_after
        if not self._launched:
            self._launched = True
            from .launch import start_daemon

            start_daemon()

    def _send(self, now: float, first: int = 0, limit: int = PAGE) -> None:
        if self._daemon is None or self._daemon.waiting or self._question is None:
            return
        self._better_at = None
        self._paging = self._paged
        try:
            self._daemon.ask(self._question, self._cwd, self._session, first, limit)
            self._sent_at = now
        except Unusable:
            self._lose(now, _WEDGED_RETRY_SECONDS)

    def _receive(self, now: float) -> None:
        if self._daemon is None:
            return
        try:
            answer = self._daemon.receive()
        except Unusable:
            self._lose(now, _WEDGED_RETRY_SECONDS)
            return
        if answer is None:
            return
        self._tired = False
        if self._paging:
            self._add(answer)
        elif answer.question == self._question:
            self._on_disk = False
            self.answer = answer.unfolded_as(self.answer)
            wanted = Words(answer.query, answer.applied).wanted
            if answer.mode == protocol.TEXT and wanted and self._better_tries:
                self._better_at = now + _BETTER_SECONDS
        elif not self._answered:
            # Late, but closer to what is typed than what stands there.
            self.answer = answer
        if answer.question != self._question or self._on_disk or not self._answered:
            self._send(now)

    def _add(self, page: "Answer") -> None:
        """More rows, unless what they belong to is gone."""
        answered = self.answer and self.answer.question == page.question == self._question
        if self.answer and answered and not self._on_disk:
            self.answer = self.answer.joined(page)

    def _turn_to_disk(self) -> None:
        from .offline import Disk

        self._on_disk = True
        if self._disk is None:
            self._disk = Disk(self._data_dir)
        if self._question:
            self._disk.ask(self._question)
        self.answer = self._disk.work()
