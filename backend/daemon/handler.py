"""What stands between socket and verbs: how a request is answered, and how it is refused."""

from collections.abc import Awaitable, Callable

from backend.wire import protocol

# From the fields of a request to those of its reply.
Handler = Callable[[protocol.Fields], Awaitable[protocol.Fields]]


class RequestError(Exception):
    """A request that cannot be answered; the text is one line for the user.

    `code` is what a program is told: see protocol.py.
    """

    def __init__(self, text: str, code: str = protocol.BAD_REQUEST) -> None:
        super().__init__(text)
        self.code = code
