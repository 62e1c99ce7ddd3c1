"""Rows that stand for their likes, and blanks that are filled in, in real zsh and bash."""

import time

import pytest
from support.fake_daemon import FakeDaemon, Row
from support.install import Deja, wait_until
from support.picker import KEY, listed, opened, selected, wait_selected
from support.shells import DOWN, ENTER, ESCAPE, LEFT, TAB, UP, Home, Shell, ctrl, start

RIGHT, BACK_TAB, BLANKS = "\x1b[C", "\x1b[Z", "\x1bi"
HOSTS = ["web1", "web2", "'db 1'"]
SSH = "ssh -p 22 web1 uptime"


def row(command: str, id: int, **more: str | int | float) -> Row:
    return {"command": command, "score": 0.5, "runs": 1, "last_run": time.time(), "id": id, **more}


@pytest.fixture
def fake(fake: FakeDaemon) -> FakeDaemon:
    """With a row that stands for two others, and has two blanks."""
    fake.rows = [row("ls -l", 1), row(SSH, 2, alike=2), row("make deploy", 3)]
    fake.likes["2"] = [
        *(("blank", "7 9"), ("blank", "10 14")),
        *(*row("ssh -p 2200 web2 uptime", 4).items(), ("value", "2200"), ("value", "web2")),
        *(*row("ssh -p 22 'db 1' uptime", 5).items(), ("value", "22"), ("value", "'db 1'")),
    ]
    return fake


def picked(shell: Shell, key: str = "") -> None:
    """Open the picker and select the row."""
    shell.send(KEY)
    opened(shell, "1 of 3")
    shell.send(DOWN)
    wait_selected(shell, "ssh")
    shell.send(key)


def test_a_row_is_unfolded_and_folded(shell: Shell, fake: FakeDaemon) -> None:
    picked(shell)
    assert fake.requests[-1]["fold"] == "1"
    assert f"{SSH} +2" in selected(shell)
    assert "2 more like it: Right" in shell.picture()
    shell.send(RIGHT)
    shell.wait_for("└ ssh -p 2200 web2", "└ ssh -p 22 'db 1'", "2 of 5")
    assert "+2" not in shell.picture()
    assert [line[3:].split("  ")[0] for line in listed(shell)][1:4] == [
        *(SSH, "└ ssh -p 2200 web2 uptime", "└ ssh -p 22 'db 1' uptime"),
    ]
    request = dict(fake.others[-1])
    assert (request["command_id"], request["query"]) == ("2", "")
    shell.send(DOWN * 2)
    wait_selected(shell, "'db 1'")
    shell.send(LEFT)
    wait_selected(shell, f"{SSH} +2")
    shell.wait_for("2 of 3")
    shell.send(RIGHT)
    shell.wait_for("2 of 5")
    shell.send(DOWN + ENTER)
    shell.wait_line("ssh -p 2200 web2 uptime")


def test_the_arrows_move_in_the_query_first(shell: Shell, fake: FakeDaemon) -> None:
    picked(shell, "sh" + LEFT)
    shell.wait_for("❯ sh")
    shell.send("s" + RIGHT)
    shell.wait_for("❯ ssh", "1 of 1")
    assert "+2" in selected(shell)
    # What was typed last may not have been answered yet; then it says so.
    wait_until(lambda: fake.queries[-1] == "ssh", "the last question")
    shell.pump(0.3)
    shell.send(RIGHT)
    shell.wait_for("└ ssh -p 2200")
    shell.send(ctrl("C"))
    shell.wait_prompt()


def test_blanks_are_filled_in_one_after_the_other(shell: Shell) -> None:
    picked(shell, BLANKS)
    shell.wait_for("ssh -p ‹22› ‹web1› uptime", "blank 1 of 2", "2200")
    shell.send(DOWN)
    shell.wait_for("ssh -p ‹2200› ‹web1› uptime")
    shell.send(TAB)
    shell.wait_for("blank 2 of 2", "Enter puts it")
    assert [line.strip() for line in shell.lines() if line.strip() in HOSTS] == ["web2", "'db 1'"]
    shell.send("d")
    shell.wait_for("‹d›")
    assert [line.strip() for line in shell.lines() if line.strip() in HOSTS] == ["'db 1'"]
    shell.send(DOWN)
    shell.wait_for("‹'db 1'› uptime")
    shell.send(BACK_TAB)
    shell.wait_for("blank 1 of 2")
    shell.send(ENTER + ENTER)
    shell.wait_line("ssh -p 2200 'db 1' uptime")


def test_what_is_typed_takes_the_place_and_is_edited(shell: Shell) -> None:
    picked(shell, BLANKS)
    shell.wait_for("blank 1 of 2")
    shell.send(TAB + "mail9" + "\x7f" + "8" + ENTER)
    shell.wait_line("ssh -p 22 mail8 uptime")


def test_escape_goes_back_to_the_list(shell: Shell) -> None:
    picked(shell, BLANKS)
    shell.wait_for("blank 1 of 2")
    shell.send(ESCAPE)
    opened(shell, "2 of 3")
    shell.send(UP + BLANKS)
    shell.wait_line("ls -l")


def test_what_the_daemon_refuses_is_said(kind: str, home: Home, fake: FakeDaemon) -> None:
    fake.rows = [row("ls -l", 1)]
    with start(kind, home) as shell:
        fake.refusal = "no such thing"
        shell.send(KEY)
        opened(shell, "1 of 1")
        shell.send(BLANKS)
        shell.wait_for("no such thing")
        shell.send(ESCAPE)
        opened(shell, "1 of 1")
        shell.send(ESCAPE)
        shell.wait_prompt()


def test_with_the_real_daemon(kind: str, home: Home, daemon: Deja) -> None:
    daemon.record("echo -n first", "echo -n second", "ls", "echo -n third")

    def is_folded() -> bool:
        reply = daemon.ask("search", ("query", "echo"), ("fold", 1))
        return ("alike", "2") in reply

    wait_until(is_folded, "what is alike")
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, "1 of 4")
        shell.send("echo")
        opened(shell, "1 of 1")
        wait_selected(shell, "+2")
        shell.send(RIGHT)
        shell.wait_for("└ echo -n first", "1 of 3")
        shell.send(" first")
        opened(shell, "1 of 1")
        assert "echo -n first" in selected(shell), "what is named has a row of its own"
        shell.send(BLANKS)
        shell.wait_for("echo -n ‹first›", "blank 1 of 1", "second", "third")
        shell.send("sec" + DOWN + ENTER)
        shell.wait_line("echo -n second")
