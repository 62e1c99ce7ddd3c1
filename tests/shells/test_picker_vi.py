"""The picker for those whose shell has the keys of vi, in real zsh, bash and fish."""

import time
from collections.abc import Iterator

import pytest
from support.fake_daemon import FakeDaemon
from support.picker import KEY, opened, wait_selected
from support.shells import ENTER, ESCAPE, VI, Home, Shell, ctrl, start

NORMAL = "-- normal --"
# Longer than the KEYTIMEOUT of zsh: until then Escape may be half of another key.
A_PAUSE = 0.6


@pytest.fixture
def vi(kind: str, home: Home, fake: FakeDaemon) -> Iterator[Shell]:
    """With the picker open on all rows, in normal mode."""
    with start(kind, home, before=VI[kind]) as shell:
        shell.send(KEY)
        opened(shell, "1 of 12")
        assert NORMAL not in shell.picture()
        shell.send(ESCAPE)
        shell.wait_for(NORMAL, "1 of 12")
        yield shell


def test_letters_move(vi: Shell) -> None:
    for keys, place in (
        ("j", "2 of 12"),
        ("n", "3 of 12"),
        ("k", "2 of 12"),
        ("G", "12 of 12"),
        ("N", "11 of 12"),
        ("gg", "1 of 12"),
        (ctrl("D"), "4 of 12"),
        (ctrl("U"), "1 of 12"),
    ):
        vi.send(keys)
        vi.wait_for(f"{place} ", NORMAL)
    vi.send("j" + ENTER)
    vi.wait_line("tar xvf release-2.4.tar.xz -C /opt")


def test_typing_again(vi: Shell) -> None:
    vi.send("iunpack")
    opened(vi, "❯ unpack", "1 of 4")
    assert NORMAL not in vi.picture()
    vi.send(ESCAPE)
    vi.wait_for(NORMAL)
    vi.send("j/docker")
    opened(vi, "❯ docker", "1 of 2")
    vi.send(ESCAPE)
    vi.wait_for(NORMAL)
    vi.send("Ix")
    vi.wait_for("❯ xdocker")
    vi.send(ESCAPE)
    vi.wait_for(NORMAL)
    vi.send("x" * 9 + "A")
    vi.wait(lambda s: NORMAL not in s.picture(), "typing")
    vi.send(ctrl("C"))
    vi.wait_prompt()


@pytest.mark.parametrize("leaving", [ESCAPE, "q", ctrl("C"), ctrl("G")])
def test_leaving(leaving: str, vi: Shell) -> None:
    vi.send(leaving)
    vi.wait_prompt()
    vi.send("echo typed")
    vi.wait_line("echo typed")


def test_the_help_has_them(vi: Shell) -> None:
    vi.send("?")
    vi.wait_for("any key back")
    for _ in range(12):
        if "after Esc, which ends typing" in vi.picture():
            break
        vi.send("\x1b[6~")
        vi.pump(0.3)
    vi.wait_for("after Esc, which ends typing")
    vi.send(ESCAPE)
    vi.wait_for(NORMAL, "1 of 12")


def test_one_types_even_if_the_shell_is_in_command_mode(
    kind: str, home: Home, fake: FakeDaemon
) -> None:
    with start(kind, home, before=VI[kind]) as shell:
        shell.send("docker")
        shell.wait_line("docker")
        shell.send(ESCAPE)
        time.sleep(A_PAUSE)
        shell.send(KEY)
        opened(shell, "1 of 2")
        shell.send(" ps")
        opened(shell, "❯ docker ps", "1 of 1")
        shell.send(ESCAPE)
        shell.wait_for(NORMAL)
        shell.send(ESCAPE)
        shell.wait_line("docker")


def test_elsewhere_escape_leaves(shell: Shell) -> None:
    shell.send(KEY)
    opened(shell, "1 of 12")
    shell.send(ESCAPE)
    shell.wait_prompt()


def test_the_keys_may_be_changed_while_the_shell_runs(shell: Shell, kind: str) -> None:
    shell.run(VI[kind])
    shell.send(KEY)
    opened(shell, "1 of 12")
    shell.send(ESCAPE)
    shell.wait_for(NORMAL)
    shell.send("j")
    wait_selected(shell, "tar xvf")
    shell.send("q")
    shell.wait_prompt()
