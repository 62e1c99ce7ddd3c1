"""Real shells on pseudo-terminals, and the screen that a person would see.

`Shell` waits for conditions of the screen, never for time: a loaded machine is slow, not wrong.
"""

import fcntl
import os
import shutil
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pexpect
import pyte

from backend.storage.spool import parse
from backend.wire.record import Record
from support.paths import ROOT

PROMPT = "ready> "
DEADLINE = float(os.environ.get("DEJA_TEST_DEADLINE", "30"))

# Other versions of the shells, as scripts/matrix.sh takes them.
ZSH = os.environ.get("DEJA_TEST_ZSH", "/usr/bin/zsh")
BASH = os.environ.get("DEJA_TEST_BASH", "/bin/bash")

# What the picker imports.
WIRE = ("__init__", "protocol", "row", "episode", "environment")

ENTER, TAB, ESCAPE = "\r", "\t", "\x1b"
ALT_ENTER, CTRL_X_ENTER = "\x1b\r", "\x18\r"
# What the rc file says to have the prompt, and of fish nothing beside it: its own ghost text would
# stand behind what is typed.
SET_PROMPT = {"zsh": f"PS1='{PROMPT}'", "bash": f"PS1='{PROMPT}'"}
SET_PROMPT["fish"] = f"""set -g fish_greeting
set -g fish_autosuggestion_enabled 0
function fish_prompt; echo -n '{PROMPT}'; end
function fish_mode_prompt; end"""
# To have Ctrl-T write the line into the file `line`.
TELL = {
    "zsh": "tell() { print -rn -- \"$BUFFER\" > line }; zle -N tell; bindkey '^T' tell",
    "bash": 'tell() { printf %s "$READLINE_LINE" > line; }; bind -x \'"\\C-t": tell\'',
    "fish": "bind \\ct 'commandline > told; truncate -s -1 told; mv told line'",
}

# What the rc file says to have the keys of vi, or those of emacs whatever else is set.
VI = {"zsh": "bindkey -v", "bash": "set -o vi", "fish": "fish_vi_key_bindings"}
EMACS = {"zsh": "bindkey -e", "bash": "set -o emacs", "fish": "fish_default_key_bindings"}

# A command whose output, 42done, is not in its text.
SUM = {"zsh": "echo $((6*7))done", "bash": "echo $((6*7))done", "fish": "echo (math 6 x 7)done"}

# What has lines with a leading space kept. fish asks a function of this name, where there is one,
# in place of looking for the space.
KEEP_SPACE = {"zsh": "", "bash": "unset HISTCONTROL"}
KEEP_SPACE["fish"] = "function fish_should_add_to_history; not string match -q '*hide*' $argv; end"

# Where tests of the shell's own history have it.
KEPT = {"zsh": ".kept", "bash": ".kept", "fish": ".local/share/fish/fish_history"}

UP, DOWN, LEFT = "\x1b[A", "\x1b[B", "\x1b[D"


def ctrl(letter: str) -> str:
    return chr(ord(letter.upper()) & 0x1F)


class Home:
    """An empty HOME with an installed deja whose `app.py start` only leaves a mark."""

    def __init__(self, directory: Path) -> None:
        self.home = directory / "home"
        self.deja = directory / "deja home"
        self.data = self.deja / "data"
        self.app = directory / "app"
        self.started = directory / "started"
        self.work = directory / "work"
        for made in (self.home, self.data, self.app / "backend" / "wire", self.work):
            made.mkdir(parents=True)
        self.data.chmod(0o700)
        shutil.copytree(ROOT / "shell_plugin", self.app / "shell_plugin")
        for name in ("__init__.py", *(f"wire/{name}.py" for name in WIRE)):
            shutil.copy(ROOT / "backend" / name, self.app / "backend" / name)
        # The picker masks what it reads from the spool; that needs nothing else of backend/.
        shutil.copytree(ROOT / "backend" / "redaction", self.app / "backend" / "redaction")
        mark = f"import pathlib, sys\npathlib.Path({str(self.started)!r}).write_text(sys.argv[1])\n"
        (self.app / "backend" / "app.py").write_text(mark)
        self.write_env(sys.executable)

    def write_env(self, python: str) -> None:
        (self.data / "env.sh").write_text(f"_deja_python='{python}'\n_deja_app='{self.app}'\n")

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "DEJA_HOME": str(self.deja),
            **more,
        }

    def records(self) -> list[Record]:
        """What the spool holds, in the order in which it was started."""
        found: list[Record] = []
        for file in sorted((self.data / "spool").glob("[!.]*")):
            records, _, damaged, used = parse(file.read_bytes())
            assert damaged == 0
            assert used == file.stat().st_size
            found += records
        return sorted(found, key=lambda record: record.start or 0.0)

    def everything(self) -> str:
        """What all files of the data directory hold."""
        files = [path for path in self.data.rglob("*") if path.is_file()]
        return "".join(path.read_bytes().decode("utf-8", "replace") for path in files)

    def commands(self) -> list[str]:
        return [record.command for record in self.records()]


