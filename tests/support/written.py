"""Histories that real shells write."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

WRITE_ZSH = """
setopt $1
fc -p $2 10000 10000
while IFS= read -r -d '' command; do print -rs -- "$command"; done < $3
fc -W
"""


def write_zsh(folder: Path, commands: Sequence[bytes], option: str, **environment: str) -> Path:
    """`folder`/history, by a real zsh; `-i`, because no other zsh writes one."""
    (folder / "script").write_text(WRITE_ZSH)
    (folder / "commands").write_bytes(b"".join(command + b"\0" for command in commands))
    arguments = [option, str(folder / "history"), str(folder / "commands")]
    subprocess.run(
        ["zsh", "-f", "-i", str(folder / "script"), *arguments],
        stdin=subprocess.DEVNULL,
        env={"HOME": str(folder), "PATH": os.environ["PATH"], "TERM": "dumb", **environment},
        check=True,
        timeout=60,
    )
    return folder / "history"
