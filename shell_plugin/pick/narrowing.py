"""What the list is narrowed to by key: where commands ran, how they ended, and their order.

Pure. Each choice is a filter that can be typed as well; the words here are for the foot.
"""

# Filter and word, of each key; the first of each is what a new shell begins with.
SCOPES = (
    ("", "everywhere"),
    ("in:session", "this session"),
    ("in:here", "this directory"),
    ("in:repo", "this repository"),
    ("in:host", "this host"),
)
OUTCOMES = (("", "all"), ("exit:0", "worked"), ("exit:fail", "failed"))
ORDERS = (("", "likely"), ("order:newest", "newest"), ("order:used", "most used"))
# No key goes round these: the arrow that opens the picker has what was typed for a beginning.
MATCHES = (("", "anywhere"), ("match:start", "begins so"))

_CHOICES = {"scope": SCOPES, "outcome": OUTCOMES, "match": MATCHES, "order": ORDERS}


class Narrowing:
    """The choice of each key. filters: as `filters` gave them, for the shell to remember."""

    __slots__ = ("_chosen",)

    def __init__(self, filters: str = "") -> None:
        given = filters.split()
        self._chosen = {
            key: next((n for n, (word, _) in enumerate(choices) if word in given), 0)
            for key, choices in _CHOICES.items()
        }

    def cycle(self, key: str) -> None:
        """On to the next choice of `key`: scope, outcome or order."""
        self._chosen[key] = (self._chosen[key] + 1) % len(_CHOICES[key])

    @property
    def filters(self) -> str:
        """The filters, separated by blanks; empty if nothing is narrowed."""
        return " ".join(self._parts(0))

    @property
    def words(self) -> list[str]:
        """What is narrowed, in words."""
        return self._parts(1)

    def _parts(self, part: int) -> list[str]:
        chosen = ((choices, self._chosen[key]) for key, choices in _CHOICES.items())
        return [choices[number][part] for choices, number in chosen if number]