class Shell:
    """A shell on a terminal of `columns` × `rows`."""

    def __init__(
        self, argv: list[str], env: dict[str, str], cwd: Path, columns: int = 80, rows: int = 24
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.child: pexpect.spawn[bytes] = pexpect.spawn(
            argv[0], argv[1:], env=env, cwd=str(cwd), dimensions=(rows, columns)
        )
        self.child.delaybeforesend = None
        self.raw = b""

    def send(self, keys: str | bytes) -> None:
        self.child.send(keys)

    def pump(self, seconds: float = 0.05) -> bool:
        """Take in what the terminal got; whether there was anything."""
        try:
            data = self.child.read_nonblocking(1 << 16, timeout=seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        self.raw += data
        self._stream.feed(data)
        return True

    def wait(self, condition: Callable[["Shell"], bool], what: str = "the condition") -> None:
        """Until `condition` holds; fails with a picture of the screen after the deadline."""
        end = time.monotonic() + DEADLINE
        while not condition(self):
            if time.monotonic() > end:
                raise AssertionError(f"waited for {what}, but the screen is\n{self.picture()}")
            self.pump()

    def wait_for(self, *texts: str) -> None:
        self.wait(lambda shell: all(text in shell.picture() for text in texts), f"{texts}")

    def wait_line(self, text: str) -> None:
        """Until the cursor's line begins with the prompt and holds exactly `text`."""
        self.wait(lambda shell: shell.line() == (PROMPT + text).rstrip(), f"the line {text!r}")

    def wait_prompt(self) -> None:
        self.wait(lambda shell: shell.line() == PROMPT.rstrip() and not shell.pump(0.02), "prompt")

    def run(self, command: str) -> None:
        """Type a command and wait for the prompt after it."""
        row = self.screen.cursor.y
        before = len(self.raw)
        self.send(command + ENTER)
        self.wait(
            lambda shell: (
                (shell.screen.cursor.y != row or shell.raw[before:].count(b"\n") > 0)
                and shell.line() == PROMPT.rstrip()
            ),
            f"the end of {command!r}",
        )

    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]

    def line(self) -> str:
        return self.lines()[self.screen.cursor.y]

    def picture(self) -> str:
        return "\n".join(self.lines()).rstrip()

    def resize(self, columns: int, rows: int) -> None:
        self.screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def modes(self) -> list[object]:
        """The terminal's attributes as `tcgetattr` has them."""
        return termios.tcgetattr(self.child.child_fd)

    def close(self) -> None:
        self.child.close(force=True)


def foreground_group(shell: Shell) -> int:
    packed = fcntl.ioctl(shell.child.child_fd, termios.TIOCGPGRP, b"\0" * 4)
    return int(struct.unpack("i", packed)[0])


def foreground_name(shell: Shell) -> str:
    """The program that has the terminal."""
    try:
        return Path(f"/proc/{foreground_group(shell)}/comm").read_text().strip()
    except OSError:
        return ""


def picker_pid(home: Home) -> int | None:
    """The running picker of `home`."""
    script = str(home.app / "shell_plugin" / "picker.py").encode()
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if script in arguments and b"-I" in arguments:
            return int(entry.parent.name)
    return None


RC = {"zsh": ".zshrc", "bash": ".bashrc", "fish": ".config/fish/config.fish"}
PROGRAM = {"zsh": ZSH, "bash": BASH, "fish": "/usr/bin/fish"}


def write_rc(kind: str, home: Home, before: str = "", after: str = "") -> None:
    """The start-up file of a shell: its prompt, `before`, the plugin, `after`."""
    plugin = home.app / "shell_plugin" / f"deja.{kind}"
    rc = home.home / RC[kind]
    rc.parent.mkdir(parents=True, exist_ok=True)
    rc.write_text(f"{SET_PROMPT[kind]}\n{before}\nsource {str(plugin)!r}\n{after}\n")


@contextmanager
def start(
    kind: str, home: Home, before: str = "", after: str = "", **options: object
) -> Iterator[Shell]:
    """An interactive zsh, bash or fish with such a start-up file; see write_rc."""
    write_rc(kind, home, before, after)
    with _shell([PROGRAM[kind], "-i"], home, options) as shell:
        yield shell


def zsh(
    home: Home, before: str = "", after: str = "", **options: object
) -> AbstractContextManager[Shell]:
    """As `start`."""
    return start("zsh", home, before, after, **options)


def bash(
    home: Home, before: str = "", after: str = "", **options: object
) -> AbstractContextManager[Shell]:
    """As `start`."""
    return start("bash", home, before, after, **options)


@contextmanager
def _shell(argv: list[str], home: Home, options: dict[str, object]) -> Iterator[Shell]:
    extra = options.get("env") or {}
    assert isinstance(extra, dict)
    columns, rows = int(str(options.get("columns", 80))), int(str(options.get("rows", 24)))
    shell = Shell(argv, home.environment(**extra), home.work, columns, rows)
    try:
        shell.wait_prompt()
        yield shell
    finally:
        shell.close()


def background_start(home: Home) -> bool:
    """Whether the plugin or the picker has asked for a daemon, within the deadline."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if home.started.exists() and home.started.read_text() == "start":
            return True
        time.sleep(0.05)
    return False
