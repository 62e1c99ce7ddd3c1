"""Lines on stdout and stderr, and their styles. Quick commands import this, and so no click."""

import os
import sys


def say(text: str, err: bool = False) -> None:
    """Print a line; what the terminal's encoding lacks becomes a question mark."""
    stream = sys.stderr if err else sys.stdout
    write(f"{text}\n".encode(stream.encoding or "utf-8", "replace"), err)


def write(data: bytes, err: bool = False) -> None:
    """Print bytes as they are, at once."""
    stream = sys.stderr if err else sys.stdout
    stream.buffer.write(data)
    stream.buffer.flush()


def dim(text: str) -> str:
    return _style("2", text)


def red(text: str) -> str:
    return _style("31", text)


def _style(code: str, text: str) -> str:
    return text if os.environ.get("NO_COLOR") else f"\x1b[{code}m{text}\x1b[0m"
