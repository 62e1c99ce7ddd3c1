"""The picker at work: keys in, searches out, the screen kept up to date.

Owns the order of things and no detail of them: keys, what they do, view, daemon and disk have
their own modules.
"""

import _signal  # type: ignore[import-not-found]  # `signal` drags in `enum`
import posix
import select
import time

from .answers.search import Search
from .picking import Picking
from .screen.keys import Decoder
from .screen.view import draw

# `typing` itself would cost more than everything it checks here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from .configuration.background import Background
    from .screen.state import State
    from .screen.terminal import Terminal
    from .settings import Settings

# An Escape that nothing follows for this long is the key itself.
_ESCAPE_SECONDS = 0.05
# A terminal says within this where its cursor is.
_PLACE_SECONDS = 0.1


class Ended(Exception):
    """A signal, or a terminal that has gone away: give the line back as it was."""


class Loop:
    """One picking, from the first paint to a result."""

    def __init__(self, terminal: "Terminal", state: "State", settings: "Settings") -> None:
        self._terminal = terminal
        self._state = state
        self._settings = settings
        self._decoder = Decoder()
        where = settings.cwd, settings.session
        self._search = Search(settings.data_dir, *where, settings.fold)
        self._picking = Picking(state, self._search, settings.data_dir, settings.fetched)
        if settings.mouse:
            terminal.follow_mouse()
        self._clicked = 0
        self._background = self._watched_background()
        self._escape_by: float | None = None
        self._wake, self._woken = posix.pipe()

    def _watched_background(self) -> "Background | None":
        """Nothing is asked of a terminal, unless the theme is to follow it."""
        if self._settings.colorfgbg is None:
            return None
        from .configuration.background import Background

        return Background(self._terminal, self._decoder, self._state, self._settings)

    def run(self) -> tuple[str, str]:
        """The action and its text."""
        self._listen_for_signals()
        self._picking.settle()
        try:
            while self._picking.result is None:
                self._wait()
                self._advance()
            if self._background:
                self._background.settle()
            self._settle_click()
        except Ended:
            return "cancel", ""
        return self._picking.result

    def _listen_for_signals(self) -> None:
        for number in (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP):
            _signal.signal(number, _end)
        posix.set_blocking(self._woken, False)
        _signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        _signal.signal(_signal.SIGWINCH, _nothing)

    def _wait(self) -> None:
        """Until a key, a signal, an answer, or something is due."""
        now = time.monotonic()
        accepting, background = self._picking.is_accepting, self._background
        asking = background.due if background and not accepting else None
        dues = (self._search.due, self._escape_by, self._picking.due, asking)
        due = min((moment for moment in dues if moment is not None), default=None)
        # While a key is waiting for its answer, those after it belong to the shell.
        watched = [self._wake]
        watched += [] if accepting else [self._terminal.fd]
        watched += self._search.descriptors + self._picking.descriptors
        timeout = None if due is None else max(0.0, due - now)
        ready = set(select.select(watched, [], [], timeout)[0])
        if self._wake in ready:
            posix.read(self._wake, 64)
            self._resize()
        if self._terminal.fd in ready:
            self._read_keys()
        self._picking.advance(ready)

    def _read_keys(self) -> None:
        """Every key that has arrived, then one search and one paint for all of them."""
        while self._picking.result is None and not self._picking.is_accepting:
            byte = self._terminal.read()
            if not byte:
                raise Ended
            key = self._decoder.feed(byte)
            if self._background and key.startswith("osc:"):
                self._background.take(key)
            elif key.startswith(("click:", "place:")):
                self._click(key)
            elif key:
                self._picking.press(key)
            if not select.select([self._terminal.fd], [], [], 0)[0]:
                break
        waiting = self._decoder.escape_open
        self._escape_by = time.monotonic() + _ESCAPE_SECONDS if waiting else None

    def _click(self, key: str) -> None:
        """Where the area stands is asked for when it is clicked upon: it moves with the screen."""
        what, _, row = key.partition(":")
        if what == "click" and self._settings.mouse:
            self._clicked = int(row)
            self._terminal.ask_place()
        elif self._clicked:
            self._picking.click(self._terminal.line_of(self._clicked, int(row)))
            self._clicked = 0

    def _settle_click(self) -> None:
        """Take what the terminal still has to say, or it would be typed into the shell."""
        while self._clicked and select.select([self._terminal.fd], [], [], _PLACE_SECONDS)[0]:
            if self._decoder.feed(self._terminal.read()).startswith("place:"):
                return

    def _advance(self) -> None:
        if self._escape_by is not None and time.monotonic() >= self._escape_by:
            self._escape_by = None
            self._picking.press(self._decoder.escape())
        if self._picking.result is not None:
            return
        self._picking.settle()
        self._copy()
        self._paint()
        if self._background and not self._picking.is_accepting:
            self._background.advance()
        self._picking.accept()
        if self._picking.is_accepting:
            # That it takes a moment, where it does.
            self._paint()

    def _copy(self) -> None:
        if text := self._picking.take_copied():
            from .screen.clipboard import copy

            self._state.told = copy(text, self._terminal.write)

    def _paint(self) -> None:
        self._state.now = time.time()
        width, rows = self._terminal.size()
        height = self._height(rows)
        if height != self._terminal.height:
            self._terminal.resized(height)
        lines, cursor = draw(self._state, width, height)
        self._terminal.paint(lines, cursor)

    def _resize(self) -> None:
        self._terminal.resized(self._height(self._terminal.size()[1]))

    def _height(self, rows: int) -> int:
        return self._settings.height(rows)


def _end(number: int, frame: object) -> None:
    raise Ended


def _nothing(number: int, frame: object) -> None:
    """The wakeup descriptor has woken the loop already."""
