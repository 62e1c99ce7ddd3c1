"""What `deja export` writes as a shell's history: deja reads it back, and so does the shell."""

import io
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.written import COMMANDS, file_of, read_bash, read_zsh

from backend.histfiles import zsh
from backend.histfiles.formats import TEXT, WRITTEN
from backend.histfiles.reader import HistoryFile

commands = st.binary().filter(lambda command: command.strip() and b"\0" not in command)
times = st.integers(10**8, 2 * 10**9).map(float)


@pytest.mark.parametrize("format", sorted(WRITTEN))
@given(data=st.data())
def test_it_is_read_back(format: str, data: st.DataObject) -> None:
    runs = data.draw(st.lists(st.tuples(commands, times, st.integers(0, 99).map(float))))
    # Half a character that as zsh writes it is a whole one: most files have such characters plain.
    runs = [run for run in runs if format != "zsh" or zsh.unmetafy(zsh.metafy(run[0])) == run[0]]
    held = [run for run in runs if WRITTEN[format](*run)]
    assert format == "bash" or held == runs
    content = b"".join(WRITTEN[format](*run) or b"" for run in held)
    found = list(TEXT[format].entries(io.BytesIO(content)))
    assert [(entry.command, entry.start) for entry in found] == [run[:2] for run in held]
    if format == "zsh":
        assert [entry.duration for entry in found] == [run[2] or None for run in held]


@pytest.mark.parametrize("format", sorted(WRITTEN))
def test_without_a_time(tmp_path: Path, format: str) -> None:
    runs = [(b"for x in a\ndo b\ndone", None, None), (b"ls", 1.7e9, 2.0), (b": no-op", None, None)]
    path = file_of(tmp_path, b"".join(WRITTEN[format](*run) or b"" for run in runs))
    found = [(record.command, record.start) for record in HistoryFile(path, format)]
    assert found == [(command.decode(), start) for command, start, _ in runs]


def test_a_real_zsh_reads_it(tmp_path: Path) -> None:
    content = b"".join(WRITTEN["zsh"](command, 1.7e9, 3.0) or b"" for command in COMMANDS)
    assert read_zsh(file_of(tmp_path, content)) == COMMANDS


def test_a_real_bash_reads_it(tmp_path: Path) -> None:
    """But for blank lines in a command, which it drops from files of its own, too."""
    written = [(command, WRITTEN["bash"](command, 1.7e9, None)) for command in COMMANDS]
    held = [(command, entry) for command, entry in written if entry]
    assert [command for command, entry in written if not entry] == [b"#1700000000 and more"]
    found = read_bash(file_of(tmp_path, b"".join(entry for _, entry in held)))
    expected = [command.removesuffix(b"\n").replace(b"\n\n", b"\n") for command, _ in held]
    assert found == expected


def test_a_real_fish_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "fish"
    folder.mkdir()
    texts = [command for command in COMMANDS if _is_utf8(command) and command == command.strip()]
    content = b"".join(WRITTEN["fish"](command, 1.7e9, None) or b"" for command in texts)
    file_of(folder, content, "fish_history")
    out = subprocess.run(
        ["fish", "-c", "history merge; history --null --reverse"],
        env={"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        check=True,
        timeout=60,
        stdout=subprocess.PIPE,
    ).stdout
    assert out.split(b"\0")[:-1] == texts


def test_what_bash_cannot_hold_is_left_out() -> None:
    assert WRITTEN["bash"](b"cat <<E\n#1700000000\nE", 1.7e9, None) is None
    assert WRITTEN["bash"](b"a\n" * 300, 1.7e9, None) is None


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
