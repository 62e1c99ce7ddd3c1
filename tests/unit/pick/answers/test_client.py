"""The conversation with the daemon takes nothing on trust."""

from pathlib import Path

import pytest

from shell_plugin.pick.answers.client import DaemonClient, Unusable


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"garbage", b"v=1\0pid=1\0\0", b"v=2\0socket=/x\0\0", b"v=1\0socket=/x\0\0"],
)
def test_a_rendezvous_that_leads_nowhere(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "daemon").write_bytes(content)
    with pytest.raises(Unusable):
        DaemonClient(str(tmp_path))
