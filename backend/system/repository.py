"""Where git repositories are. Looks at directories; runs nothing."""

from pathlib import Path


def repository(path: str) -> str | None:
    """The nearest directory at or above `path` that holds a `.git`, or None."""
    place = Path(path)
    for candidate in (place, *place.parents):
        try:
            if (candidate / ".git").exists():
                return str(candidate)
        except OSError:
            return None
    return None
