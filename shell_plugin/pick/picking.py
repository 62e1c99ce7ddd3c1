"""What the keys do: to the query, the selection, the views, and what the shell gets in the end.

Owns no terminal and waits for nothing: loop.py does both, and calls `press` for every key and
`settle` when all that has arrived was taken in.
"""

import time

from .closing import Closing
from .result import accepted
from .views.stack import Stack
from .walk import Walk

# `typing` itself would cost more than everything it checks here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .answers.answer import Answer
    from .answers.search import Search
    from .screen.state import State

# Enter waits this long for the answer to what has just been typed.
_ACCEPT_SECONDS = 0.4

_FAR = 1 << 30
# Rows; of a page as many as are shown.
_MOVES = {"up": -1, "down": 1, "first": -_FAR, "last": _FAR}
_PAGES = {"page-up": -1, "page-down": 1}
_HALVES = {"half-up": -1, "half-down": 1}
# In a list that grows upwards the arrows go where they point.
_MIRRORED = {
    "up": "down",
    "down": "up",
    "page-up": "page-down",
    "page-down": "page-up",
    "half-up": "half-down",
    "half-down": "half-up",
}
# How a command is given to the shell. `nth` and `blanks` choose it first.
_ACCEPTING = ("put", "run", "edit")
# What is done to the selected command, and so only if that is the one on the screen.
_OF_ROW = ("inspect", "copy", "pin", "note", "forget", "blanks")
_SEARCHING = "still searching; press it again"


