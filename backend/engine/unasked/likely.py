"""What is likely needed next: for an empty line, for a line that was begun, for `deja next`."""

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from backend.engine.held.catalogue import Catalogue
from backend.engine.history import History
from backend.engine.search import answer
from backend.engine.search.answer import Result
from backend.engine.unasked.fixing import BACK, Fixing, fixing
from backend.query.place import Place
from backend.query.words import encode
from backend.ranking import typed
from backend.ranking.rank import Hit
from backend.redaction.mask import MARK
from backend.text.containment import NOT, OPENS
from backend.wire import protocol

# To pick a command takes a key and another: one that is no longer saves none.
KEYS_TO_PICK, SAVES_NONE = 2, 0.1
# A masked command is passed over, and of so few as these most are not.
SPARE = 10
MASKED = encode(MARK)
# The score of what fixed a failure: above that of all that is only likely.
FIXED = 2.0

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]


def likeliest(
    catalogue: Catalogue, likelihoods: Floats, rows: NDArray[np.signedinteger], most: int
) -> Rows:
    """Of `rows` those most likely needed, at most `most`. likelihoods: of every row, (n,)."""
    most = min(most, len(rows))
    best = rows[np.argpartition(-likelihoods[rows], most - 1)[:most]] if most else rows[:0]
    sizes = [len(catalogue.text.data(row)) for row in best.tolist()]
    worth = np.where(np.array(sizes, int) > KEYS_TO_PICK, 1.0, SAVES_NONE)
    # Of two that are needed alike, one that is pinned, and then the later one.
    keys = -best, ~catalogue.pinned[best], -likelihoods[best] * worth
    return best[np.lexsort(keys)].astype(np.int32)


def following(history: History, place: Place, prefix: str, limit: int) -> Result:
    """The commands that begin with `prefix` and are likely next at `place`, best first; of nothing
    typed, what fixed a failure like the last run before all others. None that has a masked value,
    since it cannot be run as it is, and none that is typed already.
    """
    history.drain()
    started, catalogue = time.perf_counter(), history.catalogue
    fixed = [] if prefix else fixing(history, place)
    likelihoods = history.needs.likelihoods(place)
    begun = encode(prefix)
    rows = catalogue.text.opening(begun)
    best = likeliest(catalogue, likelihoods, rows, limit + SPARE).tolist()
    texts = {row: catalogue.text.data(row) for row in best}
    best = [row for row, text in texts.items() if text != begun and MASKED not in text]
    level = OPENS if prefix else NOT
    likely = first(fixed, hits(likelihoods, best, level))[:limit]
    found = len(rows), len(rows) if prefix else 0
    return _result(history, place, started, found, likely)


def mending(history: History, place: Place, limit: int) -> Result:
    """What fixed failures like the last one at `place`, some runs ago at most, best first."""
    history.drain()
    started = time.perf_counter()
    fixed = fixing(history, place, BACK)
    return _result(history, place, started, (len(fixed), 0), first(fixed[:limit], []))


def hits(likelihoods: Floats, rows: Sequence[int], level: int = NOT) -> list[Hit]:
    """These rows, their need as their score."""
    scores = typed.scaled(likelihoods[np.array(rows, np.int32)]).tolist()
    return [Hit(row, score, None, None, level, "") for row, score in zip(rows, scores, strict=True)]


def first(fixed: Sequence[Fixing], others: Sequence[Hit]) -> list[Hit]:
    """What fixed it, then the others."""
    known = {fix.row for fix in fixed}
    mended = [Hit(fix.row, FIXED, None, None, NOT, fix.why) for fix in fixed]
    return mended + [hit for hit in others if hit.row not in known]


def _result(
    history: History, place: Place, started: float, found: tuple[int, int], hits: Sequence[Hit]
) -> Result:
    taken = (time.perf_counter() - started) * 1000
    told = len(history.catalogue), *found, None, (), ()
    return Result(protocol.TEXT, taken, *told, answer.rows(history, place, hits))
