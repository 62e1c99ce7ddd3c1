"""Text and bytes, and what of a text may reach a terminal.

A command is the bytes that were typed. As text, those that are no UTF-8 are lone surrogates
(surrogateescape), so that they come back. The text index encodes otherwise, in query/words.py:
it must take any string, surrogates that no byte decodes to included.
"""


def to_bytes(text: str) -> bytes:
    """The bytes that `to_text` made it of. Raises UnicodeEncodeError for any other surrogate."""
    return text.encode("utf-8", "surrogateescape")


def to_text(data: bytes) -> str:
    """Text of any bytes; `to_bytes` gives them back."""
    return data.decode("utf-8", "surrogateescape")


def valid(text: str) -> str:
    """`text` with U+FFFD in place of bytes that are no UTF-8."""
    return to_bytes(text).decode("utf-8", "replace")


def visible(text: str, kept: str = "") -> str:
    """`text` for a terminal: control characters, but for those in `kept`, are shown, not sent."""
    return "".join(c if c.isprintable() or c in kept else repr(c)[1:-1] for c in text)


def blanked(text: str) -> str:
    """`text` for a column of a table: control characters are blanks."""
    return "".join(c if c.isprintable() else " " for c in text)
