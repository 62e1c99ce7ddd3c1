"""The picker at work: keys in, searches out, the screen kept up to date.

Owns the order of things and no detail of them: keys, line, view, daemon and disk have their
own modules.
"""

import _signal  # type: ignore[import-not-found]  # `signal` drags in `enum`
import posix
import select
import time

from .answers.search import Search
from .result import accepted
from .screen.keys import Decoder
from .screen.terminal import area_height
from .screen.view import State, draw
from .walk import Walk

# `typing` itself would cost more than everything it checks here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .screen.terminal import Terminal
    from .settings import Settings

# An Escape that nothing follows for this long is the key itself.
_ESCAPE_SECONDS = 0.05
# Enter waits this long for the answer to what has just been typed.
_ACCEPT_SECONDS = 0.4


class Ended(Exception):
    """A signal, or a terminal that has gone away: give the line back as it was."""


class Loop:
    """One picking, from the first paint to a result."""

    def __init__(self, terminal: "Terminal", state: State, settings: "Settings") -> None:
        self._terminal = terminal
        self._state = state
        self._decoder = Decoder()
        self._search = Search(settings.data_dir, settings.cwd, settings.session)
        self._walk = Walk()
        self._again = _key_name(settings.again)
        self._result: tuple[str, str] | None = None
        # An accepting key, and until when it may wait for the answer to the query.
        self._accepting = ""
        self._accept_by = 0.0
        self._escape_by: float | None = None
        self._edits = _edits(state)
        self._wake, self._woken = posix.pipe()

    def run(self) -> tuple[str, str]:
        """The action and its text."""
        self._listen_for_signals()
        self._search.ask(self._state.line.text)
        try:
            while self._result is None:
                self._wait()
                self._advance()
        except Ended:
            return "cancel", ""
        return self._result

    def _listen_for_signals(self) -> None:
        for number in (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP):
            _signal.signal(number, _end)
        posix.set_blocking(self._woken, False)
        _signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        _signal.signal(_signal.SIGWINCH, _nothing)

    def _wait(self) -> None:
        """Until a key, a signal, an answer, or something is due."""
        now = time.monotonic()
        dues = [self._search.due, self._escape_by]
        if self._accepting:
            dues.append(self._accept_by)
        due = min((moment for moment in dues if moment is not None), default=None)
        # While a key is waiting for its answer, those after it belong to the shell.
        watched = [self._wake] if self._accepting else [self._wake, self._terminal.fd]
        watched += self._search.descriptors
        timeout = None if due is None else max(0.0, due - now)
        ready = select.select(watched, [], [], timeout)[0]
        if self._wake in ready:
            posix.read(self._wake, 64)
            self._resize()
        if self._terminal.fd in ready:
            self._read_keys()
        self._search.advance(set(self._search.descriptors) & set(ready))

    def _read_keys(self) -> None:
        """Every key that has arrived, then one search and one paint for all of them."""
        while self._result is None and not self._accepting:
            byte = self._terminal.read()
            if not byte:
                raise Ended
            self._press(self._decoder.feed(byte))
            if not select.select([self._terminal.fd], [], [], 0)[0]:
                break
        waiting = self._decoder.escape_open
        self._escape_by = time.monotonic() + _ESCAPE_SECONDS if waiting else None

    def _advance(self) -> None:
        if self._escape_by is not None and time.monotonic() >= self._escape_by:
            self._escape_by = None
            self._press(self._decoder.escape())
        if self._result is not None:
            return
        self._search.ask(self._state.line.text)
        self._show()
        self._ask_ahead()
        if self._accepting:
            self._accept()

    def _show(self) -> None:
        """Take in a new answer, keeping the selection on its command, and paint."""
        state, answer = self._state, self._search.answer
        if answer is not None and answer is not state.answer:
            state.top += self._walk.take_in(state.answer, answer)
            state.answer = answer
        if state.answer is not None:
            state.selected = self._walk.index(state.answer)
        self._paint()

    def _ask_ahead(self) -> None:
        """For rows that the selection is bound for, or may soon be."""
        answer = self._state.answer
        if answer is None or answer.query != self._state.line.text:
            return
        missing = self._walk.missing(answer)
        if missing and not self._search.more(*missing):
            self._walk.stop(answer)

    def _paint(self) -> None:
        self._state.now = time.time()
        width, rows = self._terminal.size()
        height = area_height(rows, on_own_line=self._state.header is not None)
        if height != self._terminal.height:
            self._terminal.resized(height)
        lines, cursor = draw(self._state, width, height)
        self._terminal.paint(lines, cursor)

    def _resize(self) -> None:
        _, rows = self._terminal.size()
        self._terminal.resized(area_height(rows, on_own_line=self._state.header is not None))

    def _press(self, key: str) -> None:
        if key.startswith("text:"):
            self._state.line.insert(key[5:])
        elif key in ("enter", "tab", "alt-enter"):
            self._begin_to_accept(key)
        elif key == "cancel":
            self._result = ("cancel", "")
        elif key == self._again:
            self._result = ("again", self._state.line.text)
        elif key in _MOVES:
            self._move(_MOVES[key])
        elif key in self._edits:
            self._edits[key]()

    def _begin_to_accept(self, key: str) -> None:
        answer, text = self._state.answer, self._state.line.text
        seen = answer and answer.query == text and self._walk.has_arrived(answer)
        # A command that was not on the screen when the key was pressed is never run.
        self._accepting = "run" if key == "alt-enter" and seen else "put"
        self._accept_by = time.monotonic() + _ACCEPT_SECONDS

    def _accept(self) -> None:
        """Once the screen answers the query as it is now, or nothing has come in time."""
        state, answer = self._state, self._state.answer
        text = state.line.text
        late = time.monotonic() >= self._accept_by
        if answer is None or answer.query != text:
            self._result = ("put", text) if late else None
        elif not state.rows:
            self._result = None if self._search.searching and not late else ("put", text)
        elif late or self._walk.has_arrived(answer):
            command = state.rows[state.selected].command
            if text.strip() not in ("", command.strip()):
                self._search.tell(text, command)
            self._result = accepted(self._accepting, command, state.look.utf8)

    def _move(self, step: int) -> None:
        """By rows; a page is as much as is shown."""
        if self._state.answer is None or not self._state.rows:
            return
        page = max(1, self._terminal.height - 4)
        step = page if step == _PAGE else -page if step == -_PAGE else step
        self._walk.move(step, self._state.answer)


