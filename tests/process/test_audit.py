"""deja audit: finds what is at rest, shows no secret, masks it where it may."""

import json
import os
import sqlite3
import stat
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.install import Deja

from backend.redaction.leaks import PREVIEW_LENGTH, preview, secrets, tally
from backend.redaction.mask import MARK, redact
from backend.storage.store import Store
from backend.wire.record import Record

SECRET = "Hunter2xyz"
LEAK = f"curl -u me:{SECRET} https://a.example"
TOKEN = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
SECRETS = (SECRET, TOKEN)

ZSH = (
    f": 1700000000:3;{LEAK}\n"
    f": 1700000001:0;for x in 1\\\ndo mysql -p{SECRET} $x\\\ndone\n"
    ": 1700000002:0;ls\n"
)
BASH = f"#1700000000\nexport GITHUB_TOKEN={TOKEN}\n#1700000001\ngit status\n"


def safe(text: str) -> str:
    for value in SECRETS:
        text = text.replace(value, MARK)
    return text


def audit(deja: Deja, *options: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """Whatever it prints, it is never a secret, nor anything that moves the terminal's cursor."""
    result = deja("audit", *options, stdin=stdin)
    for value in SECRETS:
        assert value not in result.stdout + result.stderr
    assert not any(char < " " and char != "\n" for char in result.stdout + result.stderr)
    return result


def sites(deja: Deja, *options: str) -> list[dict[str, object]]:
    found = json.loads(audit(deja, "--json", *options).stdout)["places"]
    assert isinstance(found, list)
    return found


def old_rows(deja: Deja, *records: Record) -> None:
    """Recorded by a deja that had no rule for them."""
    deja.config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store(deja.config.store_file)
    store.add(records)
    store.close()


def files(deja: Deja) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in deja.home.rglob("*") if path.is_file()}


@pytest.fixture
def histories(deja: Deja) -> Deja:
    (deja.home / ".zsh_history").write_text(ZSH)
    (deja.home / ".bash_history").write_text(BASH)
    (deja.home / ".bash_history").chmod(0o640)
    return deja


def test_nothing_anywhere(deja: Deja) -> None:
    result = audit(deja)
    assert (result.returncode, result.stdout) == (0, "")


def test_clean_places_are_named(deja: Deja) -> None:
    (deja.home / ".bash_history").write_text("ls\ngit status\n")
    old_rows(deja, Record("ls"))
    result = audit(deja)
    assert result.returncode == 0
    assert result.stdout == (
        f"{deja.config.store_file} (store): clean\n{deja.home}/.bash_history (bash): clean\n"
    )


def test_looking_changes_nothing(histories: Deja) -> None:
    old_rows(histories, Record(LEAK, 1_700_000_000.0))
    before = files(histories)
    result = audit(histories)
    assert result.returncode == 1
    assert files(histories) == before
    assert f"{histories.home}/.zsh_history (zsh): 2 values in 2 commands" in result.stdout
    assert f"{histories.home}/.bash_history (bash): 1 value in 1 command (" in result.stdout
    assert f"    {safe(LEAK)}\n" in result.stdout
    assert f"    for x in 1\\ndo mysql -p{MARK} $x\\ndone\n" in result.stdout
    assert "run: deja audit --mask" in result.stdout


def test_json(histories: Deja) -> None:
    old_rows(histories, Record(LEAK), Record("ls"))
    store, zsh, bash = sites(histories)
    assert store == {
        "path": str(histories.config.store_file),
        "format": "store",
        "values": 1,
        "commands": 1,
        "kinds": store["kinds"],
        "previews": [safe(LEAK)],
        "masked": False,
        "problem": None,
    }
    assert sum(store["kinds"].values()) == 1  # type: ignore[attr-defined]
    assert (zsh["format"], zsh["values"]) == ("zsh", 2)
    assert (bash["format"], bash["values"]) == ("bash", 1)


def test_masking_asks_first(histories: Deja) -> None:
    before = files(histories)
    result = audit(histories, "--mask", stdin="n\n")
    assert result.returncode != 0
    assert files(histories) == before
    assert audit(histories, "--mask", stdin="y\n").returncode == 0
    assert files(histories) != before


def test_json_cannot_ask(histories: Deja) -> None:
    assert audit(histories, "--mask", "--json").returncode == 2


def test_masking(histories: Deja) -> None:
    run = Record(LEAK, 1_700_000_000.0, 2.0, 7, "/a", "s", "h", "zsh")
    old_rows(histories, run, Record("ls", 1_700_000_005.0))
    result = audit(histories, "--mask", "--yes")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Shells that are open now" in result.stdout
    assert files(histories) == {
        ".zsh_history": safe(ZSH).encode(),
        ".bash_history": safe(BASH).encode(),
    }
    assert stat.S_IMODE((histories.home / ".bash_history").stat().st_mode) == 0o640
    assert histories.search("curl") == [safe(LEAK)]
    (kept, _) = [json.loads(line) for line in histories("export").stdout.splitlines()]
    assert kept == {
        "command": safe(LEAK),
        "start": 1_700_000_000.0,
        "duration": 2.0,
        "exit": 7,
        "cwd": "/a",
        "session": "s",
        "host": "h",
        "shell": "zsh",
    }
    again = audit(histories)
    assert again.returncode == 0
    assert again.stdout.count(": clean\n") == 3
    assert histories("import", "--no-wait").returncode == 0
    assert histories.search("curl") == [safe(LEAK)]
    assert len(histories("export").stdout.splitlines()) == 2 + 4


