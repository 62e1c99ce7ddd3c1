"""Whether the background is light or dark, for the theme `auto`. Imported only for that.

A terminal says so itself (COLORFGBG), or is asked (OSC 11), and may answer late. The answer must
not be taken for keys, by the picker or by the shell after it: it is asked only while nothing is
being typed, and a tenth of a second after the key, the decoder swallows the answer, and a picker
that ends before it has come waits a little, and reads then only what is as long as an answer: what
was typed ahead stays. An answer that takes longer than that, to a picker that was closed at once,
does reach the line. What a terminal said the last time is drawn from the start.
"""

import posix
import select
import sys
import termios
import time

from .themes import named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..screen.keys import Decoder
    from ..screen.state import State
    from ..screen.terminal import Terminal
    from ..settings import Settings

_QUESTION = "\x1b]11;?\x1b\\"
_ASK_AFTER_S = 0.1
_WAIT_S = 0.3
# Bytes of an answer, from rgb:RR/GG/BB to rgba:RRRR/GGGG/BBBB/AAAA, as terminals close it.
_LENGTHS = range(18, 36)


class Background:
    """Asks the terminal when `due`, if it has to be asked, and changes the look of `state`."""

    __slots__ = ("_asked", "_decoder", "_file", "_settings", "_state", "_terminal", "_theme", "due")

    def __init__(
        self, terminal: "Terminal", decoder: "Decoder", state: "State", settings: "Settings"
    ) -> None:
        self._terminal = terminal
        self._decoder = decoder
        self._state = state
        self._settings = settings
        self._file = settings.data_dir + "/picker.background" if settings.data_dir else ""
        self._asked: float | None = None
        self._theme = ""
        self.due: float | None = None
        told = of_variable(settings.colorfgbg or "")
        if not told:
            self.due = time.monotonic() + _ASK_AFTER_S
            told = self._remembered()
        self._show(told)

    def advance(self) -> None:
        """Ask, if it is time to and nothing is being typed."""
        if self.due is None or time.monotonic() < self.due:
            return
        if self._decoder.escape_open or select.select([self._terminal.fd], [], [], 0)[0]:
            self.due = time.monotonic() + _ASK_AFTER_S
            return
        self.due, self._asked = None, time.monotonic()
        self._decoder.expects_answer = True
        self._terminal.write(_QUESTION)

    def take(self, answer: str) -> None:
        """What the terminal said, as the decoder names it."""
        self._asked = None
        theme = of_answer(answer)
        if theme and theme != self._theme:
            self._show(theme)
            self._remember(theme)

    def settle(self) -> None:
        """At the end: an answer that is on its way must not reach the shell."""
        while self._asked is not None:
            left = self._asked + _WAIT_S - time.monotonic()
            if left <= 0 or not select.select([self._terminal.fd], [], [], left)[0]:
                return
            # All of it is there at once, or it is something else.
            time.sleep(0.001)
            if _waiting(self._terminal.fd) not in _LENGTHS:
                return
            for _ in range(_waiting(self._terminal.fd)):
                if name := self._decoder.feed(self._terminal.read()):
                    self._asked = None
                    self._remember(of_answer(name))
                    break

    def _show(self, theme: str) -> None:
        if theme:
            self._theme = theme
            self._state.look = self._settings.look_on(named(theme))
            self._state.whole = None

    def _remembered(self) -> str:
        try:
            file = posix.open(self._file, posix.O_RDONLY | posix.O_CLOEXEC)
        except OSError:
            return ""
        text = posix.read(file, 8).decode("ascii", "replace")
        posix.close(file)
        return text if text in ("light", "dark") else ""

    def _remember(self, theme: str) -> None:
        flags = posix.O_WRONLY | posix.O_CREAT | posix.O_TRUNC | posix.O_NOFOLLOW | posix.O_CLOEXEC
        if not theme:
            return
        try:
            file = posix.open(self._file, flags, 0o600)
        except OSError:
            return
        posix.write(file, theme.encode())
        posix.close(file)


def of_variable(colorfgbg: str) -> str:
    """light or dark, by COLORFGBG (`15;0`, `0;default;15`); empty if it does not say."""
    last = colorfgbg.rpartition(";")[2]
    if not (last.isascii() and last.isdigit() and len(last) <= 2 and int(last) < 16):
        return ""
    return "light" if int(last) == 7 or int(last) > 8 else "dark"


def of_answer(answer: str) -> str:
    """light or dark, by `osc:11;rgb:RRRR/GGGG/BBBB`; empty if it does not say."""
    space, _, colour = answer.removeprefix("osc:11;").partition(":")
    parts = colour.split("/")[:3]
    if space not in ("rgb", "rgba") or len(parts) < 3 or not all(map(_is_part, parts)):
        return ""
    red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in parts)
    # How bright it looks: Rec. 709.
    return "light" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5 else "dark"


def _is_part(part: str) -> bool:
    return 1 <= len(part) <= 4 and not set(part.lower()) - set("0123456789abcdef")


def _waiting(terminal: int) -> int:
    """How many bytes there are to read."""
    import fcntl

    return int.from_bytes(fcntl.ioctl(terminal, termios.FIONREAD, b"\0" * 4), sys.byteorder)
