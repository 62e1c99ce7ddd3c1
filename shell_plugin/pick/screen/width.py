"""How text from history looks on a terminal: safe to send, and how many columns it takes.

Imports `unicodedata` only when a text that is not ASCII turns up. Not backend/system/text.py,
which knows no widths, and whose import the first paint would wait for.
"""

# Pictures of control characters a person meets; the others are shown as ^X.
NEWLINE = "⏎"

Piece = tuple[str, int]

_JOINERS = "\u200c\u200d"
_SHOWN_AS_NUMBER = ("Cc", "Cf", "Cs", "Zl", "Zp")
_ZERO_WIDTH = ("Mn", "Me")


def pieces(text: str, utf8: bool = True) -> list[Piece]:
    """For each character of `text`, what to draw and its width in columns.

    Control, formatting and unprintable characters come back as something that draws them:
    a stored command must not steer the terminal.
    """
    if text.isascii():
        return [(c, 1) if " " <= c <= "~" else _control(c, utf8) for c in text]
    return [_piece(c, utf8) for c in text]


def _piece(char: str, utf8: bool) -> Piece:
    if " " <= char <= "~":
        return char, 1
    if char.isascii():
        return _control(char, utf8)
    if not utf8:
        # In a one-byte locale the bytes of a UTF-8 character may be control characters.
        return "?", 1
    return _wide(char)


def _control(char: str, utf8: bool) -> Piece:
    if char == "\n" and utf8:
        return NEWLINE, 1
    return "^" + chr(ord(char) ^ 0x40), 2


def _wide(char: str) -> Piece:
    import unicodedata

    category = unicodedata.category(char)
    if category in _SHOWN_AS_NUMBER and char not in _JOINERS:
        code = ord(char)
        # A surrogate escape stands for one byte that is not valid UTF-8.
        shown = f"\\x{code & 0xFF:02x}" if 0xDC80 <= code <= 0xDCFF else f"\\u{code:04x}"
        return shown, len(shown)
    if category in _ZERO_WIDTH or char in _JOINERS:
        return char, 0
    return char, 2 if unicodedata.east_asian_width(char) in "WF" else 1


def columns(text: str) -> int:
    """The columns that `text` takes once drawn."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(width for _, width in pieces(text))


def clip(text: str, room: int, utf8: bool = True) -> str:
    """`text` made safe, and cut to `room` columns with an ellipsis at the end."""
    drawn = pieces(text, utf8)
    if sum(width for _, width in drawn) <= room:
        return "".join(shown for shown, _ in drawn)
    mark = "…" if utf8 else "~"
    return _take(drawn, room - 1) + mark if room > 0 else ""


def clip_left(text: str, room: int, utf8: bool = True) -> str:
    """The same, but what is cut is the beginning: the end of a path says most."""
    drawn = pieces(text, utf8)
    if sum(width for _, width in drawn) <= room:
        return "".join(shown for shown, _ in drawn)
    if room <= 0:
        return ""
    kept = _take([(shown[::-1], width) for shown, width in reversed(drawn)], room - 1)
    return ("…" if utf8 else "~") + kept[::-1]


def _take(drawn: list[Piece], room: int) -> str:
    out = []
    for shown, width in drawn:
        if width > room:
            break
        room -= width
        out.append(shown)
    return "".join(out)
