"""The inspector, forgetting, pins and notes against the real daemon, in real zsh and bash."""

import sys

import pytest
from support.install import Deja, wait_until
from support.paths import ROOT
from support.picker import KEY, listed, opened, selected, wait_selected
from support.shells import DOWN, ENTER, ESCAPE, Home, ctrl, start

INSPECT, FORGET, PIN, NOTE, RIGHT = ctrl("O"), "\x1bx", "\x1bp", "\x1bn", "\x1b[C"


@pytest.fixture
def whole(home: Home) -> Home:
    """A HOME whose plugin runs the real command too."""
    home.app = ROOT
    home.write_env(sys.executable)
    return home


def recorded(daemon: Deja) -> None:
    """`make` in a session of its own, three times, among others."""
    for tests in ("make test", "make lint", "make docs"):
        daemon.record("git pull", "make", tests, session="host.2.2", cwd="/srv/app")
    daemon.record("ls", "git push")
    wait_until(lambda: "git push" in daemon.search("git"), "the commands")


def known(daemon: Deja, command: str) -> tuple[int, dict[str, str]]:
    """The number of a command, and the head of what the daemon knows of its runs."""
    fields = daemon.ask("search", ("query", command), ("limit", 50))
    at = next(n for n, field in enumerate(fields) if field == ("command", command))
    number = next(value for key, value in fields[at:] if key == "id")
    head = dict(reversed(daemon.ask("runs", ("command_id", number))))
    return int(number), head


def test_the_runs_of_a_command_and_what_ran_beside_them(
    kind: str, home: Home, daemon: Deja
) -> None:
    recorded(daemon)
    with start(kind, home) as shell:
        shell.send("make" + KEY)
        opened(shell, "make lint")
        while not selected(shell).startswith("▌  make  "):
            shell.send(DOWN)
            shell.pump()
        shell.send(INSPECT)
        shell.wait_for("worked 3 of 3 · median .2 s", "before  git pull", "after   make docs")
        shell.send(DOWN + RIGHT)
        shell.wait_for("after   make lint")
        shell.send(INSPECT)
        shell.wait_for("worked 1 of 1", "before  make")
        shell.send(ESCAPE)
        shell.wait_for("worked 3 of 3")
        shell.send(ENTER)
        shell.wait_line("make lint")


def test_one_run_is_forgotten_and_the_others_stay(kind: str, home: Home, daemon: Deja) -> None:
    recorded(daemon)
    with start(kind, home) as shell:
        shell.send("git pull" + KEY)
        opened(shell, "1 of 1")
        shell.send(INSPECT)
        shell.wait_for("worked 3 of 3")
        shell.send(FORGET)
        shell.wait_for("forget the run of")
        shell.send("y")
        shell.wait_for("1 to be forgotten when this closes")
        shell.send(ESCAPE)
        shell.wait_for("1 to forget")
        shell.send(ESCAPE)
        shell.wait_line("git pull")
    assert daemon.search("git pull")[0] == "git pull"
    fields = daemon.ask("search", ("query", "git pull"))
    assert ("runs", "2") in fields


def test_all_that_matches_goes_from_the_history_files_too(
    kind: str, whole: Home, daemon: Deja
) -> None:
    recorded(daemon)
    file = whole.home / ".bash_history"
    file.write_text("make lint\necho stays\nmake\n")
    with start(kind, whole) as shell:
        shell.send("make" + KEY)
        opened(shell, "1 of 4")
        shell.send(FORGET)
        shell.wait_for("a all ")
        shell.send("a")
        shell.wait_for("forget all 4 commands that match?")
        shell.send("f")
        shell.wait_for("4 to be forgotten", "no match")
        shell.send(ESCAPE)
        shell.wait_line("make")
    assert daemon.search("make") == []
    assert file.read_text() == "echo stays\n"
    assert "git push" in daemon.search("git")


def test_a_pin_and_a_note_are_found_again(kind: str, home: Home, daemon: Deja) -> None:
    recorded(daemon)
    with start(kind, home) as shell:
        shell.send("git" + KEY)
        opened(shell, "1 of 2")
        first = selected(shell)
        other = next(line[3:12].strip() for line in listed(shell) if not line.startswith("▌"))
        shell.send(DOWN)
        wait_selected(shell, other)
        shell.send(PIN)
        # Pinned come first among equals; the selection goes along.
        shell.wait(lambda s: selected(s).startswith(f"▌★ {other}"), "the star")
        shell.send(NOTE)
        shell.wait_for(" #")
        shell.send("deliver the blog" + ENTER)
        shell.wait_for("the note is kept")
        shell.send(ctrl("U") + "is:pinned")
        shell.wait_for("1 of 1", "deliver the blog · pinned")
        assert selected(shell) != first
        shell.send(ctrl("U") + "deliver blog")
        shell.wait(lambda s: selected(s).startswith(f"▌★ {other}"), "the command by its note")
        shell.send(ENTER)
        shell.wait_line(other)
