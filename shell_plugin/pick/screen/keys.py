"""Bytes from the terminal to names of keys.

Pure: a Decoder is fed bytes one by one and knows nothing of where they come from. Bytes are
taken singly because those that follow the accepting key belong to the shell.
"""

_CONTROL = {
    0x00: "ctrl-space",
    0x08: "backspace",
    0x09: "tab",
    0x0A: "enter",
    0x0D: "enter",
    0x1C: "ctrl-\\",
    0x1D: "ctrl-]",
    0x1E: "ctrl-^",
    0x1F: "ctrl-/",
    0x7F: "backspace",
}

# The numbers of F1 … F12: some are left out, as on the keyboard that had them first.
_FUNCTIONS = (11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24)

_CSI = {
    b"A": "up",
    b"B": "down",
    b"C": "right",
    b"D": "left",
    b"H": "home",
    b"F": "end",
    b"1~": "home",
    b"7~": "home",
    b"4~": "end",
    b"8~": "end",
    b"3~": "delete",
    b"5~": "page-up",
    b"6~": "page-down",
    b"Z": "shift-tab",
    b"1;5C": "alt-f",
    b"1;3C": "alt-f",
    b"1;5D": "alt-b",
    b"1;3D": "alt-b",
    b"1;3A": "alt-up",
    b"1;5A": "alt-up",
    b"1;3B": "alt-down",
    b"1;5B": "alt-down",
    # Function keys: of xterm and its heirs, of the Linux console, of rxvt.
    **{bytes([ord("P") + at]): f"f{at + 1}" for at in range(4)},
    **{b"[" + bytes([ord("A") + at]): f"f{at + 1}" for at in range(5)},
    **{b"%d~" % code: f"f{at + 1}" for at, code in enumerate(_FUNCTIONS)},
    b"13;3u": "alt-enter",
    b"27;3;13~": "alt-enter",
}

_PASTE_START = b"200~"
_PASTE_END = b"\x1b[201~"

# How the terminal's answer to the question of its background begins, behind `ESC ]`.
_ANSWER = b"11;"

# A sequence longer than any known one is noise: let it go.
_LONGEST = 32
_LONGEST_PASTE = 1 << 16


class Decoder:
    """Collects the bytes of a key; `feed` answers with its name once it is whole.

    Names: `ctrl-x`, `alt-x`, `up`, `enter` …, `ctrl-x ctrl-e` for two keys that are one;
    `text:…` for something to insert, `osc:11;rgb:…` for what the terminal answers, if it was asked;
    `click:ROW`, and `place:ROW` for where it says that its cursor is. The wheel is the arrows.
    An empty name means nothing (yet), so that callers need not tell an unknown key from half of
    one.
    """

    __slots__ = ("_held", "_paste", "expects_answer")

    def __init__(self) -> None:
        self.expects_answer = False
        self._held = b""
        self._paste = False

    @property
    def escape_open(self) -> bool:
        """Whether an Escape waits: the key itself, or the first byte of another one."""
        return self._held == b"\x1b"

    def escape(self) -> str:
        """The Escape key, once enough time has passed that nothing can follow it."""
        self._held = b""
        return "escape"

    def feed(self, byte: bytes) -> str:
        self._held += byte
        if self._paste:
            return self._pasting()
        if self._held[0] == 0x1B:
            return self._escaped()
        if self._held[0] < 0x20 or self._held[0] == 0x7F:
            return self._control()
        return self._character()

    def _control(self) -> str:
        held = self._held
        if held == b"\x18":
            # The beginning of two keys; before one that is no control key it means nothing.
            return ""
        self._held = b""
        if held[0] == 0x18:
            return self._after_ctrl_x(held[1:])
        return _name_of_control(held[0])

    def _after_ctrl_x(self, second: bytes) -> str:
        if second in b"\r\n":
            return "alt-enter"
        if second[0] in (0x03, 0x07, 0x18) or not second[0] < 0x1B:
            return self.feed(second)
        return "ctrl-x " + _name_of_control(second[0])

    def _character(self) -> str:
        wanted = _utf8_length(self._held[0])
        last = self._held[-1:]
        if len(self._held) > 1 and not b"\x80" <= last <= b"\xbf":
            # Half a character: dropped, but the key after it counts.
            self._held = b""
            return self.feed(last)
        if len(self._held) < wanted:
            return ""
        text = self._held.decode("utf-8", "surrogateescape")
        self._held = b""
        return "text:" + text

    def _pasting(self) -> str:
        if self._held.endswith(_PASTE_END) or len(self._held) > _LONGEST_PASTE:
            text = self._held.removesuffix(_PASTE_END).decode("utf-8", "surrogateescape")
            self._held, self._paste = b"", False
            return "text:" + text.replace("\r\n", "\n").replace("\r", "\n")
        return ""

    def _escaped(self) -> str:
        held = self._held
        if len(held) == 1:
            return ""
        if held[1:2] in b"[O":
            return self._sequence(held[2:])
        if self.expects_answer and held[1] == 0x5D:
            return self._answer(held[2:])
        self._held = b""
        second = held[1]
        if second in b"\r\n":
            return "alt-enter"
        if second == 0x1B:
            # Escape twice, fast: the first was the key itself.
            return "escape"
        if second in b"\x7f\x08":
            return "alt-backspace"
        return "alt-" + chr(second).lower() if 0x20 < second < 0x7F else ""

    def _answer(self, body: bytes) -> str:
        """Up to BEL or ESC \\, which may be half there; what cannot be an answer was Alt-]."""
        if body.endswith((b"\x07", b"\x1b\\")):
            self._held = b""
            return "osc:" + body.rstrip(b"\x07\x1b\\").decode("ascii", "replace")
        last = body[-1:]
        if body[-2:-1] == b"\x1b":
            # Another sequence begins before this one has ended.
            self._held = b"\x1b"
            return self.feed(last)
        if not body.startswith(_ANSWER[: len(body)]) or (last and last < b" " and last != b"\x1b"):
            self._held = b""
            return self.feed(last)
        if len(body) > 2 * _LONGEST:
            self._held = b""
        return ""

    def _sequence(self, body: bytes) -> str:
        # The console's function keys have a second bracket.
        if not body or body == b"[" or not 0x40 <= body[-1] <= 0x7E:
            if len(body) > _LONGEST:
                self._held = b""
            return ""
        self._held = b""
        if body == _PASTE_START:
            self._paste = True
            return ""
        return _CSI.get(body) or _of_mouse(body)


def _of_mouse(body: bytes) -> str:
    """A press of the left button or a turn of the wheel; or the row of the cursor."""
    wheel = {b"<64;": "up", b"<65;": "down"}.get(body[:4])
    numbers = body[:-1].split(b";")
    if wheel or not all(number.isdigit() for number in numbers[1:]):
        return wheel or ""
    if len(numbers) == 3 and numbers[0] == b"<0" and body.endswith(b"M"):
        return f"click:{int(numbers[2])}"
    if len(numbers) == 2 and numbers[0].isdigit() and body.endswith(b"R"):
        return f"place:{int(numbers[0])}"
    return ""


def _name_of_control(byte: int) -> str:
    return _CONTROL.get(byte, "ctrl-" + chr(byte | 0x60))


def _utf8_length(first: int) -> int:
    if first >= 0xF8:
        return 1
    if first >= 0xF0:
        return 4
    if first >= 0xE0:
        return 3
    return 2 if first >= 0xC0 else 1
