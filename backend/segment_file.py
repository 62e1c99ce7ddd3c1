"""Text-index segments in one file: a header line of JSON, then flat arrays, mapped on load.

Imports the segment's shape and nothing else of deja. A cache: whatever is wrong with it is Stale.
"""

from __future__ import annotations

import json
import mmap
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from backend.segment import Segment

MAGIC = "deja-text-2"
_ARRAYS = ("text_ends", "word_ends", "posting_ends", "postings", "lengths", "letters")
_ALIGNED = 64


class Stale(Exception):
    """There is no such file, it is damaged, or it belongs to another state of the store."""


def save(path: Path, parts: Sequence[Segment], stamp: str) -> None:
    """Write beside and rename, so that a reader sees the old file or the new one."""
    pieces: list[bytes] = []
    described = [_describe(part, pieces) for part in parts]
    crc = 0
    for piece in pieces:
        crc = zlib.crc32(piece, crc)
    about = {"magic": MAGIC, "stamp": stamp, "crc": crc, "parts": described}
    header = json.dumps(about).encode() + b"\n"
    header += b" " * (-len(header) % _ALIGNED)
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(header)
            file.writelines(pieces)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _describe(part: Segment, pieces: list[bytes]) -> dict[str, Any]:
    """Append a part's arrays to `pieces`; say where each lies, relative to the header's end."""
    placed: dict[str, Any] = {}
    at = sum(map(len, pieces))
    whole = {name: getattr(part, name).tobytes() for name in _ARRAYS}
    whole["texts"] = b"".join(map(part.text, range(len(part))))
    whole["vocabulary"] = b"\n".join(map(part.word, range(part.word_count)))
    for name, data in whole.items():
        placed[name] = [at, len(data)]
        padded = data + b"\0" * (-len(data) % _ALIGNED)
        pieces.append(padded)
        at += len(padded)
    return placed


def load(path: Path, stamp: str) -> list[Segment]:
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return _read(mapped, stamp)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Stale(f"text index {path}: {error}") from error


def _read(mapped: mmap.mmap, stamp: str) -> list[Segment]:
    header = mapped.readline()
    described = json.loads(header)
    if described["magic"] != MAGIC or described["stamp"] != stamp:
        raise ValueError("made for another state of the store")
    start = -(-len(header) // _ALIGNED) * _ALIGNED
    with memoryview(mapped) as whole, whole[start:] as pieces:
        if zlib.crc32(pieces) != described["crc"]:
            raise ValueError("its checksum differs")
    return [_part(mapped, start, placed) for placed in described["parts"]]


def _part(mapped: mmap.mmap, start: int, placed: dict[str, list[int]]) -> Segment:
    arrays: dict[str, Any] = {}
    for name, kind in Segment.__annotations__.items():
        if name not in _ARRAYS:
            continue
        at, size = placed[name]
        width = {"lengths": np.uint8, "letters": np.uint64}.get(name, np.uint32)
        if start + at + size > len(mapped):
            raise ValueError(f"{name} ({kind}) is cut off")
        arrays[name] = np.frombuffer(mapped, width, size // np.dtype(width).itemsize, start + at)
    if start + sum(placed["texts"]) > len(mapped):
        raise ValueError("texts are cut off")
    return Segment(
        texts=mapped,
        texts_at=start + placed["texts"][0],
        vocabulary=mapped,
        vocabulary_at=start + placed["vocabulary"][0],
        **arrays,
    )