class Picking:
    """One picking: `accept_by` is until when an accepting key may wait."""

    def __init__(self, state: "State", search: "Search", data_dir: str, fetched: str = "") -> None:
        self._state = state
        self._search = search
        self._walk = Walk()
        self._closing = Closing(data_dir)
        self._views = Stack(state, search, self._closing, data_dir, self._end, self._do)
        self._accepting = ""
        # What stands on the line already: until a key is pressed the selection goes past it.
        self._fetched = fetched
        self.accept_by: float | None = None
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
            "copy": self._copy,
            "pin": self._views.pin,
            "undo": lambda: self._closing.undo(state),
            "right": self._right,
            "left": self._left,
        }

    @property
    def result(self) -> tuple[str, str] | None:
        """What ends the picker: an action and a text."""
        return self._closing.result

    def take_copied(self) -> str:
        """Text for the clipboard, once; empty if there is none."""
        text, self._views.copied = self._views.copied, ""
        return text

    @property
    def descriptors(self) -> list[int]:
        return self._views.descriptors + self._closing.descriptors

    @property
    def due(self) -> float | None:
        """When something has to be looked at again, though nothing came."""
        dues = (self.accept_by, self._views.due, self._closing.due)
        return min((moment for moment in dues if moment is not None), default=None)

    @property
    def is_accepting(self) -> bool:
        """Whether keys that come now belong to the shell."""
        return self.accept_by is not None or self._closing.is_busy

    # Keys

    def press(self, key: str) -> None:
        """One key, by its name."""
        state = self._state
        state.told = self._fetched = ""
        if state.view is not None:
            self._views.press(state.view, key)
        elif state.vi and (meant := state.vi.press(key)) is not None:
            for action in meant:
                self._do(action, key)
        elif key == "text:?" and not state.line.text:
            self._views.open("help")
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
        elif action in _OF_ROW and state.rows and not self._is_seen():
            state.told = _SEARCHING
        elif action in _MOVES:
            self._move(_MOVES[action])
        elif action in _PAGES:
            self._move(_PAGES[action] * state.page)
        elif action in _HALVES:
            self._move(_HALVES[action] * max(1, state.page // 2))
        elif action in self._actions:
            self._actions[action]()
        elif action and not state.line.edit(action):
            self._views.open(action)

    def _scores(self) -> None:
        self._state.scores = not self._state.scores

    def _scroll_whole(self, step: int) -> None:
        self._state.whole_top = max(0, self._state.whole_top + step)

    def _move(self, step: int) -> None:
        if self._state.answer is not None and self._state.rows:
            self._walk.move(step, self._state.answer)
            self._state.selected = self._walk.index(self._state.answer)
            self._state.whole_top = 0

    def _choose(self, place: int) -> None:
        """Put the row at this place of those in view."""
        answer, at = self._state.answer, self._state.top + place
        if answer is not None and at < len(answer.rows) and place < self._state.page:
            self._walk.move(answer.first + at - self._walk.target, answer)
            self._begin_to_accept("put")

    def click(self, line: int) -> None:
        """Select the row on this line of the picture; the selected one is put."""
        state, answer = self._state, self._state.answer
        at = state.places[line] if 0 <= line < len(state.places) else None
        if answer is None or state.view is not None or at is None or at >= len(answer.rows):
            return
        if at == state.selected:
            self._begin_to_accept("put")
        else:
            self._move(at - state.selected)

    # Rows that stand for their likes

    def _right(self) -> None:
        """On in the query; at its end, unfold the row."""
        line, row, answer = self._state.line, self._state.row, self._state.answer
        if line.cursor < len(line.text) or row is None or answer is None:
            line.right()
        elif not self._is_seen():
            self._state.told = _SEARCHING
        elif row.alike and not answer.is_unfolded(row):
            from .views.unfolding import Unfolding, asked

            self._views.ask(asked(answer, row), Unfolding(self._search, row.command))

    def _left(self) -> None:
        """Back in the query; from its end, fold what is unfolded about the row."""
        line, row, answer = self._state.line, self._state.row, self._state.answer
        head = answer.head(self._state.selected) if answer and row else None
        if line.cursor < len(line.text) or answer is None or head is None:
            line.left()
        else:
            self._move(head - self._state.selected)
            self._search.answer = answer.folded(answer.rows[head].command)

    # What is kept, copied, and not to be forgotten after all

    def _copy(self) -> None:
        if self._state.row is not None:
            self._views.copied = self._state.row.command

    # What the shell gets

    def _end(self, action: str, text: str) -> None:
        self.accept_by = None
        self._closing.end(action, text, self._state)

    def _is_seen(self) -> bool:
        """Whether what is selected is what was asked for, and here."""
        answer = self._state.answer
        return (
            answer is not None
            and answer.question == self._state.question
            and self._walk.has_arrived(answer)
        )

    def _begin_to_accept(self, action: str) -> None:
        # A command that was not on the screen when the key was pressed is never run.
        self._accepting = action if action != "run" or self._is_seen() else "put"
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
            if state.learns and text.strip() not in ("", command.strip()):
                self._search.tell(text, command)
            self._end(*accepted(self._accepting, command, state.look.utf8))

    # What has come

    def advance(self, ready: set[int]) -> None:
        """Take in what arrived on these descriptors, and do what is due."""
        self._search.advance(ready)
        self._closing.advance(self._state)
        self._views.advance(ready, time.monotonic())

    def settle(self) -> None:
        """Ask what is typed by now, and take in a new answer, the selection on its command."""
        state = self._state
        self._search.ask(state.question)
        answer = self._search.answer
        if answer is not None and answer is not state.answer:
            state.top += self._walk.take_in(state.answer, answer)
            state.answer = answer
            self._go_past_fetched(answer)
        if state.answer is not None:
            state.selected = self._walk.index(state.answer)
        self._ask_ahead()

    def _go_past_fetched(self, answer: "Answer") -> None:
        commands = [row.command for row in answer.rows]
        if self._fetched and self._fetched in commands and not self._walk.target:
            self._walk.move(commands.index(self._fetched) + 1, answer)

    def accept(self) -> None:
        """After what is seen was drawn: end, if the accepting key has all that it waits for."""
        if self.accept_by is not None:
            self._accept()

    def _ask_ahead(self) -> None:
        """For rows that the selection is bound for, or may soon be."""
        answer = self._state.answer
        if answer is None or answer.question != self._state.question:
            return
        missing = self._walk.missing(answer)
        if missing and not self._search.more(*missing):
            self._walk.stop(answer)
