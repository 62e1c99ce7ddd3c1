"""What the user keeps of commands, pins and notes: into the store, and into what is held of it.

The caller holds the history still.
"""

import re

from backend.engine.history import History
from backend.engine.rereading import as_kept
from backend.redaction.mask import redact
from backend.storage import kept
from backend.storage.exchange import keeps

# As a comment is typed: the sign is none of it.
_SIGN = re.compile(r"#+\s+")


def pin(history: History, id: int, on: bool) -> bool:
    """Pin a command or let it go; whether there is one of this number."""
    found = kept.pin(history.store.db, id, on)
    history.store.changes += 1
    history.catalogue.keep()
    return found


def note(history: History, id: int, text: str) -> str | None:
    """Keep a note about a command, secrets masked, or none if it is empty; the note as it is kept,
    None if there is no such command. One that goes is gone from snapshots and log, too.
    """
    written = text.strip()
    sign = _SIGN.match(written)
    fit = redact(written[sign.end() :] if sign else written)
    before = history.catalogue.kept.notes.get(id, "")
    if fit == before:
        return fit if history.lookup.texts_of([id]) else None
    history.catalogue.unlearn(id)
    found = kept.note(history.store.db, id, fit)
    history.store.changes += 1
    history.catalogue.keep()
    if before and not fit:
        history.remove_copies()
    return fit if found else None


def mask(history: History) -> None:
    """Mask the notes anew, and what other hosts keep, after the rules for secrets have changed."""
    store = history.store
    with store.transaction():
        found = keeps.mask_all(store.db, lambda command: as_kept(command, None), redact)
        if found:
            store.removed()
    if found:
        history.remove_copies()
    for id, text in history.catalogue.kept.notes.items():
        if redact(text) != text:
            note(history, id, text)
            history.remove_copies()
