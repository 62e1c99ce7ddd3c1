"""Read-only access to the store for commands that need no daemon."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from backend.commands.shared.asking import TIMEOUT_S, Failure
from backend.config import Config
from backend.redaction.mask import NOT_FOUND, redact
from backend.system.text import to_bytes, to_text
from backend.wire import client, protocol


@contextmanager
def open_store(settings: Config) -> Iterator[sqlite3.Connection]:
    """The store, with what the hooks have written so far if a daemon runs to take it in.

    Failure if there is no store or it cannot be read.
    """
    with (
        suppress(client.Unavailable, client.Refused),
        client.connect(settings.rendezvous_file) as connection,
    ):
        connection.ask(protocol.request("refresh"), TIMEOUT_S)
    if not settings.store_file.exists():
        raise Failure(f"there is no history yet in {settings.data_dir}; run: deja import")
    try:
        with closing(sqlite3.connect(f"{settings.store_file.as_uri()}?mode=ro", uri=True)) as db:
            db.text_factory = to_text
            yield db
    except sqlite3.Error as error:
        raise Failure(f"cannot read {settings.store_file}: {error}; run: deja doctor") from error


def named(db: sqlite3.Connection, text: str) -> list[tuple[int, str]]:
    """Number and text of the command that was typed so, which may stand there in several forms.

    The store has it with its secrets masked, if it holds any; a password at the wrong prompt is
    masked where the shell did not find it.
    """
    texts = {text, redact(text), redact(text, NOT_FOUND)}
    holes = ",".join(["CAST(? AS TEXT)"] * len(texts))
    query = f"SELECT id, text FROM commands WHERE text IN ({holes})"
    return db.execute(query, [to_bytes(each) for each in texts]).fetchall()
