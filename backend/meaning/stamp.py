"""What the vectors in a directory are of: one model, so many numbers each, the form of the files.

Beside it stands by which words about commands they were compared last: other words make some of
them old, and another model all of them useless.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

STAMP = "stamp.json"


class StaleVectors(Exception):
    """The vectors on disk are of another model or dimension than the one in use."""


def check(directory: Path, of: Mapping[str, object]) -> str:
    """By which words the vectors were compared last; empty if they never were. Where there is no
    stamp one is written. of: `model`, `dimension` and `format`.

    Raises StaleVectors if they are of another model, dimension or format.
    """
    found: object = None
    try:
        found = json.loads((directory / STAMP).read_text())
    except FileNotFoundError:
        write(directory, of)
        return ""
    except ValueError:
        pass
    was = found if isinstance(found, dict) else {}
    if all(was.get(name) == value for name, value in of.items()):
        return str(was.get("words", ""))
    model, dimension = str(of["model"]), of["dimension"]
    raise StaleVectors(
        f"Different embedding dimensions or model: the vectors in {directory} have "
        f"{was.get('dimension')} dimensions of model {str(was.get('model'))[:12]}, the "
        f"model in use has {dimension} of {model[:12]}; "
        "run python scripts/build_index.py --rebuild"
    )


def write(directory: Path, stamp: Mapping[str, object]) -> None:
    """Beside and renamed: a crash must not cost the vectors their stamp."""
    beside = directory / f"{STAMP}.new"
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(file, "w") as stream:
        json.dump(stamp, stream)
    beside.replace(directory / STAMP)
