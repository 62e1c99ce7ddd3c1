"""What the keys do: to the query, the selection, the views, and what the shell gets in the end.

Owns no terminal and waits for nothing: loop.py does both, and calls `press` for every key and
`settle` when all that has arrived was taken in.
"""

import time

from .pending import Pending
from .result import accepted
from .walk import Walk

# `typing` itself would cost more than everything it checks here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .answers.inquiry import Inquiry
    from .answers.search import Search
    from .screen.state import State
    from .views.view import Request, View

# Enter waits this long for the answer to what has just been typed.
_ACCEPT_SECONDS = 0.4

_FAR = 1 << 30
# Rows; of a page as many as are shown.
_MOVES = {"up": -1, "down": 1, "first": -_FAR, "last": _FAR}
_PAGES = {"page-up": -1, "page-down": 1}
# In a list that grows upwards the arrows go where they point.
_MIRRORED = {"up": "down", "down": "up", "page-up": "page-down", "page-down": "page-up"}
# How a command is given to the shell. `nth` and `blanks` choose it first.
_ACCEPTING = ("put", "run", "edit")


class Picking:
    """One picking: `result` is what ends it, `accept_by` until when an accepting key may wait."""

    def __init__(self, state: "State", search: "Search", data_dir: str) -> None:
        self._state = state
        self._search = search
        self._data_dir = data_dir
        self._walk = Walk()
        self._pending = Pending()
        self._accepting = ""
        self._inquiry: Inquiry | None = None
        # Who gets the reply: a view, or nobody, when it only changes what is listed.
        self._asked_by: View | None = None
        self.accept_by: float | None = None
        self.result: tuple[str, str] | None = None
        self._actions = self._table()

    def _table(self) -> "dict[str, Callable[[], None]]":
        state, line = self._state, self._state.line
        return {
            "leave": lambda: self._end("cancel", ""),
            "again": lambda: self._end("again", line.text),
            "query": lambda: self._end("put", line.text),
            "scores": self._scores,
            "scope": lambda: state.narrowing.cycle("scope"),
            "outcome": lambda: state.narrowing.cycle("outcome"),
            "order": lambda: state.narrowing.cycle("order"),
            "whole-up": lambda: self._scroll_whole(-1),
            "whole-down": lambda: self._scroll_whole(1),
            "home": line.home,
            "end": line.end,
            "left": line.left,
            "right": line.right,
            "word-left": line.word_left,
            "word-right": line.word_right,
            "erase-left": line.erase_left,
            "erase-right": line.erase_right,
            "kill-word": line.kill_word_left,
            "kill-subword": line.kill_subword_left,
            "kill-word-right": line.kill_word_right,
            "kill-to-start": line.kill_to_start,
            "kill-to-end": line.kill_to_end,
            "yank": line.yank,
        }

    @property
    def descriptors(self) -> list[int]:
        return self._inquiry.descriptors if self._inquiry else []

    @property
    def due(self) -> float | None:
        """When something has to be looked at again, though nothing came."""
        dues = [self.accept_by, self._inquiry.due if self._inquiry else None]
        return min((moment for moment in dues if moment is not None), default=None)

    @property
    def is_accepting(self) -> bool:
        """Whether keys that come now belong to the shell."""
        return self.accept_by is not None

    # Keys

    def press(self, key: str) -> None:
        """One key, by its name."""
        state = self._state
        state.told = ""
        if state.view is not None:
            state.view.press(key)
            self._follow(state.view)
        elif key == "text:?" and not state.line.text:
            self._open("help")
        elif key.startswith("text:"):
            state.line.insert(key[5:])
        else:
            self._do(state.keymap.action(key), key)

    def _do(self, action: str, key: str) -> None:
        state = self._state
        action = _MIRRORED.get(action, action) if state.upward else action
        if action in _ACCEPTING:
            self._begin_to_accept(action)
        elif action == "nth":
            self._choose(int(key[-1]) - 1)
        elif action in _MOVES:
            self._move(_MOVES[action])
        elif action in _PAGES:
            self._move(_PAGES[action] * state.page)
        elif action in self._actions:
            self._actions[action]()
        elif action:
            self._open(action)

    def _scores(self) -> None:
        self._state.scores = not self._state.scores

    def _scroll_whole(self, step: int) -> None:
        self._state.whole_top = max(0, self._state.whole_top + step)

    def _move(self, step: int) -> None:
        if self._state.answer is not None and self._state.rows:
            self._walk.move(step, self._state.answer)
            self._state.whole_top = 0

    def _choose(self, place: int) -> None:
        """Put the row at this place of those in view."""
        answer, at = self._state.answer, self._state.top + place
        if answer is not None and at < len(answer.rows) and place < self._state.page:
            self._walk.move(answer.first + at - self._walk.target, answer)
            self._begin_to_accept("put")

    # Views

    def _open(self, action: str) -> None:
        """The view of this action, if it has one."""
        from .views.opening import opened

        view = opened(action, self._state)
        if view is not None:
            self._state.view = view
            self._follow(view)

    def _follow(self, view: "View") -> None:
        """Do what a view wants by now."""
        if view.request is not None:
            request, view.request = view.request, None
            self._ask(request, view)
        if view.result is not None:
            self._end(*view.result)
        if view.closed:
            self._state.view = None

    def _ask(self, request: "Request", view: "View | None" = None) -> None:
        from .answers.inquiry import Inquiry

        verb, fields = request
        self._inquiry, self._asked_by = Inquiry(self._data_dir, verb, *fields), view

    def _heed(self) -> None:
        """Pass on what came of an inquiry."""
        inquiry, view = self._inquiry, self._asked_by
        if inquiry is None or not inquiry.over:
            return
        self._inquiry = None
        if view is not None and inquiry.reply is not None:
            view.take(inquiry.reply)
        elif view is not None:
            view.refused(inquiry.problem)
        elif inquiry.problem:
            self._state.told = inquiry.problem
        else:
            self._search.again()
        if view is not None:
            self._follow(view)

    # What the shell gets

    def _end(self, action: str, text: str) -> None:
        self.result = (action, text)

    def _begin_to_accept(self, action: str) -> None:
        state, answer = self._state, self._state.answer
        seen = answer and answer.question == state.question and self._walk.has_arrived(answer)
        # A command that was not on the screen when the key was pressed is never run.
        self._accepting = action if action != "run" or seen else "put"
        self.accept_by = time.monotonic() + _ACCEPT_SECONDS

    def _accept(self) -> None:
        """Once the screen answers the question as it is now, or nothing has come in time."""
        state, answer = self._state, self._state.answer
        text = state.line.text
        late = self.accept_by is None or time.monotonic() >= self.accept_by
        if answer is None or answer.question != state.question:
            if late:
                self._end("put", text)
        elif not state.rows:
            if late or not self._search.searching:
                self._end("put", text)
        elif late or self._walk.has_arrived(answer):
            command = state.rows[state.selected].command
            if text.strip() not in ("", command.strip()):
                self._search.tell(text, command)
            self._end(*accepted(self._accepting, command, state.look.utf8))

    # What has come

    def advance(self, ready: set[int]) -> None:
        """Take in what arrived on these descriptors, and do what is due."""
        self._search.advance(ready)
        if self._inquiry is not None:
            if self._inquiry.over or set(self.descriptors) & ready or self._is_late():
                self._inquiry.advance()
            self._heed()

    def _is_late(self) -> bool:
        return self._inquiry is not None and time.monotonic() >= self._inquiry.due

    def settle(self) -> None:
        """Ask what is typed by now, and take in a new answer, the selection on its command."""
        state = self._state
        state.hidden = self._pending.commands()
        self._search.ask(state.question)
        answer = self._search.answer
        if answer is not None and answer is not state.answer:
            state.top += self._walk.take_in(state.answer, answer)
            state.answer = answer
        if state.answer is not None:
            state.selected = self._walk.index(state.answer)
        self._ask_ahead()

    def accept(self) -> None:
        """After what is seen was drawn: end, if the accepting key has all that it waits for."""
        if self.is_accepting:
            self._accept()

    def _ask_ahead(self) -> None:
        """For rows that the selection is bound for, or may soon be."""
        answer = self._state.answer
        if answer is None or answer.question != self._state.question:
            return
        missing = self._walk.missing(answer)
        if missing and not self._search.more(*missing):
            self._walk.stop(answer)
