"""The picker as a person sees it: opened, a row selected, the rows listed; and what it can find."""

from support.shells import Home, Shell, ctrl

KEY = ctrl("R")


def opened(shell: Shell, *shown: str) -> None:
    """Wait until the picker stands there with an answer."""
    shell.wait_for("❯", *shown)
    shell.wait(lambda s: "searching" not in s.picture(), "an answer")


def wait_own_search(shell: Shell) -> None:
    """Until the shell's own search stands there: of bash, zsh or fish."""
    signs = ("i-search", "bck-i", "search:")
    shell.wait(lambda s: any(sign in s.picture() for sign in signs), "the shell's own search")


def selected(shell: Shell) -> str:
    """The line of the row that Enter would take."""
    return next((line for line in shell.lines() if line.startswith("▌")), "")


def wait_selected(shell: Shell, text: str) -> None:
    shell.wait(lambda s: text in selected(s), f"{text!r} selected")


def listed(shell: Shell) -> list[str]:
    """The lines of the list: between the query and the two at the foot."""
    lines = shell.lines()
    top = next(at for at, line in enumerate(lines) if line.startswith(" ❯"))
    foot = next(at for at, line in enumerate(lines) if "esc back" in line or " of " in line)
    return [line for line in lines[top + 1 : foot - 1] if line]


def spooled(home: Home, commands: list[str]) -> None:
    """The undrained spool of some other shell, the newest last."""
    spool = home.data / "spool"
    spool.mkdir(mode=0o700)
    records = [
        f"\0deja1\0start={1_700_000_000 + at}.000000\0dur=0.1\0exit=0\0cwd=/tmp\0cmd={command}\0\0"
        for at, command in enumerate(commands)
    ]
    (spool / "host.1.1").write_bytes("".join(records).encode("utf-8", "surrogateescape"))
