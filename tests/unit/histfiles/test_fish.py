"""fish's history, as a real fish reads it too."""

import io
import os
import subprocess
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from support.written import EDITED, SAFE, encode_fish, file_of

from backend.histfiles.edit import masked, without
from backend.histfiles.fish import FISH
from backend.histfiles.formats import detect
from backend.histfiles.reader import HistoryFile
from backend.wire.record import Record

as_bytes = st.binary().filter(lambda text: text.strip() and b"\0" not in text)

CONTENT = (
    b"- cmd: git add a.txt\n  when: 1700000000\n  paths:\n    - a.txt\n"
    b"- cmd: for x in 1 2\\n  echo a\\\\nb\\nend\n  when: 1700000005\n- cmd: untimed\n"
)


def test_reading(tmp_path: Path) -> None:
    path = file_of(tmp_path, CONTENT)
    assert list(HistoryFile(path, "fish")) == [
        Record("git add a.txt", 1700000000.0, shell="fish"),
        Record("for x in 1 2\n  echo a\\nb\nend", 1700000005.0, shell="fish"),
        Record("untimed", shell="fish", nth=1),
    ]
    assert detect(path) == "fish"


@given(st.lists(st.tuples(as_bytes, st.none() | st.integers(1, 10**10))))
def test_entries_come_back(written: list[tuple[bytes, int | None]]) -> None:
    content = b"".join(encode_fish(command, start) for command, start in written)
    found = FISH.entries(io.BytesIO(content))
    assert [(entry.command, entry.start) for entry in found] == written


def test_where_the_entries_stand() -> None:
    first, *_, last = FISH.entries(io.BytesIO(CONTENT))
    assert CONTENT[first.body : first.end].startswith(b"git add a.txt\n")
    assert CONTENT[first.end :].startswith(b"- cmd: for")
    assert CONTENT[last.begin : last.body] == b"- cmd: "
    assert last.end == len(CONTENT)


def test_an_entry_goes_with_its_time_and_its_paths() -> None:
    edited = without(CONTENT, "fish", lambda command: command.startswith("git"))
    assert edited.data == CONTENT[CONTENT.index(b"- cmd: for") :]


def test_a_real_fish_reads_the_edited_file(tmp_path: Path) -> None:
    folder = tmp_path / "fish"
    folder.mkdir()
    written = b"".join(encode_fish(command, 1_700_000_000) for command in EDITED[:5])
    file_of(folder, masked(written, "fish").data, "fish_history")
    out = subprocess.run(
        ["fish", "-c", "history merge; history --null --reverse"],
        env={"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        check=True,
        timeout=60,
        stdout=subprocess.PIPE,
    ).stdout
    assert out.split(b"\0")[:-1] == SAFE[:5]
