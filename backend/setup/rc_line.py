"""The one line in a start-up file of a shell: put in, and taken out so that no other byte changes.

Works on bytes, because a start-up file may hold anything. The line ends in a comment that tells how
to undo it: `# deja`; `# deja, newline added` if the file did not end in one; `# deja, file added`
if there was no file.
"""

import re
from pathlib import Path

# Ours alone: it names one of our plugins and carries the mark at its end.
OURS = re.compile(
    rb"^.*/deja\.(?:zsh|bash|fish)\b.*# deja(?P<undo>, newline added|, file added)?\n?$"
)


def add(path: Path, line: str) -> str:
    """Put `line` at the end, or in place of an older one of ours: added, replaced or present.

    Raises OSError.
    """
    text = line.encode("utf-8", "surrogateescape")
    if not path.exists():
        path.write_bytes(text + b" # deja, file added\n")
        return "added"
    lines = path.read_bytes().splitlines(keepends=True)
    for number, old in enumerate(lines):
        if found := OURS.match(old):
            new = text + b" # deja" + (found["undo"] or b"") + b"\n"
            if new == old:
                return "present"
            lines[number] = new
            path.write_bytes(b"".join(lines))
            return "replaced"
    whole = not lines or lines[-1].endswith(b"\n")
    with path.open("ab") as stream:
        stream.write(text + b" # deja\n" if whole else b"\n" + text + b" # deja, newline added\n")
    return "added"


def remove(path: Path) -> str:
    """Take our line out, and the newline or the file that came with it: removed or absent.

    Raises OSError. Written in place, so that links, owner and mode stay as they are.
    """
    if not path.is_file():
        return "absent"
    lines = path.read_bytes().split(b"\n")
    numbers = [number for number, line in enumerate(lines) if OURS.match(line)]
    if not numbers:
        return "absent"
    number = numbers[0]
    undo = OURS.match(lines[number])
    last = number == len(lines) - 2 and lines[-1] == b""
    del lines[number]
    if last and undo and undo["undo"] == b", newline added":
        lines.pop()
    if undo and undo["undo"] == b", file added" and not b"".join(lines):
        path.resolve().unlink()  # of a dangling link, the file that we made
    else:
        path.write_bytes(b"\n".join(lines))
    return "removed"
