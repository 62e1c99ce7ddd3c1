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
    "author:",
    "match:",
)

_SHORTEST_TELLING = 3

# A shorter beginning of a mistyped word would light up letters all over the row.
_SHORTEST_PREFIX = 3


class Words:
    """The lower-cased words wanted, those unwanted, and whether filters were left out.

    `exact` are those of the wanted that stood in quotes. `applied` are the chunks that the daemon
    took for filters and exclusions, everything else being wanted; None if it has not said.
    """

    __slots__ = ("exact", "filtered", "unwanted", "wanted")

    def __init__(self, query: str, applied: tuple[str, ...] | None = None) -> None:
        self.wanted: list[str] = []
        self.exact: list[str] = []
        self.unwanted: list[str] = []
        self.filtered = False
        for start, end in reversed(placed(query, applied or ())):
            query = query[:start] + query[end:]
        read = self._guess if applied is None else self._take
        # Every other part lies between quotes: `"exact text"` is one word.
        for index, part in enumerate(query.lower().split('"')):
            if index % 2:
                self.exact.extend([part] if part else [])
                self.wanted.extend([part] if part else [])
            else:
                read(part)

    def _take(self, part: str) -> None:
        self.wanted.extend(part.split())

    def _guess(self, part: str) -> None:
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


def placed(query: str, chunks: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where `chunks` stand between blanks in `query`, in this order; those that do not, nowhere."""
    found, start = [], 0
    for chunk in chunks:
        at = query.find(chunk, start)
        while at >= 0 and not _is_apart(query, at, at + len(chunk)):
            at = query.find(chunk, at + 1)
        if at >= 0:
            start = at + len(chunk)
            found.append((at, start))
    return found


def _is_apart(query: str, start: int, end: int) -> bool:
    return not query[max(0, start - 1) : start].strip() and not query[end : end + 1].strip()


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
