"""The alias that would save the most keys: for what is long and typed again and again."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from backend.redaction.mask import MARK

# A command that is shorter, or ran less often, needs none.
SHORTEST, LEAST_RUNS = 12, 5
_LETTERS = re.compile(r"[a-z0-9]", re.IGNORECASE)
# Words whose first letters make a name.
_MOST_WORDS = 4


@dataclass(frozen=True)
class Alias:
    """`name` in place of `command`, which ran `runs` times: so many keys saved in all."""

    name: str
    command: str
    runs: int
    keys: int


def aliases(commands: Iterable[tuple[str, int]], taken: Collection[str]) -> list[Alias]:
    """For commands and how often each ran, the most saving first. taken: names of programs."""
    used = set(taken)
    found = []
    for command, runs in commands:
        # A value that is masked, or several lines, no alias can hold.
        if MARK in command or "\n" in command or len(command) < SHORTEST or runs < LEAST_RUNS:
            continue
        name = next((name for name in _names(command) if name not in used), None)
        if name is None:
            continue
        used.add(name)
        found.append(Alias(name, command, runs, runs * (len(command) - len(name))))
    return sorted(found, key=lambda alias: -alias.keys)


def _names(command: str) -> Iterable[str]:
    """First letters of its words, then more of the first word's."""
    words = [word for word in command.split() if _LETTERS.search(word)]
    firsts = [_LETTERS.findall(word)[0].lower() for word in words[:_MOST_WORDS]]
    if len(firsts) > 1:
        yield "".join(firsts)
    first = "".join(_LETTERS.findall(words[0])).lower() if words else ""
    for end in range(2, len(first)):
        yield first[:end] + "".join(firsts[1:])
