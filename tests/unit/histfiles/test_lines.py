"""Plain lines."""

from pathlib import Path

from support.written import file_of

from backend.histfiles.edit import without
from backend.histfiles.formats import detect
from backend.histfiles.reader import HistoryFile
from backend.wire.record import Record


def test_reading(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"ls\r\n\n   \npwd \n\xff\xfe bytes")
    assert list(HistoryFile(path, "lines")) == [
        Record("ls", shell="lines", nth=1),
        Record("pwd ", shell="lines", nth=1),
        Record("\udcff\udcfe bytes", shell="lines", nth=1),
    ]
    assert detect(path) == "lines"


def test_a_line_goes_with_its_carriage_return() -> None:
    assert without(b"ls\r\npwd\r\nls", "lines", "ls".__eq__).data == b"pwd\r\n"
