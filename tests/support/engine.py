"""What tests do with an engine: a shell records, somebody searches, the indexer embeds."""

from pathlib import Path

from backend.config import Config
from backend.engine.engine import Engine
from backend.query.place import Place
from support.install import record_bytes

SESSION = "elsewhere.1.1700000000000000"


def append(settings: Config, *commands: str, **fields: str) -> Path:
    path = settings.spool_dir / SESSION
    with path.open("ab") as file:
        for command in commands:
            file.write(record_bytes(command, session=SESSION, **fields))
    return path


def found(engine: Engine, text: str, mode: str = "auto", **place: str) -> list[str]:
    return [row.command for row in engine.search(text, mode=mode, place=Place(**place)).rows]


def embed_all(engine: Engine) -> None:
    while engine.embed_waiting():
        pass
