"""Directories that are made for deja, written down, so that taking it back removes them.

python folders.py DATA DIRECTORY…     makes them; DATA is the data directory
"""

import sys
from pathlib import Path

# In the data directory: one path a line, in the order in which they were made.
LIST = "made-dirs"


def make(data: Path, *wanted: Path) -> None:
    """Make each of `wanted`, for this user alone, and `data` itself. Raises OSError."""
    made = [path for directory in (data, *wanted) for path in _made(directory)]
    if made:
        with (data / LIST).open("a", encoding="utf-8", errors="surrogateescape") as stream:
            stream.writelines(f"{path}\n" for path in made)


def _made(directory: Path) -> list[Path]:
    missing = [path for path in (directory, *directory.parents) if not path.is_dir()]
    for path in reversed(missing):
        path.mkdir(mode=0o700)
    return missing[::-1]


def written_down(data: Path) -> list[Path]:
    """What `make` has made, the innermost first."""
    try:
        text = (data / LIST).read_text("utf-8", "surrogateescape")
    except FileNotFoundError:
        return []
    return [Path(line) for line in sorted(set(text.splitlines()), reverse=True)]


if __name__ == "__main__":
    try:
        make(*map(Path, sys.argv[1:]))
    except OSError as error:
        sys.exit(f"cannot make {error.filename}: {error.strerror}")
