"""Where a search is asked from: what `in:here`, `in:session`, `in:repo` and `in:host` stand for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """The directory and the shell session that ask; None where unknown."""

    cwd: str | None = None
    session: str | None = None


NOWHERE = Place()
