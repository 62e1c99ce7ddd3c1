"""Taking a command from the picker: into the editor, as typed, by its place."""

import shlex
from pathlib import Path

import pytest
from support.fake_daemon import FakeDaemon
from support.picker import KEY, opened, selected
from support.shells import ALT_ENTER, DOWN, EMACS, ENTER, UP, VI, Home, Shell, ctrl, start

from backend.redaction.mask import MARK

EDIT = "\x18\x05"
MODES = {"emacs": EMACS, "vi": VI}


@pytest.fixture(params=["emacs", "vi"])
def mode(request: pytest.FixtureRequest, kind: str) -> str:
    """What the rc file says to have these keys."""
    return MODES[str(request.param)][kind]


def editor(home: Home, script: str) -> dict[str, str]:
    """An $EDITOR: `script` has the file as $1, and leaves a mark that it ran."""
    path = home.work / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n: >{shlex.quote(str(home.work / 'edited'))}\n")
    path.chmod(0o755)
    return {"EDITOR": str(path), "VISUAL": str(path)}


def edited(home: Home) -> Path:
    return home.work / "edited"


def test_the_editor_gets_the_command(kind: str, mode: str, home: Home, fake: FakeDaemon) -> None:
    fake.rows = [{"command": "echo before the edit"}]
    env = editor(home, 'sed \'s/before/after/\' "$1" >"$1.new"; cat "$1.new" >"$1"')
    with start(kind, home, before=mode, env=env) as shell:
        shell.send(KEY)
        opened(shell, "1 of 1")
        shell.send(EDIT)
        shell.wait(lambda _: edited(home).exists(), "the editor")
        if kind != "bash":
            # It stands on the line; bash runs what the editor left.
            shell.wait_line("echo after the edit")
            shell.send(ENTER)
        shell.wait_for("\nafter the edit\n")
        shell.wait_prompt()
        # Keys and line are as they were.
        shell.send("echo a" + KEY)
        opened(shell, "no match")
        shell.send(ctrl("C"))
        shell.wait_line("echo a")
        shell.send("b" + ENTER)
        shell.wait_for("\nab\n")
        shell.wait_prompt()
    assert home.commands() == ["echo after the edit", "echo ab"]


def test_an_editor_that_fails_leaves_a_sane_line(
    kind: str, mode: str, home: Home, fake: FakeDaemon
) -> None:
    fake.rows = [{"command": "echo kept"}]
    env = editor(home, ':>"$1"')
    with start(kind, home, before=mode, env=env) as shell:
        shell.send(KEY)
        opened(shell, "1 of 1")
        shell.send(EDIT)
        shell.wait(lambda _: edited(home).exists(), "the editor")
        if kind == "fish":
            # It keeps the line where the editor left nothing.
            shell.wait_line("echo kept")
            shell.send(ctrl("U"))
        shell.wait(lambda s: s.line() == "ready>" and not s.pump(0.3), "an empty line")
        shell.send("echo sane" + ENTER)
        shell.wait_for("\nsane\n")
        shell.wait_prompt()
        shell.send(KEY)
        opened(shell, "1 of 1")
        shell.send(ENTER)
        shell.wait_line("echo kept")


def test_an_editor_of_lines_can_be_typed_to(
    kind: str, mode: str, home: Home, fake: FakeDaemon
) -> None:
    fake.rows = [{"command": "echo x"}]
    env = editor(home, 'printf "%s? " which; read answer; echo "echo $answer" >"$1"')
    with start(kind, home, before=mode, env=env) as shell:
        shell.send(KEY)
        opened(shell, "1 of 1")
        shell.send(EDIT)
        shell.wait_for("which?")
        shell.send("typed" + ENTER)
        shell.wait(lambda _: edited(home).exists(), "the editor")
        if kind != "bash":
            shell.wait_for("echo typed")
            shell.send(ENTER)
        shell.wait_for("\ntyped\n")
        shell.wait_prompt()


def test_a_masked_command_does_not_reach_the_editor(
    kind: str, home: Home, fake: FakeDaemon
) -> None:
    fake.rows = [{"command": f"echo -p{MARK}"}]
    with start(kind, home, env=editor(home, ":")) as shell:
        shell.send(KEY)
        opened(shell, "1 of 1")
        shell.send(EDIT)
        shell.wait_line(f"echo -p{MARK}")
        shell.send("X")
        shell.wait_line(f"echo -pX{MARK}")
    assert not edited(home).exists()


def test_the_query_can_be_taken_as_the_line(
    kind: str, mode: str, home: Home, fake: FakeDaemon
) -> None:
    with start(kind, home, before=mode) as shell:
        shell.send("unp" + KEY)
        opened(shell, "1 of 4")
        shell.send("ack\x1bq")
        shell.wait_line("unpack")
        shell.send("X")
        shell.wait_line("unpackX")


@pytest.mark.parametrize("place", [1, 2, 4])
def test_a_row_is_taken_by_its_place(place: int, shell: Shell, fake: FakeDaemon) -> None:
    shell.send("unpack" + KEY)
    opened(shell, "1 of 4")
    shell.send(f"\x1b{place}")
    shell.wait_line(str([row for row in fake.rows if row["like"]][place - 1]["command"]))


def test_a_place_without_a_row_takes_nothing(shell: Shell) -> None:
    shell.send("unpack" + KEY)
    opened(shell, "1 of 4")
    shell.send("\x1b7" + DOWN)
    shell.wait(lambda s: "tar xvf" in selected(s), "the second row")


# What is run is history as if it had been typed

LOOP = 'for f in 1 2; do\n  echo "is $f"\ndone'


@pytest.mark.parametrize("kind", ["zsh", "bash"])  # fish has no `!!`; see test_fish.py
@pytest.mark.parametrize("how", [ENTER, ALT_ENTER], ids=["put", "run"])
@pytest.mark.parametrize(
    ("command", "said"), [("echo one line", "one line"), (LOOP, "is 2")], ids=["line", "lines"]
)
def test_what_was_picked_and_run_is_history(
    how: str, command: str, said: str, kind: str, home: Home, fake: FakeDaemon
) -> None:
    fake.rows = [{"command": command}]
    keep = {
        "zsh": "HISTFILE=$HOME/.kept HISTSIZE=99 SAVEHIST=99; setopt inc_append_history bang_hist",
        "bash": "HISTFILE=$HOME/.kept; PROMPT_COMMAND='history -a'; set -H",
    }[kind]
    with start(kind, home, before=keep, rows=40) as shell:

        def has_run(times: int) -> None:
            shell.wait(lambda s: s.lines().count(said) == times, f"{said} {times} times")
            shell.wait_prompt()

        shell.send(KEY)
        opened(shell, "1 of 1")
        shell.send(how)
        if how == ENTER:
            shell.wait(lambda s: "❯" not in s.picture(), "the end of the picker")
            shell.send(ENTER)
        has_run(1)
        shell.send("!!" + ENTER)
        has_run(2)
        shell.run("true between")
        shell.send(UP * 2 + ENTER)
        has_run(3)
    # bash joins the lines of what it reads, unless it is told not to.
    known = command if kind != "bash" else LOOP_IN_BASH.get(command, command)
    assert home.commands() == [known, known, "true between", known]
    kept = (home.home / ".kept").read_text().replace("\\\n", "\n")
    assert kept.count(known) >= 2


LOOP_IN_BASH = {LOOP: 'for f in 1 2; do   echo "is $f"; done'}
