"""All that matches, by number: what is about to be forgotten together."""

import time

import numpy as np

from backend.engine.history import History
from backend.engine.search.find import Request
from backend.engine.search.narrowing import narrowed
from backend.query.parse import LITERAL, parse
from backend.text.containment import NOT


class Unclear(ValueError):
    """The request has a filter that makes no sense, and would match more than was meant; the text
    says which.
    """


def everything(history: History, request: Request) -> list[int]:
    """Numbers of the commands that hold what was typed; where there are only filters, of all that
    pass. None of a sentence, which is answered by what is near it, nor of nothing at all. The limit
    of the request is not looked at. Raises Unclear.
    """
    history.drain()
    now, catalogue = time.time(), history.catalogue
    asked = parse(request.text, now, catalogue.text)
    found = narrowed(history, asked, request.narrow, request.hidden, request.place, now)
    if found.mistakes:
        raise Unclear(found.mistakes[0])
    if asked.is_empty:
        rows = found.rows(len(catalogue)) if found.narrows else np.zeros(0, np.int32)
    elif asked.literalness < LITERAL:
        rows = np.zeros(0, np.int32)
    else:
        rows = np.flatnonzero(found.levels(asked, catalogue.text) != NOT).astype(np.int32)
    ids: list[int] = catalogue.columns["id"][rows].tolist()
    return ids
