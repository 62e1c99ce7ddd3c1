"""Every command in memory, as searching needs it: columns, text index and vectors by row.

Reads from the store through Lookup; never writes to it. Not thread-safe: the engine locks.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.engine.held.columns import NO_SLOT, Columns
from backend.engine.held.likes import Likes
from backend.meaning.vectors import Vectors
from backend.storage.kept import Kept
from backend.storage.lookup import Lookup
from backend.storage.rescue.merge import Known
from backend.text import segment_file
from backend.text.index import UNLOCKED, Stale, TextIndex

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]
Mask = NDArray[np.bool_]
Digests = NDArray[np.uint32]

# A text index that has this many rows not in its file is worth saving again.
UNSAVED_ROWS = 2000

# With so many commands run since the columns were saved, all are read anew.
MOST_CHANGED = 20_000

# Weight of being recent against being used often, where text matches equally well.
RECENCY = 0.7

WITHOUT = Kept()


class Catalogue:
    """Rows 0..n-1, one a distinct command, in order of command id."""

    def __init__(self, lookup: Lookup, text_file: Path, columns_file: Path) -> None:
        self._lookup = lookup
        self._text_file, self._columns_file = text_file, columns_file
        loaded = self._load_columns()
        self.columns = Columns(lookup.sums()) if loaded is None else loaded
        self.vectors: Vectors | None = None
        self._row_of_slot: Rows = np.empty(0, np.int32)
        self._prior: Floats | None = None
        self._newest: Rows | None = None
        self._pinned: Mask | None = None
        self.kept = lookup.kept()
        self.text, saved = self._load_text()
        self.likes = Likes(self.text)
        self._saved = 0 if loaded is None else saved
        self._annotate()

    def _load_columns(self) -> Columns | None:
        """The saved columns, brought up to date; None if that is no less work than new ones."""
        try:
            columns, last_run_id = Columns.load(self._columns_file, self._lookup.generation())
        except Stale:
            return None
        changed = np.array(self._lookup.ran_since(last_run_id, MOST_CHANGED), np.int64)
        if last_run_id > self._lookup.last_run_id() or len(changed) == MOST_CHANGED:
            return None
        known = columns.known(changed)
        columns.update(self._lookup.sums(changed[known].tolist()))
        columns.append(self._lookup.sums(changed[~known].tolist()))
        return columns if columns.last_id() == self._lookup.last_id() else None

    def _load_text(self) -> tuple[TextIndex, int]:
        """The saved text index, brought up to date, or a new one; how many rows were saved."""
        index, saved = TextIndex(), 0
        with contextlib.suppress(Stale):
            index = TextIndex.load(self._text_file, self._lookup.generation())
            saved = len(index)
        if saved > len(self.columns):
            index, saved = TextIndex(), 0
        last = int(self.columns["id"][saved - 1]) if saved else 0
        index.add([text for _, text in self._lookup.texts(after=last)])
        return index, saved

    def save(
        self,
        lock: AbstractContextManager[object] = UNLOCKED,
        is_in_use: Callable[[], bool] = lambda: True,
        least: int = UNSAVED_ROWS,
    ) -> None:
        """Save text index and columns if at least `least` rows are not in their files. The lock is
        held for moments. A catalogue that is not in use any more then is not saved: it may have
        what was removed.
        """
        if len(self.text) - self._saved < least:
            return
        self.text.compact(lock)
        with lock:
            parts, columns = self.text.parts(), self.columns.copy()
            generation, last_run_id = self._lookup.generation(), self._lookup.last_run_id()

        @contextlib.contextmanager
        def wanted() -> Iterator[bool]:
            with lock:
                yield is_in_use() and self._lookup.generation() == generation

        segment_file.save(self._text_file, parts, generation, wanted())
        columns.save(self._columns_file, generation, last_run_id, wanted())
        self._saved = len(columns)

    def __len__(self) -> int:
        return len(self.columns)

    def known(self) -> Iterator[Known]:
        """Every command, as a store that lost it takes it back."""
        for each in remember(self.columns, self.text):
            note = self.kept.notes.get(each.id)
            yield replace(each, pinned=each.id in self.kept.pinned, note=note)

    def add(self, ids: Sequence[int]) -> None:
        """Take in commands that are new in the store."""
        texts = self._lookup.texts_of(ids)
        self.columns.append(self._lookup.sums(ids))
        self.text.add([texts[id] for id in sorted(texts)])
        self._prior = self._pinned = self._newest = None

    def update(self, ids: Sequence[int]) -> None:
        """Take in new sums of commands that are here."""
        self.columns.update(self._lookup.sums(ids))
        self._prior = self._newest = None

    def keep(self) -> None:
        """Take in what is pinned and noted now."""
        self.kept, self._pinned, self._newest = self._lookup.kept(), None, None
        self._annotate()

    def _annotate(self) -> None:
        ids = list(self.kept.notes)
        rows = self.columns.rows_of(ids)
        self.text.annotate(dict(zip(rows, self.kept.notes.values(), strict=True)))

    def unlearn(self, id: int) -> None:
        """Wipe the vector of a command, which is to be made anew."""
        if self.vectors is not None:
            self.vectors.blank(id)
            self.columns["slot"][self.columns.rows_of([id])] = NO_SLOT
            self._map_slots()

    @property
    def pinned(self) -> Mask:
        """Which commands are pinned, (n,)."""
        if self._pinned is None:
            self._pinned = np.zeros(len(self), bool)
            self._pinned[self.columns.rows_of(list(self.kept.pinned))] = True
        return self._pinned

    def attach(self, vectors: Vectors | None) -> None:
        """Use these vectors in place of those before, which are closed; rows that have none are
        waiting. None: search by text only.
        """
        if self.vectors is not None and self.vectors is not vectors:
            self.vectors.close()
        self.vectors = vectors
        self.columns["slot"][:] = NO_SLOT
        if vectors is not None:
            self.columns.set_slots(vectors.ids, 0)
            self._map_slots()

    def _map_slots(self) -> None:
        """Slots of commands that are gone (forgotten) point at no row."""
        assert self.vectors is not None
        known = self.columns.known(self.vectors.ids)
        rows = self.columns.rows(self.vectors.ids)
        self._row_of_slot = np.where(known, rows, NO_SLOT).astype(np.int32)

    def add_vectors(
        self, ids: Sequence[int], vectors: Floats, texts: Digests | None = None, of: Kept = WITHOUT
    ) -> None:
        """Keep the vectors, unit float32 (n, dimension), that were made of these commands and their
        notes in `of`, all told as `texts`, in place of those that they have; not of any that were
        forgotten or noted anew meanwhile.
        """
        if self.vectors is None:
            return
        first = len(self.vectors)
        known = self.columns.known(np.array(ids, np.int64))
        known &= [self.kept.notes.get(id) == of.notes.get(id) for id in ids]
        texts = np.zeros(len(ids), np.uint32) if texts is None else texts
        which, vectors, texts = np.array(ids, np.int64)[known], vectors[known], texts[known]
        slots = self.columns["slot"][self.columns.rows(which)]
        again, new = slots != NO_SLOT, slots == NO_SLOT
        self.vectors.replace(slots[again], vectors[again], texts[again])
        self.vectors.add(which[new], vectors[new], texts[new])
        added = self.vectors.ids[first:]
        self.columns.set_slots(added, first)
        rows = self.columns.rows(added).astype(np.int32)
        self._row_of_slot = np.concatenate([self._row_of_slot, rows])

    def embedded(self) -> int:
        """How many commands have a vector."""
        return int(np.count_nonzero(self.columns["slot"] != NO_SLOT))

    def waiting(self, count: int) -> list[tuple[int, str]]:
        """Id and text of up to `count` commands without a vector, the newest first."""
        rows = np.flatnonzero(self.columns["slot"] == NO_SLOT)[-count:][::-1]
        return [(int(self.columns["id"][row]), self.text.text(int(row))) for row in rows]

    def made_of(self, after: int, count: int) -> list[tuple[int, str, int]]:
        """Id, text, and digest of what its vector was made of, 0 without one: of the `count`
        commands that come next in order of id.
        """
        first = int(np.searchsorted(self.columns["id"], after, "right"))
        rows = np.arange(first, min(first + count, len(self)))
        slots = self.columns["slot"][rows]
        digests = np.zeros(len(rows), np.uint32)
        if self.vectors is not None:
            digests[slots != NO_SLOT] = self.vectors.texts[slots[slots != NO_SLOT]]
        ids = self.columns["id"][rows].tolist()
        texts = [self.text.text(int(row)) for row in rows]
        return list(zip(ids, texts, digests.tolist(), strict=True))

    def near(
        self, vector: Floats, count: int, allowed: NDArray[np.bool_] | None
    ) -> tuple[Rows, Floats]:
        """Rows and cosines of the commands nearest to `vector`, nearest first."""
        assert self.vectors is not None
        of_slot = self._row_of_slot
        passed = of_slot != NO_SLOT
        if allowed is not None:
            passed &= allowed[of_slot]
        slots, cosines = self.vectors.search(vector, count, None if passed.all() else passed)
        return of_slot[slots], cosines

    def cosines_roughly(self, vector: Floats) -> Floats:
        """Cosines of `vector` with all rows, float32 (n,); NaN where a vector is missing."""
        assert self.vectors is not None
        cosines = np.full(len(self), np.nan, np.float32)
        here = self._row_of_slot != NO_SLOT
        cosines[self._row_of_slot[here]] = self.vectors.roughly(vector)[here]
        return cosines

    def cosines(self, vector: Floats, rows: Rows) -> Floats:
        """Cosines of `vector` with these rows, float32 (n,); NaN where a vector is missing."""
        assert self.vectors is not None
        slots = self.columns["slot"][rows]
        cosines = np.full(len(rows), np.nan, np.float32)
        here = slots != NO_SLOT
        cosines[here] = self.vectors.cosines(vector, slots[here])
        return cosines

    def give_back_pages(self) -> None:
        """Let go of mapped pages; the next search reads them again from the system's cache."""
        self.text.give_back_pages()
        if self.vectors is not None:
            self.vectors.give_back_pages()

    def prior(self) -> Floats:
        """0..1 a row: newer and more used is higher. Decides among equal matches of text."""
        if self._prior is None:
            order = np.empty(len(self), np.float32)
            newest = np.argsort(self.columns["last_run"], kind="stable")
            order[newest] = np.arange(len(self), dtype=np.float32) / max(len(self), 1)
            use = np.log1p(self.columns["runs"]).astype(np.float32)
            use /= use.max(initial=1.0)
            self._prior = RECENCY * order + (1 - RECENCY) * use
        return self._prior

    def newest(self, count: int, allowed: NDArray[np.bool_] | None) -> Rows:
        """The rows that ran last, newest first; of equal ones a pinned one."""
        if self._newest is None:
            keys = np.arange(len(self)), self.pinned, self.columns["last_run"]
            self._newest = np.lexsort(keys)[::-1].astype(np.int32)
        order = self._newest
        if allowed is not None:
            order = order[allowed[order]]
        return order[:count]


def remember(columns: Columns, text: TextIndex) -> Iterator[Known]:
    """What columns and text index of one state of a store hold of its commands."""
    names = ("id", "runs", "ok_runs", "failed_runs", "last_run")
    sums = zip(*(columns[name].tolist() for name in names), strict=True)
    for row, (id, runs, ok, failed, last_run) in zip(range(len(text)), sums, strict=False):
        yield Known(id, text.text(row), runs, ok, failed, last_run)
