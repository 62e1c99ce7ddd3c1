"""The views above one another, and what becomes of what they want.

Owns the one request to the daemon that is on its way beside the searches.
"""

from ..answers.inquiry import Inquiry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from backend.wire.protocol import Fields

    from ..answers.search import Search
    from ..closing import Closing
    from ..screen.state import State
    from .view import Request, View


# Rows that the disk found have no number to speak of to the daemon.
NEEDS_DAEMON = "that needs the daemon, which does not answer; run: deja restart"


class Stack:
    """The topmost view is `state.view`. end, do: what the picker does with a result, and with an
    action that a view passes on. `copied` is text for the clipboard, until somebody takes it.
    """

    __slots__ = (
        *("_asked_by", "_closing", "_data_dir", "_do", "_end", "_inquiry", "_search", "_state"),
        "copied",
    )

    def __init__(
        self,
        state: "State",
        search: "Search",
        closing: "Closing",
        data_dir: str,
        end: "Callable[[str, str], None]",
        do: "Callable[[str, str], None]",
    ) -> None:
        self._state = state
        self._search = search
        self._closing = closing
        self._data_dir = data_dir
        self._end = end
        self._do = do
        self._inquiry: Inquiry | None = None
        # Who gets the reply: a view, or nobody, when it only changes what is listed.
        self._asked_by: View | None = None
        self.copied = ""

    @property
    def descriptors(self) -> list[int]:
        return self._inquiry.descriptors if self._inquiry else []

    @property
    def due(self) -> float | None:
        return self._inquiry.due if self._inquiry else None

    def press(self, view: "View", key: str) -> None:
        """A key for the topmost view."""
        view.press(key)
        self._follow(view, key)

    def open(self, action: str) -> None:
        """The view of this action, if it has one."""
        from .opening import opened

        view = opened(action, self._state)
        if view is not None:
            self._show(view)

    def _show(self, view: "View") -> None:
        view.below, self._state.view = self._state.view, view
        self._follow(view)

    def _follow(self, view: "View", key: str = "") -> None:
        """Do what a view wants by now."""
        state = self._state
        if view.forgotten is not None:
            self._closing.add(view.forgotten, state)
        state.told = view.told or state.told
        self.copied = view.copied or self.copied
        if view.changed:
            self._search.again()
        opens, passed = view.opens, view.passed
        view.forgotten = view.opens = None
        view.told = view.copied = view.passed = ""
        view.changed = False
        if view.result is not None:
            self._end(*view.result)
            view.result = None
        if view.closed and state.view is view:
            state.view = view.below
        self._ask_for(view)
        if opens is not None:
            self._show(opens)
        elif passed:
            self._do(passed, key)

    # What is asked of the daemon

    def pin(self) -> None:
        """Pin the selected command, or let it go."""
        row = self._state.row
        if row is None or row.id is None:
            self._state.told = NEEDS_DAEMON if row else ""
        else:
            self.ask(("pin", (("id", row.id), ("on", 0 if row.pinned else 1))))

    def ask(self, request: "Request", view: "View | None" = None) -> None:
        """Send a request; the reply is for a view, or for the list."""
        verb, fields = request
        self._inquiry = Inquiry(self._data_dir, verb, *fields, *self._search.place)
        self._asked_by = view

    def _ask_for(self, view: "View") -> None:
        """What a view asks for, once nothing else is on its way."""
        if view.request is not None and self._inquiry is None:
            request, view.request = view.request, None
            self.ask(request, view)

    def advance(self, ready: set[int], now: float) -> None:
        """Take in what arrived on these descriptors, and pass on what came of it."""
        inquiry, view = self._inquiry, self._asked_by
        if inquiry is None:
            return
        if set(inquiry.descriptors) & ready or now >= inquiry.due:
            inquiry.advance()
        if not inquiry.over:
            return
        self._inquiry = None
        if view is None:
            self._listed(inquiry.reply, inquiry.problem)
        else:
            if inquiry.reply is not None:
                view.take(inquiry.reply)
            else:
                view.refused(inquiry.problem)
            self._follow(view)
        if self._state.view is not None:
            self._ask_for(self._state.view)

    def _listed(self, reply: "Fields | None", problem: str) -> None:
        """A pin, which only the list shows."""
        if reply is None:
            self._state.told = problem
            return
        pinned = dict(reply).get("pinned") == "1"
        self._state.told = "pinned" if pinned else "no longer pinned"
        self._search.again()
