"""What users noted about commands, searched beside their texts: a row has the words of both.

Notes are few and change, the index is large and does not: they stand in small parts of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from backend.query import words
from backend.query.parse import Query
from backend.text import containment, segment
from backend.text import scores as word_scores
from backend.text.segment import Segment

Floats = npt.NDArray[np.float32]
Counts = npt.NDArray[np.uint8]
Rows = npt.NDArray[np.int32]

# Fewer letters are the beginning of too many notes; from this likeness on a query is the note.
SHORTEST, LIKE = 3, 0.85


class Notes:
    """The notes of some rows. `rows`: int32 (k,), ascending."""

    def __init__(self, notes: Mapping[int, str], commands: Mapping[int, bytes]) -> None:
        """Both by row; commands: the texts of the rows that have a note."""
        self.rows = np.array(sorted(notes), np.int32)
        self._texts = {row: words.encode(notes[row]) for row in self.rows.tolist()}
        self._notes = segment.build(list(self._texts.values()))
        self._both = segment.build([self.beside(row, commands[row]) for row in self._texts])

    def __len__(self) -> int:
        return len(self.rows)

    def beside(self, row: int, command: bytes) -> bytes:
        """The command of a row with its note, if it has one."""
        note = self._texts.get(row)
        return command if note is None else command + b"\n" + note

    def knows(self, word: bytes) -> bool:
        return word_scores.has(self._notes, word)

    def holding(self, word: bytes) -> Rows:
        """Rows whose note has the word whole."""
        return self.rows[word_scores.holding([self._notes], word)]

    def add_word(
        self,
        parts: Sequence[Segment],
        word: bytes,
        weight: float,
        literalness: float,
        scores: Floats,
        covered: Counts,
    ) -> npt.NDArray[np.bool_]:
        """As scores.add_word, where a row has the words of its note too; which notes have it, (k,).

        A word that command and note both have counts once.
        """
        total = len(scores)
        wide, seen = np.zeros(total + len(self), np.float32), np.zeros(total + len(self), np.uint8)
        wide[:total], seen[:total] = scores, covered
        all_parts = [*parts, self._notes]
        word_scores.add_word(all_parts, word, weight, literalness, wide, seen)
        held = seen[total:] > 0
        in_command = wide[self.rows] - scores[self.rows]
        either = np.maximum(seen[self.rows] - covered[self.rows], held)
        wide[self.rows] = scores[self.rows] + np.maximum(in_command, wide[total:])
        seen[self.rows] = covered[self.rows] + either
        scores[:], covered[:] = wide[:total], seen[:total]
        return held

    def raise_levels(self, query: Query, levels: containment.Levels) -> None:
        """Let rows count as holding what was typed where command and note hold it together."""
        pieces = [words.encode(piece) for piece in (*query.fragments, *query.phrases)]
        typed = words.encode(" ".join(query.fragments))
        both = containment.of_part(self._both, pieces, typed)
        alone = containment.of_part(self._notes, pieces, typed)
        levels[self.rows] = np.maximum(levels[self.rows], np.maximum(both, alone))

    def like(self, text: str) -> list[int]:
        """The rows whose note is what was typed, or nearly, the nearest first."""
        typed = words.lower(words.encode(text.strip(" #")))
        if len(typed) < SHORTEST:
            return []
        notes = [words.lower(note) for note in self._texts.values()]
        (alike,) = process.cdist(
            [typed], notes, scorer=OSA.normalized_similarity, score_cutoff=LIKE
        )
        order = np.lexsort((-self.rows, -alike))
        return [int(self.rows[at]) for at in order if alike[at] >= LIKE]
