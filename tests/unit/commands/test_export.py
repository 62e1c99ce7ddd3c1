"""What is exported can be restored: the same runs in the same order, and nothing twice."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.commands.export import export_command
from backend.histfiles.reader import HistoryFile
from backend.storage.store import Store
from backend.system.text import to_text
from backend.wire.record import Record

# Few of each, so that they meet.
COMMANDS = st.sampled_from(["ls", "make", "for x in a\ndo\n  b\ndone", "echo \udcff", "cd /日本"])
SESSIONS = st.sampled_from(["one", "two", "\udcfe"])
MICROSECONDS = st.integers(1_700_000_000_000_000, 1_700_000_004_000_000)
LIVE = st.builds(
    Record,
    command=COMMANDS,
    start=MICROSECONDS.map(lambda us: us / 1e6),
    duration=st.none() | st.floats(0, 1000),
    exit=st.none() | st.integers(0, 255),
    cwd=st.none() | st.sampled_from(["/src", "/srv/\n", "/\udcff"]),
    session=SESSIONS,
    host=st.none() | st.sampled_from(["box", "kvm"]),
    shell=st.sampled_from(["zsh", "bash"]),
    author=st.none() | st.sampled_from(["claude", "codex"]),
)
TIMED = st.builds(
    Record, command=COMMANDS, start=st.integers(1_700_000_000, 1_700_000_004).map(float)
)
UNTIMED = st.builds(Record, command=COMMANDS, nth=st.integers(1, 3))


def runs(db: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """All of them as they come out of a session, with what each came after."""
    db.text_factory = to_text
    return db.execute(
        "SELECT r.session, c.text, r.start_us, r.duration_us, r.exit, d.path, r.host, r.shell,"
        " r.author, before.text FROM runs r JOIN commands c ON c.id = r.command_id"
        " LEFT JOIN dirs d ON d.id = r.dir_id LEFT JOIN commands before ON before.id = previous_id"
        " ORDER BY r.session, CASE WHEN r.session IS NULL THEN r.start_us ELSE r.id END, c.text"
    ).fetchall()


def restore(file: Path, store: Store) -> int:
    return store.add(HistoryFile(file, "jsonl"), imported=True, exact=True).runs


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.tuples(LIVE, st.just(False)) | st.tuples(TIMED | UNTIMED, st.just(True)), max_size=9
    )
)
def test_any_history_comes_back(
    monkeypatch: pytest.MonkeyPatch, records: list[tuple[Record, bool]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        monkeypatch.setenv("DEJA_HOME", name)
        data, file = Path(name, "data"), Path(name, "export")
        data.mkdir()
        with closing(Store(data / "history.db")) as store:
            for record, imported in records:
                store.add([record], imported=imported)
            before = runs(store.db)
        file.write_text(CliRunner().invoke(export_command).output)
        with closing(Store(data / "other.db")) as other:
            assert restore(file, other) == len(before)
            assert runs(other.db) == before
            assert restore(file, other) == 0
            assert runs(other.db) == before
