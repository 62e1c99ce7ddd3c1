"""What one look at the installation found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `mend` is the command that puts it right, if it is not."""

    name: str
    ok: bool
    found: str
    mend: str = ""