def test_masking_told_as_json(histories: Deja) -> None:
    old_rows(histories, Record(LEAK), Record("ls"))
    told = sites(histories, "--mask", "--yes")
    assert [(site["format"], site["masked"], site["problem"]) for site in told] == [
        ("store", True, None),
        ("zsh", True, None),
        ("bash", True, None),
    ]
    assert [(site["values"], site["masked"]) for site in sites(histories)] == [(0, False)] * 3


def test_only_the_store_is_masked_where_no_file_leaks(deja: Deja) -> None:
    """Nothing is said of shells that are open: none of them has read what was masked."""
    (deja.home / ".bash_history").write_text("ls\n")
    old_rows(deja, Record(LEAK))
    result = audit(deja, "--mask", "--yes")
    assert result.returncode == 0
    assert f"{deja.config.store_file}: 1 masked\n" in result.stdout
    assert "Shells that are open now" not in result.stdout


def test_no_secret_is_left_in_any_file(histories: Deja) -> None:
    old_rows(histories, *(Record(f"{LEAK}/{number}") for number in range(500)))
    histories.start()
    assert audit(histories, "--mask", "--yes").returncode == 0
    histories.stop()
    for path in (*histories.root.rglob("*"), *histories.home.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        assert not any(value.encode() in data for value in SECRETS), path


def test_a_copy_of_the_store_that_was_set_aside_is_reported(deja: Deja) -> None:
    old_rows(deja, Record(LEAK))
    aside = deja.config.data_dir / "history.db.aside-2026-01-01T00-00-00"
    deja.config.store_file.rename(aside)
    aside.with_name(f"{aside.name}-wal").write_bytes(b"")
    old_rows(deja, Record("ls"))
    result = audit(deja, "--mask", "--yes")
    assert result.returncode == 1
    assert f"rm '{aside}'" in result.stdout
    assert result.stdout.count("(copy of the store)") == 1
    assert aside.exists()
    aside.write_bytes(b"damage" * 1000)
    assert "is damaged" in audit(deja).stdout


def test_databases_of_other_tools_are_reported_and_left(deja: Deja) -> None:
    path = deja.home / ".local/share/mcfly/history.db"
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE commands(cmd TEXT, when_run INTEGER, exit_code INT, dir TEXT)")
        db.execute("INSERT INTO commands VALUES(?, 1700000000, 0, '/')", (LEAK,))
    db.close()
    before = files(deja)
    result = audit(deja, "--mask", "--yes")
    assert result.returncode == 1
    assert "(mcfly): 1 value in 1 command" in result.stdout
    assert files(deja) == before


def test_a_file_that_cannot_be_rewritten_is_said_and_the_rest_is_masked(histories: Deja) -> None:
    zsh = histories.home / ".zsh_history"
    os.link(zsh, histories.home / "second name")
    result = audit(histories, "--mask", "--yes")
    assert result.returncode == 1
    assert "hard links" in result.stderr
    assert zsh.read_text() == ZSH
    assert (histories.home / ".bash_history").read_text() == safe(BASH)


def test_escape_sequences_are_shown_and_not_sent(deja: Deja) -> None:
    command = f"curl -u me:{SECRET} \x1b]0;title\x07\x1b[2J\r\x9b2J\u202e"
    old_rows(deja, Record(command))
    (deja.home / ".zsh_history").write_text(f": 1:0;{command}\n")
    result = audit(deja)
    assert (
        result.stdout.count(f"    curl -u me:{MARK} \\x1b]0;title\\x07\\x1b[2J\\r\\x9b2J\\u202e\n")
        == 2
    )
    assert "\u202e" not in result.stdout


# Leaks


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_preview_is_short_and_holds_no_value(before: str, after: str) -> None:
    command = f"{before} ; curl -u me:{SECRET} {after}"
    found = secrets(command)
    if found:
        shown = preview(command, found)
        assert shown.isprintable()
        assert SECRET not in shown
        assert MARK in shown
        assert len(shown) <= 10 * PREVIEW_LENGTH


def test_tally() -> None:
    commands = LEAK, "ls", LEAK, f"{LEAK}; export GITHUB_TOKEN={TOKEN}"
    found = tally((command, None) for command in commands)
    assert (found.values, found.commands) == (4, 3)
    assert sum(found.kinds.values()) == 4
    assert found.previews == [redact(LEAK), redact(f"{LEAK}; export GITHUB_TOKEN={TOKEN}")]


def test_values_that_masking_brings_to_light_count() -> None:
    command = "mysql -pHunter2xyz -pOther3abc; curl -u a:b@c -u me:Xyzzy9876 https://u:p4ssw0rd@h/"
    text = redact(command)
    assert MARK in text
    shown = "".join(
        command[start:end]
        for start, end in zip(
            [0, *(finding.end for finding in secrets(command))],
            [*(finding.start for finding in secrets(command)), len(command)],
            strict=True,
        )
    )
    assert shown == text.replace(MARK, "")
