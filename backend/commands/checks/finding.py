"""What one look at the installation found."""


class Finding:
    """One thing looked at; `mend` is the command that puts it right, if it is not.

    Not to be changed. A plain class, because `deja status` has findings, too, and does not wait for
    `dataclasses`.
    """

    __slots__ = ("found", "mend", "name", "ok")

    def __init__(self, name: str, ok: bool, found: str, mend: str = "") -> None:
        self.name = name
        self.ok = ok
        self.found = found
        self.mend = mend

    def as_object(self) -> dict[str, object]:
        """For JSON."""
        names = ("name", "ok", "found", "mend")
        return {name: getattr(self, name) for name in names}
