"""A terminal that a program runs on, and what stands on its screen."""

import time
from pathlib import Path

import pexpect
import pyte

DEADLINE_S = 60.0
# So long without output, a screen is taken for finished.
QUIET_S = 0.4

_DIM, _BLINK, _NOT_BOLD_OR_DIM, _NOT_BLINK = 2, 5, 22, 25
_EXTENDED = (38, 48)


class DimScreen(pyte.Screen):
    """pyte's screen, which has no place for dim (SGR 2): it is kept as blink, which nobody uses."""

    def select_graphic_rendition(self, *attrs: int, **_: bool) -> None:
        if not set(attrs) & set(_EXTENDED):  # there a 2 is part of a colour
            changed = {_DIM: (_BLINK,), _NOT_BOLD_OR_DIM: (_NOT_BOLD_OR_DIM, _NOT_BLINK)}
            attrs = tuple(code for attr in attrs for code in changed.get(attr, (attr,)))
        super().select_graphic_rendition(*attrs)


class Terminal:
    """A program on a terminal of `columns` × `rows`."""

    def __init__(
        self, argv: list[str], environment: dict[str, str], cwd: Path, columns: int, rows: int
    ) -> None:
        self.screen = DimScreen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            argv[0], argv[1:], env=environment, cwd=str(cwd), dimensions=(rows, columns)
        )
        self._child.delaybeforesend = None

    def send(self, keys: str) -> None:
        self._child.send(keys)

    def wait_for(self, text: str) -> None:
        """Until the screen shows `text` and has come to rest.

        Raises TimeoutError, with a picture of the screen.
        """
        end = time.monotonic() + DEADLINE_S
        while self._pump() or text not in "\n".join(self.screen.display):
            if time.monotonic() > end:
                lines = "\n".join(line.rstrip() for line in self.screen.display)
                raise TimeoutError(f"waited for {text!r}, but the screen is\n{lines}")

    def _pump(self) -> bool:
        """Take in what the program wrote; whether there was anything."""
        try:
            self._stream.feed(self._child.read_nonblocking(1 << 16, timeout=QUIET_S))
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            raise TimeoutError("the program on the terminal has ended") from None
        return True

    def close(self) -> None:
        self._child.close(force=True)
