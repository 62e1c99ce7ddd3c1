"""A cache in one file: a header line of JSON, then pieces of bytes, mapped on load.

Whatever is wrong with the file is Stale: what it holds can be made again.
"""

from __future__ import annotations

import json
import mmap
import os
import zlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

# Pieces begin at multiples of this many bytes.
ALIGNED = 64


class Stale(Exception):
    """There is no such file, it is damaged, or it belongs to another state of the store."""


ALWAYS: AbstractContextManager[bool] = nullcontext(True)


def save(
    path: Path,
    magic: str,
    stamp: str,
    facts: Mapping[str, object],
    pieces: Sequence[bytes],
    wanted: AbstractContextManager[bool] = ALWAYS,
) -> None:
    """Write beside and rename, so that a reader sees the old file or the new one.

    facts: what JSON can hold. wanted: entered when all is written; if it is false, the file that
    there was stays. OSError if the place cannot be written.
    """
    crc = 0
    for piece in pieces:
        crc = zlib.crc32(piece, crc)
    header = json.dumps({**facts, "magic": magic, "stamp": stamp, "crc": crc}).encode() + b"\n"
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(padded(header, b" "))
            file.writelines(pieces)
        with wanted as still_wanted:
            if still_wanted:
                beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def load(path: Path, magic: str, stamp: str) -> tuple[dict[str, Any], mmap.mmap, int]:
    """The facts, the mapped file, and where in it the pieces begin. Raises Stale."""
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        header = mapped.readline()
        facts = json.loads(header)
        if (facts["magic"], facts["stamp"]) != (magic, stamp):
            raise ValueError("made for another state of the store")
        start = len(padded(header, b" "))
        with memoryview(mapped) as whole, whole[start:] as pieces:
            if zlib.crc32(pieces) != facts["crc"]:
                raise ValueError("its checksum differs")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Stale(f"{path}: {error}") from error
    return facts, mapped, start


def stamp(path: Path) -> str:
    """The state of the store that a file says it was made of; empty if it says none."""
    try:
        with path.open("rb") as file:
            return str(json.loads(file.readline())["stamp"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def padded(data: bytes, filler: bytes = b"\0") -> bytes:
    return data + filler * (-len(data) % ALIGNED)