_PAGE = 1 << 20
_FAR = 1 << 30
_MOVES = {
    "up": -1,
    "ctrl-p": -1,
    "down": 1,
    "ctrl-n": 1,
    "page-up": -_PAGE,
    "page-down": _PAGE,
    "alt-<": -_FAR,
    "alt->": _FAR,
}


def _edits(state: State) -> "dict[str, Callable[[], None]]":
    """What the editing keys do to the query."""
    line = state.line
    return {
        "ctrl-a": line.home,
        "home": line.home,
        "ctrl-e": line.end,
        "end": line.end,
        "ctrl-b": line.left,
        "left": line.left,
        "ctrl-f": line.right,
        "right": line.right,
        "alt-b": line.word_left,
        "alt-f": line.word_right,
        "backspace": line.erase_left,
        "delete": line.erase_right,
        "ctrl-d": line.erase_right,
        "ctrl-w": line.kill_word_left,
        "alt-backspace": line.kill_subword_left,
        "alt-d": line.kill_word_right,
        "ctrl-u": line.kill_to_start,
        "ctrl-k": line.kill_to_end,
        "ctrl-y": line.yank,
    }


def _key_name(notation: str) -> str:
    """The name of the key that opened the picker, as the shells write it: ^R, ^@, \\er."""
    if len(notation) == 2 and notation[0] == "^":
        return "ctrl-" + notation[1].lower()
    for escape in ("\\e", "^[", "\\M-"):
        if notation.startswith(escape) and len(notation) == len(escape) + 1:
            return "alt-" + notation[-1].lower()
    return "ctrl-r"


def _end(number: int, frame: object) -> None:
    raise Ended


def _nothing(number: int, frame: object) -> None:
    """The wakeup descriptor has woken the loop already."""
