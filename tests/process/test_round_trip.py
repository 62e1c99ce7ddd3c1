"""An export on the real daemon: restored with pins and notes, and nothing twice."""

import json
from pathlib import Path

from support.install import Deja


def test_pins_notes_and_bad_lines(daemon: Deja, tmp_path: Path) -> None:
    lines = [
        {"command": "make", "start": 1767450039.25, "session": "a", "pinned": True, "note": "mine"},
        {"command": "make", "start": 1767450039.5, "session": "a", "pinned": True, "note": "mine"},
        {"command": "ls"},
    ]
    file = tmp_path / "export.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\nls -la\n")
    result = daemon("import", "--file", str(file), "--no-wait")
    assert result.stdout == f"{file} (jsonl): 3 entries, 3 new, 1 unreadable\n"
    assert result.stderr == "line 4: it is not JSON\n"
    exported = daemon("export").stdout
    shown = [json.loads(line) for line in exported.splitlines()]
    assert [{name: run[name] for name in run if run[name] is not None} for run in shown] == [
        *lines[2:],
        *lines[:2],
    ]
    again = daemon("import", "jsonl", "--file", str(file), "--no-wait")
    assert "3 entries, 0 new" in again.stdout
    assert daemon("export").stdout == exported


def test_of_two_notes_neither_is_lost(daemon: Deja, tmp_path: Path) -> None:
    file = tmp_path / "export.jsonl"
    for note in ("one", "two", "one", "two"):
        file.write_text(json.dumps({"command": "make", "note": note}) + "\n")
        assert daemon("import", "--file", str(file), "--no-wait").returncode == 0
    assert json.loads(daemon("export").stdout)["note"] == "one\ntwo"


def test_a_real_export_goes_to_another_install(daemon: Deja, tmp_path: Path) -> None:
    daemon.record("make", "cd /src", "make", "echo \udcff", session="a")
    daemon.record("make", "ls", session="b", author="claude")
    file = tmp_path / "export.jsonl"
    file.write_text(daemon("export").stdout)
    (tmp_path / "other").mkdir()
    other = Deja(tmp_path / "other")
    other.start()
    try:
        assert other("import", "--file", str(file), "--no-wait").returncode == 0
        assert other("export").stdout == file.read_text()
        assert other.search("session:a") == daemon.search("session:a")
        assert sorted(other.search("author:claude")) == ["ls", "make"]
    finally:
        other("stop")
