"""Which commands differ from one another in an argument or two alone.

What is new is read behind the searches, a lot at a time; until then it is like nothing.
"""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backend.query import words
from backend.text.index import TextIndex
from backend.text.templates import BLANK, Blanks, Shape, shape

Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int32]

# So many commands make a template; two may be alike by chance.
LEAST = 3
# Words that those of a group have to have in common to stand for one another.
LEAST_IN_COMMON = 2
# Commands read in one go, with the engine's lock held, and the pause between two lots.
LOT = 256
BETWEEN_LOTS_S = 0.001
NONE = -1
# A template of one blank goes before any of two, however many fit that.
_ONE_BLANK = 1 << 32


@dataclass(frozen=True)
class Groups:
    """A command is in one group at most. of_row: its number or NONE, (n,), n the commands read so
    far. rows: those in groups, group by group; group g begins at starts[g]. keys: the template of
    each, (g,).
    """

    of_row: Rows
    rows: Rows
    starts: Ints
    keys: Ints

    def __len__(self) -> int:
        return len(self.keys)

    def members(self, group: int) -> Rows:
        return self.rows[self.starts[group] : self.starts[group + 1]]


NO_GROUPS = Groups(
    *(np.empty(0, np.int32), np.empty(0, np.int32)), np.zeros(1, np.int64), np.empty(0, np.int64)
)


class Likes:
    """Of the commands of one text index, which only become more. `fixed`: what the commands of
    each group have in common, lower case, templates.BLANK where they differ. telling: the groups
    that have more in common than the program's name, bool (g,). Not thread-safe: `learn` alone
    takes the lock by itself.
    """

    def __init__(self, text: TextIndex) -> None:
        self._text = text
        self._keys, self._rows = array("q"), array("i")
        self._read = 0
        self.groups = NO_GROUPS
        self.fixed: list[bytes] = []
        self.telling = np.empty(0, bool)

    def learn(self, lock: threading.RLock) -> None:
        """Take in what is new. The lock is held for a lot at a time."""
        more = True
        while more:
            with lock:
                more = self._read_lot()
            time.sleep(BETWEEN_LOTS_S if more else 0)
        if self._read == len(self.groups.of_row):
            return
        with lock:
            keys, rows = np.array(self._keys, np.int64), np.array(self._rows, np.int32)
        groups = grouped(keys, rows, self._read)
        fixed: list[bytes] = []
        known = dict(zip(self.groups.keys.tolist(), self.fixed, strict=True))
        for key in groups.keys.tolist():
            fixed.append(known.get(key) or self._fixed(lock, groups, len(fixed)))
        telling = np.array([_in_common(text) >= LEAST_IN_COMMON for text in fixed], bool)
        with lock:
            self.groups, self.fixed, self.telling = groups, fixed, telling

    def _read_lot(self) -> bool:
        """Read the templates of some commands; whether there are more."""
        end = min(self._read + LOT, len(self._text))
        for row in range(self._read, end):
            for _, key in templates(shape(self._text.text(row))):
                self._keys.append(key)
                self._rows.append(row)
        self._read = end
        return end < len(self._text)

    def _fixed(self, lock: threading.RLock, groups: Groups, group: int) -> bytes:
        with lock:
            found = shape(self._text.text(int(groups.members(group)[0])))
        fitting = (blanks for blanks, key in templates(found) if key == groups.keys[group])
        return words.lower(words.encode(found.fixed(next(fitting))))

    def alike(self, row: int) -> tuple[Blanks, Rows]:
        """The places of the blanks of a command, and the rows of all that differ there alone, its
        own among them. Of its group; else of the template that most others fit, if any does.
        """
        fitting = {key: blanks for blanks, key in templates(shape(self._text.text(row)))}
        group = self.groups.of_row[row] if row < len(self.groups.of_row) else NONE
        if group != NONE:
            return fitting[int(self.groups.keys[group])], self.groups.members(group)
        keys, rows = np.array(self._keys, np.int64), np.array(self._rows, np.int32)
        found = [(blanks, rows[keys == key]) for key, blanks in fitting.items()]
        shared = [each for each in found if len(each[1]) > 1]
        return max(shared, key=lambda each: len(each[1]), default=((), np.empty(0, np.int32)))


def _in_common(fixed: bytes) -> int:
    """How many words stand in what a group has in common."""
    return sum(word != BLANK.encode() for word in fixed.split())


def templates(found: Shape) -> Iterator[tuple[Blanks, int]]:
    """The blanks of each template that a command fits, and the template's key: 64 bits, those of
    two blanks odd. Of no use beyond this process.
    """
    for blanks in found.templates():
        yield blanks, hash(found.fixed(blanks)) & ~1 | (len(blanks) > 1)


def grouped(keys: Ints, rows: Rows, count: int) -> Groups:
    """The groups of `count` commands: `rows[i]` fits the template `keys[i]`; rows in order."""
    _, inverse, support = np.unique(keys, return_inverse=True, return_counts=True)
    worth = support[inverse] + np.where(keys & 1, 0, _ONE_BLANK)
    entries = np.flatnonzero(support[inverse] >= LEAST)
    # Of each row the template that is worth most, the first of equal ones.
    entries = entries[np.lexsort((-worth[entries], rows[entries]))]
    entries = entries[np.diff(rows[entries], prepend=NONE) > 0]
    # What has gone to other templates may leave one alone.
    chosen, inverse, left = np.unique(keys[entries], return_inverse=True, return_counts=True)
    stays = left > 1
    number = np.where(stays, np.cumsum(stays) - 1, NONE)[inverse].astype(np.int32)
    of_row = np.full(count, NONE, np.int32)
    of_row[rows[entries]] = number
    members = rows[entries][number != NONE]
    members = members[np.argsort(number[number != NONE], kind="stable")]
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(left[stays])])
    return Groups(of_row, members, starts, chosen[stays])
