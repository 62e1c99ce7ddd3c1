"""Histories as shells write them: by real ones, and by what is known of their sources."""

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from backend.histfiles import bash
from backend.histfiles.edit import Edited
from backend.histfiles.rewrite import read, rewrite
from backend.histfiles.zsh import metafy
from backend.redaction.mask import redact

# What is hard to write and to read back.
COMMANDS = [
    b"ls -la",
    b": true",
    b": 1700000000:0;looks like a header",
    b"echo ends in a backslash\\",
    b"echo backslash and space\\ ",
    b"echo backslash and spaces\\   ",
    b"echo two \\\\",
    b"for f in *\ndo echo $f\ndone",
    b"echo continued \\\n  here",
    b"echo odd\\\\\nnext",
    "echo Ünïcödé 日本 🎉".encode(),
    b"printf '" + bytes(range(1, 10)) + bytes(range(0x80, 0x100)) + b"'",
    b"cat <<E\nbody\\\n\n  indented\nE",
    b"print trailing newline\n",
    b" leading space",
    b"trailing space ",
    b"#not a timestamp",
    b"#1700000000 and more",
]

# What is hard to edit: three hold a secret, and three are to go.
EDITED = [
    b"ls -la",
    b"curl -u me:Hunter2xyz https://a.example",
    b"for x in 1 2\ndo\n  mysql -pHunter2xyz -e $x\ndone",
    "echo ムード у почему é".encode(),
    "curl -u 'me:секрет-у😃zz' https://b.example # ムー".encode(),
    b"echo 'ends in a backslash' \\",
    b"echo two \\\n  lines",
    b"echo \xff\xfe\x83 bytes",
    b": no-op",
    b"git status",
]
GONE = {EDITED[0], EDITED[2], EDITED[5]}
KEPT = [command for command in EDITED if command not in GONE]
SAFE = [
    redact(command.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    for command in EDITED
]

WRITE_ZSH = """
setopt $1
fc -p $2 10000 10000
while IFS= read -r -d '' command; do print -rs -- "$command"; done < $3
fc -W
"""
READ_ZSH = """
zmodload zsh/parameter
fc -p $1 10000 0
print -s 'the last one is not listed'
for number in ${(onk)history}; do print -rN -- "$history[$number]"; done
"""
WRITE_BASH = """
HISTSIZE=10000 HISTFILESIZE=10000 HISTCONTROL=
[ "$1" ] && HISTTIMEFORMAT='%F %T '
shopt -s cmdhist lithist
while IFS= read -r -d '' command; do history -s -- "$command"; done < "$3"
history -w "$2"
"""
READ_BASH = "HISTSIZE=10000 HISTTIMEFORMAT=$'\\2'; history -c; history -r \"$1\"; history"


def file_of(folder: Path, content: bytes, name: str = "history") -> Path:
    """`folder`/`name`, with that content."""
    path = folder / name
    path.write_bytes(content)
    return path


# Real shells


def write_zsh(folder: Path, commands: Sequence[bytes], option: str, **environment: str) -> Path:
    """`folder`/history, by a real zsh; `-i`, because no other zsh writes one."""
    return _write(folder, ["zsh", "-f", "-i"], WRITE_ZSH, option, commands, environment)


def read_zsh(path: Path) -> list[bytes]:
    """The commands that a real zsh reads of its history at `path`."""
    out = _run(path.parent, ["zsh", "-f", "-i"], READ_ZSH, [str(path)], {"LC_ALL": "C.UTF-8"})
    return out.split(b"\0")[:-1]


def write_bash(folder: Path, commands: Sequence[bytes], *, timestamps: bool = True) -> Path:
    """`folder`/history, by a real bash."""
    mode = "timestamps" if timestamps else ""
    return _write(folder, ["bash", "--norc"], WRITE_BASH, mode, commands, {"LC_ALL": "C"})


def read_bash(path: Path) -> list[bytes]:
    """The commands that a real bash reads of its history at `path`."""
    listed = _run(path.parent, ["bash", "--norc"], READ_BASH, [str(path)], {"LC_ALL": "C.UTF-8"})
    _, *found = re.split(rb"^ *\d+[* ] \x02", listed, flags=re.M)
    return [command.removesuffix(b"\n") for command in found]


def _write(
    folder: Path,
    shell: list[str],
    script: str,
    mode: str,
    commands: Sequence[bytes],
    environment: dict[str, str],
) -> Path:
    path = folder / "history"
    given = file_of(folder, b"".join(command + b"\0" for command in commands), "commands")
    _run(folder, shell, script, [mode, str(path), str(given)], environment)
    return path


def _run(
    folder: Path, shell: list[str], script: str, arguments: list[str], environment: dict[str, str]
) -> bytes:
    written = file_of(folder, script.encode(), "script")
    return subprocess.run(
        [*shell, str(written), *arguments],
        stdin=subprocess.DEVNULL,
        env={"HOME": str(folder), "PATH": os.environ["PATH"], "TERM": "dumb", **environment},
        check=True,
        timeout=60,
        stdout=subprocess.PIPE,
    ).stdout


def edit_in_place(path: Path, change: Callable[[bytes], Edited], entries: int) -> None:
    """Put what `change` makes of the file at `path` in its place: an edit of that many entries."""
    before = read(path)
    edited = change(before.data)
    assert edited.entries == entries
    rewrite(before, edited.data)


# Their formats


def encode_zsh(command: bytes, start: int | None) -> bytes:
    """savehistfile of zsh's Src/hist.c."""
    text = metafy(command).replace(b"\n", b"\\\n")
    if text.rstrip(b" ").endswith(b"\\"):
        text += b" "
    if start is not None:
        return b": %d:0;%s\n" % (start, text)
    return (b"\\" if text.startswith(b":") else b"") + text + b"\n"


def encode_bash(command: bytes, start: int) -> bytes:
    """With HISTTIMEFORMAT set."""
    return b"#%d\n%s\n" % (start, command)


def encode_fish(command: bytes, start: int | None) -> bytes:
    """`start`: None as fish does not write it, but reads it."""
    line = command.replace(b"\\", b"\\\\").replace(b"\n", b"\\n")
    when = b"  when: %d\n  paths:\n    - a\n" % start if start else b""
    return b"- cmd: %s\n%s" % (line, when)


def encode_lines(command: bytes, start: int) -> bytes:
    """A command of one line; its start is not kept."""
    return command.replace(b"\n", b" ").replace(b"\r", b" ") + b"\n"


def encode_powershell(command: bytes, start: int) -> bytes:
    """PSReadLine's History.cs; it keeps no time."""
    return command.replace(b"\n", b"`\n") + b"\n"


def encode_nushell(command: bytes, start: int) -> bytes:
    """reedline's src/history/file_backed.rs; it keeps no time."""
    return command.replace(b"\n", rb"<\n>") + b"\n"


ENCODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "zsh": encode_zsh,
    "bash": encode_bash,
    "fish": encode_fish,
    "lines": encode_lines,
    "powershell": encode_powershell,
    "nushell-text": encode_nushell,
}


def can_hold(format: str, command: bytes) -> bool:
    """Some texts cannot be told from what the format is made of; shells have no answer either."""
    if format == "bash":
        return not any(map(bash.is_timestamp, command.split(b"\n")))
    if format == "lines":
        return b"\n" not in command and b"\r" not in command
    if format == "powershell":
        return not re.search(rb"`\Z|\r$", command, re.M)
    if format == "nushell-text":
        return rb"<\n>" not in command
    return True
