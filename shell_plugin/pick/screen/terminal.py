"""The terminal that the picker borrows: modes, size, and an area of lines under the prompt.

Knows nothing of what is drawn. The area is reached by moving relative to where the shell left
the cursor, so that nothing has to be asked of the terminal and no type-ahead can be mistaken
for its answer.
"""

import posix
import sys
import termios


class Terminal:
    """The open terminal; `enter` takes it over and `leave` gives it back as it was."""

    __slots__ = (
        *("_at", "_cursor", "_drawn", "_height", "_mouse", "_old", "_on_own_line", "_resized"),
        "fd",
    )

    def __init__(self) -> None:
        """Raises OSError or termios.error where there is no terminal."""
        # On macOS /dev/tty cannot be waited on; the device's own name can.
        name = posix.ttyname(2) if sys.platform == "darwin" else "/dev/tty"
        self.fd = posix.open(name, posix.O_RDWR | posix.O_CLOEXEC | posix.O_NOCTTY)
        self._old = termios.tcgetattr(self.fd)
        self._height = 0
        self._at = 0
        self._cursor = (-1, -1)
        self._on_own_line = False
        self._resized = False
        self._mouse = False
        self._drawn: list[str] = []

    @property
    def height(self) -> int:
        """Lines of the area."""
        return self._height

    def size(self) -> tuple[int, int]:
        """Columns and rows; 80 and 24 where the terminal does not say."""
        try:
            width, height = posix.get_terminal_size(self.fd)
        except OSError:
            return 80, 24
        return width or 80, height or 24

    def enter(self) -> None:
        """Raw modes. TCSADRAIN keeps what was typed ahead.

        ISIG goes too: both shells throw the line away when SIGINT ends a key's function, and
        Ctrl-C must give it back. It is read as a byte instead.
        """
        new = termios.tcgetattr(self.fd)
        new[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON)
        new[1] &= ~termios.OPOST
        new[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)
        new[6][termios.VMIN] = 1
        new[6][termios.VTIME] = 0
        termios.tcsetattr(self.fd, termios.TCSADRAIN, new)

    def open_area(self, height: int, on_own_line: bool) -> str:
        """The bytes that make room for the area and go to its first line.

        That is the line under the cursor's, or the cursor's own where the shell has wiped it
        (bash). Line feeds scroll only at the bottom; the column, kept by OPOST being off, is
        saved once the scrolling is done.
        """
        self._height = height
        self._on_own_line = on_own_line
        self._drawn = [""] * height
        below = height - 1 if on_own_line else height
        up = f"\x1b[{below}A" if below else ""
        return "\n" * below + up + "\x1b7" + ("" if on_own_line else "\r\n") + "\r\x1b[J"

    def paint(self, lines: list[str], cursor: tuple[int, int], first: str = "") -> None:
        """Draw what changed of `lines`, then put the cursor at (line, column).

        Nothing is written if nothing changed. Wrapping is off while drawing: a character wider
        than was thought cannot spill.
        """
        changed = [row for row, text in enumerate(lines) if self._drawn[row] != text]
        if not changed and not first and cursor == self._cursor:
            return
        out = [first, "\x1b[?25l\x1b[?7l"]
        out += [self._move(row) + "\r\x1b[0m\x1b[K" + lines[row] + "\x1b[0m" for row in changed]
        self._drawn, self._cursor = list(lines), cursor
        out.append(self._move(cursor[0]) + f"\x1b[{cursor[1] + 1}G\x1b[?7h\x1b[?25h")
        self.write("".join(out))

    def follow_mouse(self) -> None:
        """Have the terminal tell of clicks and of the wheel, until `leave`."""
        self._mouse = True
        self.write("\x1b[?1000h\x1b[?1006h")

    def ask_place(self) -> None:
        """Have the terminal tell on which of its rows the cursor is."""
        self.write("\x1b[6n")

    def line_of(self, row: int, cursor_row: int) -> int:
        """The line of the area that is on this row of the terminal, by where its cursor is."""
        return row - cursor_row + self._at

    def resized(self, height: int) -> None:
        """Start the area again after the terminal changed size and moved its text about."""
        self._resized = True
        out = self._move(0) + "\r\x1b[J" + "\n" * (height - 1)
        if height > 1:
            out += f"\x1b[{height - 1}A"
        self._height = height
        self._cursor = (-1, -1)
        self._drawn = [""] * height
        self.write(out)

    def leave(self) -> None:
        """Wipe the area, put the cursor back where the shell had it, restore the modes."""
        out = ""
        if self._height:
            out = self._move(0) + "\r\x1b[J"
            if not self._on_own_line:
                out += "\x1b[A" if self._resized else "\x1b8"
        if self._mouse:
            out += "\x1b[?1006l\x1b[?1000l"
        try:
            self.write(out + "\x1b[?7h\x1b[?25h")
            termios.tcsetattr(self.fd, termios.TCSADRAIN, self._old)
        except (OSError, termios.error):
            # The terminal has gone away: nobody is left to see it.
            return

    def write(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        while data:
            data = data[posix.write(self.fd, data) :]

    def read(self) -> bytes:
        """One byte; nothing once the terminal has gone away."""
        try:
            return posix.read(self.fd, 1)
        except OSError:
            return b""

    def _move(self, row: int) -> str:
        step, self._at = row - self._at, row
        if step == 0:
            return ""
        return f"\x1b[{step}B" if step > 0 else f"\x1b[{-step}A"
