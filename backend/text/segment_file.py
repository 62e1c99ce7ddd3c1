"""Text-index segments in a cache file, as flat arrays, mapped on load."""

from __future__ import annotations

import mmap
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np

from backend.system import cache_file
from backend.system.cache_file import Stale
from backend.text.segment import Segment

MAGIC = "deja-text-3"
_ARRAYS = ("text_ends", "word_ends", "posting_ends", "postings", "lengths", "letters")


def save(
    path: Path,
    parts: Sequence[Segment],
    stamp: str,
    wanted: AbstractContextManager[bool] = cache_file.ALWAYS,
) -> None:
    """Write the parts and the stamp of the store that they were made of. wanted: as for
    cache_file.save.
    """
    pieces: list[bytes] = []
    described = [_describe(part, pieces) for part in parts]
    cache_file.save(path, MAGIC, stamp, {"parts": described}, pieces, wanted)


def _describe(part: Segment, pieces: list[bytes]) -> dict[str, Any]:
    """Append a part's arrays to `pieces`; say where each lies, relative to the header's end."""
    placed: dict[str, Any] = {}
    at = sum(map(len, pieces))
    whole = {name: getattr(part, name).tobytes() for name in _ARRAYS}
    whole["texts"] = part.all_texts()
    whole["vocabulary"] = b"\n".join(part.words())
    for name, data in whole.items():
        placed[name] = [at, len(data)]
        pieces.append(cache_file.padded(data))
        at += len(pieces[-1])
    return placed


def load(path: Path, stamp: str) -> list[Segment]:
    """The parts, mapped. Raises Stale."""
    described, mapped, start = cache_file.load(path, MAGIC, stamp)
    try:
        return [_part(mapped, start, placed) for placed in described["parts"]]
    except (ValueError, KeyError, TypeError) as error:
        raise Stale(f"text index {path}: {error}") from error


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
