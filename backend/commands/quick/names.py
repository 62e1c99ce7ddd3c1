"""Names that the history has, for completion: read from the store, whether a daemon runs or not."""

import sqlite3

from backend.commands.shared.output import write
from backend.system.text import to_bytes, to_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .parse import Parameters

# Of the latest runs alone: on Tab nobody waits for a million of them.
_LATEST = "(SELECT id, {0} FROM runs ORDER BY id DESC LIMIT 50000)"
_OF_RUNS = (
    f"SELECT {{0}}, MAX(id) AS latest FROM {_LATEST} WHERE {{0}} IS NOT NULL"
    " GROUP BY {0} ORDER BY latest DESC LIMIT 100"
)
_AUTHORS = f"SELECT * FROM (SELECT author FROM ({_OF_RUNS.format('author')}))"

KINDS = {
    "host": _OF_RUNS.format("host"),
    "session": _OF_RUNS.format("session"),
    "author": f"SELECT 'me' UNION ALL SELECT 'agent' UNION ALL {_AUTHORS}",
    "repo": "SELECT DISTINCT repo AS name FROM dirs WHERE repo IS NOT NULL ORDER BY name",
}


def show(parameters: "Parameters", data: str) -> int:
    """Print one a line; the exit code: 1 if there are none, or no store that can be read.

    A repository is named by its last part. What has blanks in it no filter takes.
    """
    query = KINDS.get(str(parameters["kind"]))
    found = _read(query, f"{data}/history.db") if query else []
    names = dict.fromkeys(name.rstrip("/").rpartition("/")[2] for name in found)
    lines = [name for name in names if name and not any(map(str.isspace, name))]
    write(b"".join(to_bytes(name) + b"\n" for name in lines if name.isprintable()))
    return 0 if lines else 1


def _read(query: str, path: str) -> list[str]:
    try:
        db = sqlite3.connect(f"file:{_quoted(path)}?mode=ro", uri=True)
        db.text_factory = to_text
        try:
            return [str(name) for name, *_ in db.execute(query)]
        finally:
            db.close()
    except sqlite3.Error:
        return []


def _quoted(path: str) -> str:
    """As SQLite reads a path in an address."""
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
