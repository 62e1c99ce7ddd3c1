"""What of a query is plain text to look for, and where a command holds it.

Pure. The daemon has its own, richer reading of a query; this one marks the letters that
matched and serves the search on disk when there is no daemon.
"""

_FILTERS = (
    "exit:",
    "cwd:",
    "in:",
    "repo:",
    "host:",
    "session:",
    "since:",
    "before:",
    "took:",
)

_SHORTEST_TELLING = 3

# A shorter beginning of a mistyped word would light up letters all over the row.
_SHORTEST_PREFIX = 3


class Words:
    """The lower-cased words wanted, those unwanted, and whether filters were left out.

    `exact` are those of the wanted that stood in quotes.
    """

    __slots__ = ("exact", "filtered", "unwanted", "wanted")

    def __init__(self, query: str) -> None:
        self.wanted: list[str] = []
        self.exact: list[str] = []
        self.unwanted: list[str] = []
        self.filtered = False
        # Every other part lies between quotes: `"exact text"` is one word.
        for index, part in enumerate(query.lower().split('"')):
            if index % 2:
                self.exact.extend([part] if part else [])
                self.wanted.extend([part] if part else [])
            else:
                self._plain(part)

    def _plain(self, part: str) -> None:
        for word in part.split():
            if word.startswith(_FILTERS) and not word.endswith(":"):
                self.filtered = True
            elif word[0] == "-" and len(word) > 2 and word[1] != "-" and self.wanted:
                self.unwanted.append(word[1:])
            else:
                self.wanted.append(word)

    def match(self, lowered: str) -> bool:
        """Whether a lower-cased command holds every wanted word and no unwanted one."""
        return all(word in lowered for word in self.wanted) and not any(
            word in lowered for word in self.unwanted
        )

    def most(self, lowered: str) -> int:
        """How many of several words a lower-cased command holds, if that is half of them.

        Else 0; exact text must be there. One or two letters are in every other command, and do
        not count.
        """
        if any(word in lowered for word in self.unwanted):
            return 0
        if not all(word in lowered for word in self.exact):
            return 0
        held = sum(word in lowered for word in self.wanted if len(word) >= _SHORTEST_TELLING)
        return held if 2 * held >= len(self.wanted) else 0


def spans(command: str, words: list[str]) -> list[tuple[int, int]]:
    """Where `words` occur in `command`: (start, end), sorted, of every occurrence."""
    lowered = command.lower()
    if len(lowered) != len(command):
        # Some letters grow when lowered (İ): places would shift, so keep the case.
        lowered = command
    found: list[tuple[int, int]] = []
    for word in words:
        found.extend(_occurrences(lowered, _known_part(lowered, word)))
    return sorted(found)


def _known_part(lowered: str, word: str) -> str:
    """The word, or as long a beginning of it as occurs at all."""
    while word and word not in lowered:
        word = word[:-1] if len(word) > _SHORTEST_PREFIX else ""
    return word


def _occurrences(lowered: str, word: str) -> list[tuple[int, int]]:
    found = []
    at = lowered.find(word) if word else -1
    while at >= 0:
        found.append((at, at + len(word)))
        at = lowered.find(word, at + len(word))
    return found
