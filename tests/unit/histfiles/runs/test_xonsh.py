"""xonsh's history: of a real xonsh, where there is one, and by its source's form."""

import json
import os
import sys
from pathlib import Path

import pexpect
import pytest
from support.written import file_of

from backend.histfiles.formats import HistoryFileError, detect
from backend.histfiles.reader import HistoryFile
from backend.histfiles.sources import sources
from backend.wire.record import Record

SESSION = {
    "locs": [69, 3357, 3437, 3029],
    "index": {},
    "data": {
        "cmds": [
            {"cwd": "/src", "inp": "echo ü\n", "rtn": 0, "ts": [1700000000.5, 1700000002.0]},
            {"cwd": "/", "inp": "for x in y:\n    z\n\n", "rtn": 2, "ts": [1700000003.0, None]},
            {"inp": None, "ts": 3},
            "nonsense",
        ],
        "sessionid": "s1",
    },
}


def test_a_session(tmp_path: Path) -> None:
    path = file_of(tmp_path, json.dumps(SESSION).encode(), "xonsh-s1.json")
    assert detect(path) == "xonsh-json"
    history = HistoryFile(path, "xonsh-json")
    assert list(history) == [
        Record("echo ü", 1700000000.5, 1.5, 0, "/src", "s1", None, "xonsh"),
        Record("for x in y:\n    z", 1700000003.0, None, 2, "/", "s1", None, "xonsh"),
    ]
    assert history.unreadable == 2


@pytest.mark.parametrize("content", [b"", b"[]", b'{"locs": []}', b'{"locs": [], "data": 3}'])
def test_what_is_no_session(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(HistoryFileError, match="xonsh-json"):
        list(HistoryFile(file_of(tmp_path, content), "xonsh-json"))


@pytest.mark.slow
@pytest.mark.parametrize(("backend", "format"), [("json", "xonsh-json"), ("sqlite", "xonsh")])
def test_a_real_xonsh(tmp_path: Path, backend: str, format: str) -> None:
    program = str(Path(sys.executable).with_name("xonsh"))
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XONSH_HISTORY_BACKEND": backend,
        "TERM": "dumb",
    }
    rc = file_of(tmp_path, b"$PROMPT = 'ready> '\n", "rc.xsh")
    arguments = ["--rc", str(rc), "-i", "--shell-type", "readline"]
    xonsh = pexpect.spawn(program, arguments, env=environment, cwd=str(tmp_path), timeout=60)
    for line in ("echo one", "ls /nonexistent", "cd /", "echo 'ü 日本'", "exit"):
        xonsh.expect("ready> ")
        xonsh.send(f"{line}\r")
    xonsh.expect(pexpect.EOF)
    (source,) = sources(environment, tmp_path)
    assert source.format == format
    found = list(HistoryFile(source.path, source.format))
    assert [(record.command, record.exit, record.cwd) for record in found] == [
        ("echo one", 0, str(tmp_path)),
        ("ls /nonexistent", 2, str(tmp_path)),
        ("cd /", 0, str(tmp_path)),
        ("echo 'ü 日本'", 0, "/"),
        ("exit", 0, "/"),
    ]
    assert all(record.start and record.duration is not None and record.session for record in found)
