"""deja audit where what it found fails it then; tests/process/test_audit.py has the rest."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.commands import audit
from backend.commands.shared.asking import NoDaemon
from backend.config import Config
from backend.histfiles.sources import Source
from backend.storage.store import Store
from backend.wire import client
from backend.wire.record import Record

LEAK = "curl -u me:Hunter2xyz https://a.example"


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, settings: Config) -> list[Source]:
    """The history files that there are: none, until a test adds some."""
    sources: list[Source] = []
    monkeypatch.setattr(audit, "sources_here", lambda: sources)
    return sources


def run(*options: str) -> Result:
    result = CliRunner().invoke(audit.audit_command, options)
    assert "Hunter2xyz" not in result.output
    return result


def test_files_that_are_gone_by_then(tmp_path: Path, found: list[Source]) -> None:
    text, database = tmp_path / ".zsh_history", tmp_path / "history.db"
    found += [Source(text, "zsh"), Source(database, "mcfly")]
    result = run()
    assert result.exit_code == audit.FOUND
    first, second, *_ = result.stdout.splitlines()
    assert first == f"{text} (zsh): cannot read {text}: No such file or directory"
    assert second.startswith(f"{database} (mcfly): cannot read {database} as the history of mcfly")


def test_a_database_that_is_damaged(tmp_path: Path, found: list[Source]) -> None:
    """What came before the damage is told, and that there may be more."""
    path = tmp_path / "history.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE commands (cmd, when_run)")
        rows = [(LEAK, 1_700_000_000), *(("x" * 500, 1_700_000_001) for _ in range(2000))]
        db.executemany("INSERT INTO commands VALUES (?, ?)", rows)
    db.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size - size // 2))
    found.append(Source(path, "mcfly"))
    result = run()
    assert result.exit_code == audit.FOUND
    assert f"{path} (mcfly): is damaged: the rest of it was not read\n" in result.stdout
    assert f"{path} (mcfly): 1 value in 1 command (" in result.stdout


@pytest.mark.usefixtures("found")
def test_a_store_that_cannot_be_masked(settings: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store(settings.store_file)
    store.add([Record(LEAK)])
    store.close()

    @contextmanager
    def none(settings: Config) -> Iterator[client.Connection]:
        raise NoDaemon("no daemon could be started; run: deja doctor")
        yield

    monkeypatch.setattr(audit, "daemon", none)
    result = run("--mask", "--yes")
    assert result.exit_code == audit.FOUND
    assert result.stderr == "no daemon could be started; run: deja doctor\n"
    assert "masked" not in result.stdout
