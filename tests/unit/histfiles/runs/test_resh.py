"""resh's lines, as the structures of its source have them: of version 3, and of before."""

import json
from pathlib import Path

from support.written import file_of

from backend.histfiles.formats import detect
from backend.histfiles.reader import HistoryFile
from backend.wire.record import Record

V1 = {
    "flags": 0, "deviceID": "d", "sessionID": "s1", "recordID": "r", "cmdLine": "make\ntest",
    "exitCode": 2, "home": "/home/me", "pwd": "/src", "realPwd": "/src", "logname": "me",
    "hostname": "box", "gitOriginRemote": "", "time": 1700000000.25, "duration": 1.5,
}  # fmt: skip
BEFORE = {
    "cmdLine": "ls", "exitCode": 0, "pwd": "/", "host": "box", "sessionId": "s0", "shell": "zsh",
    "realtimeBefore": 1600000000.5, "realtimeAfter": 1600000001.0, "realtimeDuration": 0.5,
}  # fmt: skip


def test_both_versions(tmp_path: Path) -> None:
    lines = [
        b"v1" + json.dumps(V1).encode(),
        json.dumps(BEFORE).encode(),
        b"v1{]",
        b'{"cmdLine":3}',
    ]
    path = file_of(tmp_path, b"\n".join([*lines, b""]), "history.reshjson")
    assert detect(path) == "resh"
    history = HistoryFile(path, "resh")
    assert list(history) == [
        Record("make\ntest", 1700000000.25, 1.5, 2, "/src", "s1", "box", "resh"),
        Record("ls", 1600000000.5, 0.5, 0, "/", "s0", "box", "resh"),
    ]
    assert history.refused == ["line 3: it is not JSON", "line 4: cmdLine is no text"]
