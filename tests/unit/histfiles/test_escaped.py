"""nushell's history as text, and PowerShell's: of Unix and of Windows."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.written import ENCODERS, can_hold, file_of

from backend.histfiles.edit import without
from backend.histfiles.escaped import POWERSHELL
from backend.histfiles.formats import TEXT, detect
from backend.histfiles.reader import HistoryFile
from backend.wire.record import Record


def test_nushell(tmp_path: Path) -> None:
    folder = tmp_path / "nushell"
    folder.mkdir()
    path = file_of(folder, b"ls\nfor x in 1..2 {<\\n>  print $x<\\n>}\nls\n", "history.txt")
    assert detect(path) == "nushell-text"
    assert list(HistoryFile(path, "nushell-text")) == [
        Record("ls", shell="nushell", nth=1),
        Record("for x in 1..2 {\n  print $x\n}", shell="nushell", nth=1),
        Record("ls", shell="nushell", nth=2),
    ]


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_powershell(tmp_path: Path, newline: bytes) -> None:
    lines = [b"Get-ChildItem", b"foreach ($x in 1, 2) {`", b"  $x`", b"}", "ü".encode()]
    content = newline.join([*lines, b""])
    path = file_of(tmp_path, content, "ConsoleHost_history.txt")
    assert detect(path) == "powershell"
    found = [record.command for record in HistoryFile(path, "powershell")]
    assert found == ["Get-ChildItem", "foreach ($x in 1, 2) {\n  $x\n}", "ü"]
    edited = without(content, "powershell", lambda command: command.startswith("foreach"))
    assert edited.data == newline.join([lines[0], lines[4], b""])


def test_a_file_that_ends_in_the_middle() -> None:
    found = POWERSHELL.entries(io.BytesIO(b"one\ntwo`\nthree`\n"))
    assert [entry.command for entry in found] == [b"one", b"two\nthree"]


@pytest.mark.parametrize("format", ["nushell-text", "powershell"])
@given(data=st.data())
def test_entries_come_back(format: str, data: st.DataObject) -> None:
    commands = st.binary().filter(lambda command: can_hold(format, command))
    written = data.draw(st.lists(commands))
    content = b"".join(ENCODERS[format](command, 0) for command in written)
    assert [entry.command for entry in TEXT[format].entries(io.BytesIO(content))] == written
