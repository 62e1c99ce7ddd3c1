"""What is likely needed next: for an empty line, for a line that was begun, for `deja next`."""

import time

import numpy as np
from numpy.typing import NDArray

from backend.engine.held.catalogue import Catalogue
from backend.engine.history import History
from backend.engine.search import answer
from backend.engine.search.answer import Result
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
    """The commands that begin with `prefix` and are likely next at `place`, best first. None that
    has a masked value, since it cannot be run as it is, and none that is typed already.
    """
    started, catalogue = time.perf_counter(), history.catalogue
    likelihoods = history.needs.likelihoods(place)
    begun = encode(prefix)
    rows = catalogue.text.opening(begun)
    texts = {
        row: catalogue.text.data(row)
        for row in likeliest(catalogue, likelihoods, rows, limit + SPARE).tolist()
    }
    best = [row for row, text in texts.items() if text != begun and MASKED not in text][:limit]
    level = OPENS if prefix else NOT
    scores = typed.scaled(likelihoods[np.array(best, np.int32)]).tolist()
    hits = [Hit(row, score, None, None, level, "") for row, score in zip(best, scores, strict=True)]
    taken = (time.perf_counter() - started) * 1000
    told = len(rows), len(rows) if prefix else 0, None, (), ()
    return Result(protocol.TEXT, taken, len(catalogue), *told, answer.rows(history, place, hits))
