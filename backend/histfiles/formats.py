"""The formats of history files by name, and which of them a file is in."""

import os
from collections.abc import Callable
from pathlib import Path

from backend.histfiles import zsh
from backend.histfiles.bash import BASH
from backend.histfiles.escaped import NUSHELL, POWERSHELL
from backend.histfiles.fish import FISH
from backend.histfiles.lines import LINES
from backend.histfiles.runs import databases, jsonl, resh, xonsh
from backend.histfiles.runs.databases import DATABASES
from backend.histfiles.textfile import TextFormat

TEXT: dict[str, TextFormat] = {
    "zsh": zsh.ZSH,
    "bash": BASH,
    "lines": LINES,
    "fish": FISH,
    "powershell": POWERSHELL,
    "nushell-text": NUSHELL,
}
WRITTEN = {name: text.written for name, text in TEXT.items() if text.written}
# A line of JSON a run: how one is told, and read.
_Lines = tuple[Callable[[bytes], bool], Callable[[bytes], jsonl.Line]]
LINES_OF_RUNS: dict[str, _Lines] = {
    jsonl.NAME: (jsonl.is_sign, jsonl.parse),
    resh.NAME: (resh.is_sign, resh.parse),
}
FORMATS = (*TEXT, *LINES_OF_RUNS, xonsh.NAME, *DATABASES)

# What `deja export --format csv` begins with: a table for other programs.
_CSV = b"command,start,duration,"

# How much of each end of a text file is looked at to tell its format.
_SAMPLE_BYTES = 1 << 16


class HistoryFileError(Exception):
    """A history file cannot be opened, or is not in the format it is said to be in."""


def detect(path: Path) -> str:
    """The format of the file at `path`, from its content and, where that is silent, its name.

    Raises HistoryFileError if it cannot be read, is a database of no tool deja knows, or CSV.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_SAMPLE_BYTES)
            file.seek(max(len(head), os.fstat(file.fileno()).st_size - _SAMPLE_BYTES))
            tail = file.read(_SAMPLE_BYTES)
    except OSError as error:
        raise HistoryFileError(f"cannot read {path}: {error.strerror}") from error
    if head.startswith(_CSV):
        raise HistoryFileError(
            f"{path} is a table for other programs; what is read back: deja export --format jsonl"
        )
    if not head.startswith(databases.MAGIC):
        return _guess(head + b"\n" + tail, path)
    if format := databases.guess(path):
        return format
    raise HistoryFileError(
        f"{path} is a database of no tool that deja knows ({', '.join(DATABASES)}); "
        "export it as text and import that with --format lines"
    )


def _guess(sample: bytes, path: Path) -> str:
    """The text format of a file: from a sample of its whole lines, then from its name."""
    if xonsh.is_session(sample):
        return xonsh.NAME
    lines = sample.split(b"\n")
    signs = {format: sum(map(text.is_sign, lines)) for format, text in TEXT.items()}
    signs |= {name: sum(map(is_sign, lines)) for name, (is_sign, _) in LINES_OF_RUNS.items()}
    best = max(signs, key=lambda format: signs[format])
    if signs[best]:
        return best
    for format, text in TEXT.items():
        if any(part in path.name or str(path).endswith(f"/{part}") for part in text.names):
            return format
    return "zsh" if zsh.is_metafied(sample) else "lines"
