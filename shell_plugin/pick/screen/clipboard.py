"""The clipboard: by the terminal itself (OSC 52), which reaches through ssh, and by the programs
that there are for it. A text is never an argument: `ps` shows those to everybody.
"""

import binascii
import os
import sys

from ..answers.launch import start

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# Bytes of base64 that terminals take at the least: xterm and its heirs allow for 100,000 bytes in
# all of which the vte and hterm families leave 74,994 (three quarters are text).
_MOST = 74_994

# What makes a program of use: a variable that has to be set. tmux takes OSC 52 from a pane only if
# `set-clipboard` is on, which it is not by default; what is loaded with -w it hands on.
_PROGRAMS = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard", "-in")),
    ("TMUX", ("tmux", "load-buffer", "-w", "-")),
)
_PBCOPY = ("pbcopy",)

# What such a program needs of the environment: they live on, and what is typed is none of theirs.
_NEEDED = (
    *("HOME", "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TMUX", "TMUX_TMPDIR"),
    *("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"),
)


def copy(text: str, write: "Callable[[str], None]") -> str:
    """Copy a text, through `write` to the terminal and by programs; one line on what came of it.

    Nothing is waited for: whether a terminal took it, it does not say.
    """
    data = text.encode("utf-8", "surrogateescape")
    coded = binascii.b2a_base64(data, newline=False).decode("ascii")
    programs = _programs()
    if len(coded) <= _MOST:
        write(f"\x1b]52;c;{coded}\x07")
    elif not programs:
        most = _MOST * 3 // 4 // 1000
        return f"not copied: {len(data) // 1000} KB, and terminals take {most}; put it on the line"
    environment = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    for argv in programs:
        start(argv, environment, data)
    return "copied" if programs else "copied, if this terminal allows it (OSC 52)"


def _programs() -> list[list[str]]:
    """Those that are here and have a display or a server to copy to, with their full paths."""
    wanted = [argv for variable, argv in _PROGRAMS if os.environ.get(variable)]
    if sys.platform == "darwin":
        wanted.append(_PBCOPY)
    found = ((_path(name), *rest) for name, *rest in wanted)
    return [[path, *rest] for path, *rest in found if path]


def _path(name: str) -> str:
    """Where a program is; empty if it is not here."""
    for directory in os.environ.get("PATH", "").split(":"):
        path = f"{directory}/{name}"
        if directory.startswith("/") and os.access(path, os.X_OK):
            return path
    return ""
