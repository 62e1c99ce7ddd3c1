"""The arrow up, where it was asked for (DEJA_UP=1), in real shells, with the real daemon."""

from collections.abc import Iterator

import pytest
from support.install import Deja
from support.picker import opened, wait_selected
from support.shells import DOWN, ENTER, ESCAPE, LEFT, UP, VI, Home, Shell, ctrl, start

ASKED = {"DEJA_UP": "1"}
# As terminals send the arrows in application mode.
APPLICATION = {UP: "\x1bOA", DOWN: "\x1bOB"}


@pytest.fixture
def worked(kind: str, home: Home, daemon: Deja) -> Iterator[Shell]:
    """A shell in which three commands ran; another shell ran a fourth."""
    daemon.record("echo of another shell")
    with start(kind, home, env=ASKED) as shell:
        for command in ("echo one", "ls two", "echo three"):
            shell.run(command)
        yield shell


@pytest.mark.parametrize("arrow", [UP, APPLICATION[UP]], ids=["^[[A", "^[OA"])
def test_the_second_press_opens_the_list_of_this_session(
    arrow: str, kind: str, home: Home, worked: Shell
) -> None:
    worked.send(arrow)
    worked.wait_line("echo three")
    worked.send(arrow)
    opened(worked, "2 of 3", "this session")
    assert "another shell" not in worked.picture()
    wait_selected(worked, "ls two")
    # Up goes on to what is older.
    worked.send(arrow)
    wait_selected(worked, "echo one")
    worked.send(ENTER)
    worked.wait_line("echo one")
    worked.send("X" + ENTER)
    worked.wait_for("\noneX\n")
    worked.wait_prompt()
    # The history is as it was, with one line more.
    worked.send(UP)
    worked.wait_line("echo oneX")
    # fish draws the line before its key is done; an interrupt would be the key's.
    worked.pump(0.3)
    worked.send(ctrl("C"))
    worked.wait_prompt()
    # That of fish ends in the line that asks for it.
    worked.run("history --max 5 --reverse >fetched" if kind == "fish" else "fc -ln -4 >fetched")
    lines = [line.strip() for line in (home.work / "fetched").read_text().splitlines()]
    lines = lines[:4]
    assert lines == ["echo one", "ls two", "echo three", "echo oneX"]


def test_what_is_typed_is_a_beginning(worked: Shell) -> None:
    worked.send("ech")
    worked.wait_line("ech")
    worked.send(UP)
    worked.wait_line("echo three")
    worked.send(UP)
    opened(worked, "❯ ech", "2 of 2", "begins so")
    wait_selected(worked, "echo one")
    assert not [line for line in worked.lines() if "ls two" in line and "ready>" not in line]
    worked.send(ESCAPE)
    worked.wait_line("echo three")
    worked.send(DOWN)
    worked.wait_line("ech")
    worked.send("o typed" + ENTER)
    worked.wait_for("\ntyped\n")


def test_down_goes_back_to_what_was_typed(worked: Shell) -> None:
    for typed, fetched in (("", "echo three"), ("ls", "ls two"), ("echo o", "echo one")):
        worked.send(typed)
        worked.wait_line(typed)
        worked.send(UP)
        worked.wait_line(fetched)
        worked.send(DOWN)
        worked.wait_line(typed)
        worked.send("!" + ctrl("U"))
        worked.wait_prompt()


def test_the_cursor_is_at_the_end_and_an_edited_line_is_another_beginning(worked: Shell) -> None:
    worked.send("ls" + LEFT + UP)
    worked.wait_line("ls two")
    worked.send("X")
    worked.wait_line("ls twoX")
    # No line begins so.
    worked.send(UP)
    worked.pump(0.3)
    worked.wait_line("ls twoX")
    worked.send(ctrl("C"))
    worked.wait_prompt()
    worked.send(UP)
    worked.wait_line("echo three")


def test_lines_keep_their_own_arrow(worked: Shell, kind: str) -> None:
    newline = "\x16\n" if kind == "bash" else "\x1b\r"
    worked.send("echo a" + newline + "echo b")
    worked.wait(lambda s: s.lines()[s.screen.cursor.y].endswith("echo b"), "two lines")
    worked.send(UP)
    worked.pump(0.3)
    if kind != "bash":
        worked.send("X")
        worked.wait(lambda s: "echo aX" in s.picture(), "the cursor in the first line")
    assert "❯" not in worked.picture()


def test_the_narrowing_of_the_user_stays(worked: Shell) -> None:
    worked.send(ctrl("R"))
    opened(worked, "1 of 4")
    worked.send("\x1be" + ESCAPE)
    worked.wait_prompt()
    worked.send(UP)
    worked.wait_line("echo three")
    worked.send(UP)
    opened(worked, "2 of 3 · this session · newest")
    worked.send(ESCAPE)
    worked.wait_line("echo three")
    worked.send(ctrl("U") + ctrl("R"))
    opened(worked, "worked")
    assert "this session" not in worked.picture()


def test_unasked_the_arrow_is_the_shell_s_own(kind: str, home: Home, daemon: Deja) -> None:
    with start(kind, home) as shell:
        shell.run("echo one")
        shell.run("echo two")
        shell.send(UP)
        shell.wait_line("echo two")
        shell.send(UP)
        shell.wait_line("echo one")


def test_where_there_can_be_no_list_the_arrow_goes_on_as_ever(kind: str, home: Home) -> None:
    (home.data / "env.sh").unlink()
    with start(kind, home, env=ASKED) as shell:
        shell.run("echo one")
        shell.run("echo two")
        shell.send(UP)
        shell.wait_line("echo two")
        shell.send(UP)
        shell.wait_line("echo one")
        shell.send(DOWN)
        shell.wait_line("echo two")


def test_it_can_be_asked_for_in_config_toml(kind: str, home: Home, daemon: Deja) -> None:
    configuration = home.deja / "config" / "config.toml"
    configuration.parent.mkdir(exist_ok=True)
    configuration.write_text("[picker]\nup = true\n")
    with start(kind, home) as shell:
        shell.run("echo one")
        shell.run("echo two")
        shell.send(UP)
        shell.wait_line("echo two")
        shell.send(UP)
        opened(shell, "2 of 2", "this session")


def test_vi(kind: str, home: Home, daemon: Deja) -> None:
    with start(kind, home, before=VI[kind], env=ASKED) as shell:
        shell.run("echo one")
        shell.run("echo two")
        shell.send(UP)
        shell.wait_line("echo two")
        shell.send(UP)
        opened(shell, "2 of 2")
        shell.send(ENTER)
        shell.wait_line("echo one")
