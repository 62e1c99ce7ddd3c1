"""What the order of commands would have been worth: every run asked for again, by its beginning.

At each run, with what was known before it, the command is asked for by its first 0 to 3 letters.
What `need` puts first is held against a plain list, newest first, over the same questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backend.ranking.need import Need, Where

LETTERS = (0, 1, 2, 3)
# So many rows are looked at before one types on.
SEEN = 5
# The key that opens the picker, and the one that accepts.
OPEN_AND_ACCEPT = 2

Runs = npt.NDArray[np.void]
Ranks = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Replay:
    """Ranks from 0, int64 (questions, len(LETTERS)), by need and newest first; sizes: letters of
    each command asked for, (questions,).
    """

    need: Ranks
    newest: Ranks
    sizes: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.sizes)

    def keys_saved(self, ranks: Ranks) -> int:
        """Keys not pressed: to type it all, against to open, type some, move and accept."""
        cost = np.array(LETTERS) + np.where(ranks < SEEN, ranks, 10**6) + OPEN_AND_ACCEPT
        return int(np.maximum(self.sizes + 1 - cost.min(axis=1, initial=10**6), 0).sum())


def shares(ranks: npt.NDArray[np.int64]) -> tuple[float, float, float]:
    """(first, in the first five, mean reciprocal rank) of ranks from 0."""
    if not len(ranks):
        return 0.0, 0.0, 0.0
    first, seen = (ranks == 0).mean(), (ranks < SEEN).mean()
    return float(first), float(seen), float((1 / (1 + ranks)).mean())


def replay(runs: Runs, texts: Sequence[str], start: int) -> Replay:
    """Replay need.RUN records in their order, asking from number `start` on. texts: by row."""
    heads = np.array([[_head(text, count) for count in LETTERS] for text in texts])
    need, last = Need(), np.full(len(texts), -1)
    need.add(runs[:start])
    last[runs["row"][:start]] = np.arange(start)
    ranks: list[tuple[list[int], list[int]]] = []
    sizes = []
    for number in range(start, len(runs)):
        run = runs[number]
        row = int(run["row"])
        if last[row] >= 0:
            where = Where(*(int(run[name]) for name in ("session", "directory", "repository")))
            likelihoods = need.likelihoods(len(texts), where)
            alike = heads == heads[row]
            known = last >= 0
            ranks.append(
                (
                    list(_ranks(likelihoods, row, alike, known)),
                    list(_ranks(last, row, alike, known)),
                )
            )
            sizes.append(len(texts[row]))
        need.add(runs[number : number + 1])
        last[row] = number
    table = np.array(ranks, np.int64).reshape(-1, 2, len(LETTERS))
    return Replay(table[:, 0], table[:, 1], np.array(sizes, np.int64))


def _ranks(
    worth: npt.NDArray[np.generic],
    row: int,
    alike: npt.NDArray[np.bool_],
    known: npt.NDArray[np.bool_],
) -> Iterator[int]:
    """Of a row among those that begin alike, for each number of letters."""
    better = (worth > worth[row]) & known
    for column in range(len(LETTERS)):
        yield int(np.count_nonzero(better & alike[:, column]))


def _head(text: str, count: int) -> int:
    """A number that is the same for texts that begin alike."""
    return int.from_bytes(text.encode("utf-8", "surrogateescape")[:count], "big") + (count << 40)


def report(of: Replay) -> str:
    """The figures, a line for each number of letters typed."""
    lines = [f"{len(of):,} commands that were known, asked for again"]
    for column, letters in enumerate(LETTERS):
        told = "   ".join(
            f"{name} first {first:.3f}  in five {seen:.3f}  MRR {mrr:.3f}"
            for name, ranks in (("deja", of.need), ("newest", of.newest))
            for first, seen, mrr in [shares(ranks[:, column])]
        )
        lines.append(f"{letters} letters   {told}")
    saved, plain = of.keys_saved(of.need), of.keys_saved(of.newest)
    lines.append(
        f"keys saved   deja {saved:,}   newest first {plain:,}   of {int(of.sizes.sum()):,}"
    )
    return "\n".join(lines)
