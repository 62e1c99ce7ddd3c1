"""One request to the daemon beside the searches: the runs of a command, a pin, what to forget."""

import time

from .connection import Connection, Unusable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from backend.wire.protocol import Fields

# What it asks for may have the daemon write its file anew.
SECONDS = 10.0

NO_ANSWER = "the daemon does not answer; nothing was changed; run: deja restart"
# Whether it has done what was asked for is not known.
NO_REPLY = "the daemon was asked, and does not reply; run: deja restart"


class Inquiry:
    """A request on its way: `reply` holds its fields, `problem` one line if it came to nothing."""

    __slots__ = ("_connection", "due", "problem", "reply")

    def __init__(self, data_dir: str, verb: str, *fields: tuple[str, str | int]) -> None:
        self.reply: Fields | None = None
        self.problem = ""
        self.due = time.monotonic() + SECONDS
        self._connection: Connection | None = None
        try:
            self._connection = Connection(data_dir)
            self._connection.send(verb, *fields)
        except Unusable:
            self._fail(NO_ANSWER)

    @property
    def descriptors(self) -> list[int]:
        return [self._connection.fileno()] if self._connection else []

    @property
    def over(self) -> bool:
        return self._connection is None

    def advance(self) -> None:
        """Take what has come; give up when it is due."""
        if self._connection is None:
            return
        try:
            replies = self._connection.receive()
        except Unusable:
            self._fail(NO_REPLY)
            return
        if replies:
            head = dict(reversed(replies[0]))
            if head.get("ok") != "1":
                self._fail(head.get("error", NO_REPLY))
                return
            self.reply = replies[0]
            self._close()
        elif time.monotonic() >= self.due:
            self._fail(NO_REPLY)

    def _fail(self, problem: str) -> None:
        self.problem = problem
        self._close()

    def _close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None
