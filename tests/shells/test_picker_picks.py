"""What comes of a row that is picked, in real shells: on the line, and in what is learnt."""

import time

import pytest
from support import shells
from support.fake_daemon import FakeDaemon
from support.install import Deja, wait_until
from support.picker import KEY, listed, opened, selected, spooled
from support.shells import (
    ALT_ENTER,
    CTRL_X_ENTER,
    DOWN,
    ENTER,
    ESCAPE,
    SUM,
    TELL,
    Home,
    Shell,
    ctrl,
    start,
)

from backend.redaction.mask import MARK, redact
from shell_plugin.pick import result
from shell_plugin.pick.answers.search import Search


@pytest.mark.parametrize(
    "keys", [ALT_ENTER, CTRL_X_ENTER, ENTER], ids=["alt-enter", "ctrl-x enter", "enter"]
)
def test_a_masked_command_is_put_with_the_cursor_on_the_mask(
    keys: str, kind: str, home: Home, fake: FakeDaemon
) -> None:
    fake.rows = [{"command": f"echo naïve 日本 -p{MARK} --to {MARK}"}]
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, MARK)
        shell.send(keys)
        shell.wait_line(f"echo naïve 日本 -p{MARK} --to {MARK}")
        shell.send("X")
        shell.wait_line(f"echo naïve 日本 -pX{MARK} --to {MARK}")
        assert home.commands() == []


@pytest.mark.parametrize("kind", ["zsh", "bash"])  # fish has UTF-8 whatever the locale is
def test_a_masked_command_without_utf8(kind: str, home: Home, fake: FakeDaemon) -> None:
    fake.rows = [{"command": f"echo é -p{MARK} z"}]
    target = home.work / "line"
    with start(kind, home, after=TELL[kind], env={"LANG": "C", "LC_ALL": "C"}) as shell:
        shell.send(KEY)
        shell.wait_for("1 of 1")
        shell.send(ALT_ENTER)
        shell.wait(lambda s: "1 of 1" not in s.picture(), "the end of the picker")
        shell.send("X" + ctrl("T"))
        shell.wait(lambda s: target.exists() and target.stat().st_size > 0, "the line's text")
    assert target.read_text("utf-8") == f"echo é -pX{MARK} z"


def test_the_mark_is_the_mark() -> None:
    assert result.MARK == MARK
    command = redact("mysql -u root -phunter2trombone")
    assert result.accepted("run", command, True) == ("put@16", command)


def test_the_daemon_is_told_what_was_picked(shell: Shell, fake: FakeDaemon) -> None:
    shell.send("unpack" + KEY)
    opened(shell, "1 of 4")
    shell.send(DOWN + ENTER)
    shell.wait_line("tar xvf release-2.4.tar.xz -C /opt")
    wait_until(lambda: fake.picks, "what was picked")
    assert fake.picks == [("unpack", "tar xvf release-2.4.tar.xz -C /opt")]


def test_a_command_that_is_run_is_picked_too(kind: str, home: Home, fake: FakeDaemon) -> None:
    fake.rows = [{"command": SUM[kind]}]
    with start(kind, home) as shell:
        shell.send("ech" + KEY)
        opened(shell, SUM[kind])
        shell.send(ALT_ENTER)
        shell.wait_for("42done")
    wait_until(lambda: fake.picks, "what was picked")
    assert fake.picks == [("ech", SUM[kind])]


def test_what_answers_no_question_is_not_told(shell: Shell, fake: FakeDaemon) -> None:
    shell.send(KEY)
    opened(shell, "1 of 12")
    shell.send(ENTER)
    shell.wait_line("tar -xzf backup.tgz")
    shell.send(" " + KEY)
    opened(shell, "1 of 1")
    shell.send(ENTER)
    shell.wait_line("tar -xzf backup.tgz")
    shell.send(ctrl("U") + "unpack" + KEY)
    opened(shell, "1 of 4")
    shell.send(ESCAPE)
    shell.wait_line("unpack")
    # This one is told, and comes after what the others would have told.
    shell.send(KEY)
    opened(shell, "1 of 4")
    shell.send(ENTER)
    shell.wait_line("tar -xzf backup.tgz")
    wait_until(lambda: fake.picks, "what was picked")
    assert fake.picks == [("unpack", "tar -xzf backup.tgz")]


def test_a_stopped_daemon_is_not_waited_for_with_what_was_picked(kind: str, home: Home) -> None:
    spooled(home, ["echo from disk"])
    fake = FakeDaemon(home.data, [], behaviour="silent")
    with start(kind, home) as shell:
        shell.send("disk" + KEY)
        shell.wait_for("offline", "echo from disk")
        begun = time.monotonic()
        shell.send(ENTER)
        shell.wait_line("echo from disk")
        assert time.monotonic() - begun < shells.DEADLINE / 10
    fake.stop()


def test_what_was_picked_comes_first_the_next_time(kind: str, home: Home, daemon: Deja) -> None:
    """With the real daemon."""
    wanted = "git stash pop"
    daemon.record(wanted, *("git status" for _ in range(5)), "git stash list", "ls")
    wait_until(lambda: daemon.search("git st"), "the commands")
    with start(kind, home) as shell:
        shell.send("git st" + KEY)
        opened(shell, "1 of 3")
        place = next(at for at, line in enumerate(listed(shell)) if wanted in line)
        assert place > 0
        shell.send(DOWN * place + ENTER)
        shell.wait_line(wanted)
        wait_until(lambda: daemon.search("git st")[0] == wanted, "the lesson")
        shell.send(ctrl("U") + "git st" + KEY)
        opened(shell, "1 of 3", "picked before")
        assert wanted in selected(shell)


def test_a_pick_is_learnt_while_a_reply_is_on_its_way(home: Home, daemon: Deja) -> None:
    """With the real daemon: the picker is gone before it could take the reply."""
    daemon.record("git stash pop", *("git status" for _ in range(5)))
    wait_until(lambda: daemon.search("git st"), "the commands")

    def learn(query: str) -> None:
        search = Search(str(home.data), "/", "s")
        search.ask((query, "", ()))
        search.tell(query, "git stash pop")
        del search
        wait_until(lambda: daemon.search(query)[:1] == ["git stash pop"], "the lesson")

    for letter in "abcde":
        learn(f"git {letter}")
