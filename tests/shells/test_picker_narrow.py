"""The picker's keys that narrow and order the list, in real zsh and bash, and who remembers."""

import pytest
from support.fake_daemon import FakeDaemon
from support.install import Deja, wait_until
from support.picker import KEY, listed, opened
from support.shells import ENTER, ESCAPE, Home, Shell, ctrl, start

SCOPE, OUTCOME, ORDER = ctrl("S"), "\x1be", "\x1bo"


def narrowed_to(shell: Shell, fake: FakeDaemon, filters: str, *words: str) -> None:
    """Wait until the foot says so, and the daemon has been asked for it."""
    shell.wait_for(*words)
    wait_until(lambda: fake.requests[-1].get("narrow", "") == filters, f"narrow={filters!r}")


def test_the_keys_go_round_and_are_asked_of_the_daemon(shell: Shell, fake: FakeDaemon) -> None:
    shell.send(KEY)
    opened(shell, "1 of 12")
    for key, steps in (
        (SCOPE, ("in:session", "in:here", "in:repo", "in:host", "")),
        (OUTCOME, ("exit:0", "exit:fail", "")),
        (ORDER, ("order:newest", "order:used", "")),
    ):
        for filters in steps:
            shell.send(key)
            narrowed_to(shell, fake, filters)
    shell.send(SCOPE + OUTCOME + ORDER)
    words = ("this session", "worked", "newest")
    narrowed_to(shell, fake, "in:session exit:0 order:newest", *words)
    shell.send(ctrl("C"))
    shell.wait_prompt()


@pytest.mark.parametrize("how", [ENTER, ESCAPE, KEY + ctrl("C")], ids=["put", "cancel", "again"])
def test_it_is_remembered_until_the_shell_ends(
    how: str, kind: str, home: Home, fake: FakeDaemon
) -> None:
    if kind == "fish" and how.startswith(KEY):
        pytest.skip("fish's own search takes a while to come, and leaves what it found on the line")
    with start(kind, home) as shell:
        shell.run("echo first")
        shell.send(KEY)
        opened(shell, "1 of 12")
        shell.send(OUTCOME + ORDER)
        narrowed_to(shell, fake, "exit:0 order:newest", "worked", "newest")
        shell.send(how)
        shell.wait(lambda s: "❯" not in s.picture(), "the end of the picker")
        shell.pump(0.5)
        shell.send(ctrl("U"))
        shell.wait(lambda s: s.line() == "ready>", "an empty line")
        shell.send(KEY)
        opened(shell)
        narrowed_to(shell, fake, "exit:0 order:newest", "worked", "newest")
        shell.send(OUTCOME * 2 + ORDER * 2)
        narrowed_to(shell, fake, "")
        shell.send(ESCAPE)
        shell.wait_prompt()
        shell.send(KEY)
        opened(shell)
        narrowed_to(shell, fake, "")
        shell.send(ORDER + ESCAPE)
        shell.wait_prompt()
    with start(kind, home) as other:
        other.send(KEY)
        opened(other)
        narrowed_to(other, fake, "")


def test_a_process_of_the_shell_does_not_hear_of_it(shell: Shell, fake: FakeDaemon) -> None:
    shell.send(KEY)
    opened(shell, "1 of 12")
    shell.send(OUTCOME)
    narrowed_to(shell, fake, "exit:0", "worked")
    shell.send(ESCAPE)
    shell.wait_prompt()
    shell.run("env | grep -c '^DEJA_PICK'")
    assert "\n0\n" in shell.picture()


def test_with_the_real_daemon(kind: str, home: Home, daemon: Deja) -> None:
    daemon.record("elsewhere ls")
    with start(kind, home) as shell:
        shell.run("echo right")
        shell.run("false wrong")
        wait_until(lambda: daemon.search("false wrong"), "the commands")
        shell.send(KEY)
        opened(shell, "1 of 3 · history")
        for key, foot, commands in (
            (SCOPE, "1 of 2 · this session ·", ["echo right", "false wrong"]),
            (OUTCOME, "1 of 1 · this session · worked ·", ["echo right"]),
            (OUTCOME, "1 of 1 · this session · failed ·", ["false wrong"]),
            (OUTCOME, "1 of 2 · this session ·", ["echo right", "false wrong"]),
        ):
            shell.send(key)
            opened(shell, foot)
            wait_rows(shell, set(commands))
        shell.send(ORDER)
        opened(shell, "1 of 2 · this session · newest")
        wait_rows(shell, ["false wrong", "echo right"])
        shell.send(ctrl("C"))
        shell.wait_prompt()


def wait_rows(shell: Shell, commands: list[str] | set[str]) -> None:
    """Wait until these are listed, in this order if it is a list."""
    shell.wait(lambda s: type(commands)(rows(s)) == commands, f"{commands}")


def rows(shell: Shell) -> list[str]:
    """The commands listed, which have no two blanks in them."""
    return [line.lstrip("▌ ").split("  ")[0] for line in listed(shell)]
