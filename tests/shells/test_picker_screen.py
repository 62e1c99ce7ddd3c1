"""The picker on real terminals: what it draws, in how much room, and what it leaves behind."""

import pytest
from support.fake_daemon import FakeDaemon, Row
from support.picker import KEY, opened
from support.shells import DOWN, ENTER, ESCAPE, UP, Home, Shell, ctrl, start


def test_the_screen_is_as_before(shell: Shell) -> None:
    shell.run("seq 5")
    before, cursor = shell.picture(), (shell.screen.cursor.y, shell.screen.cursor.x)
    shell.send(KEY)
    opened(shell, "1 of 12")
    shell.send("tar")
    shell.wait_for("❯ tar")
    shell.send(ESCAPE)
    shell.wait(lambda s: s.picture() == before, "the old screen")
    assert (shell.screen.cursor.y, shell.screen.cursor.x) == cursor


def test_at_the_bottom_the_screen_scrolls_and_the_prompt_stays(shell: Shell) -> None:
    shell.run("seq 100 140")
    shell.send("tar" + KEY)
    opened(shell, "tar -xzf backup.tgz")
    assert "ready> tar" in shell.picture()
    assert "140" in shell.lines()
    shell.send(ESCAPE)
    shell.wait_line("tar")
    assert shell.lines()[shell.screen.cursor.y - 1] == "140"
    assert shell.picture().endswith("ready> tar")


@pytest.mark.parametrize("kind", ["zsh", "bash"])  # fish has all lines of a command at once
@pytest.mark.parametrize(
    ("begun", "ended", "said"),
    [
        (["for x in 1"], "do echo $x; done", "1"),
        (["for x in 1", "do echo $x"], "done", "1"),
        (['echo "a', "b"], 'c"', "c"),
        (["cat <<E", "text"], "E", "text"),
        (["echo a \\"], "d", "a d"),
        (["", "# a comment", "true && "], "echo e", "e"),
    ],
    ids=["for", "do", "quote", "here-document", "backslash", "and"],
)
def test_a_line_that_goes_on_has_its_own_prompt(
    begun: list[str], ended: str, said: str, kind: str, home: Home, fake: FakeDaemon
) -> None:
    with start(kind, home, after="PS2='more> '", rows=40) as shell:
        shell.send(KEY)
        opened(shell, "1 of 12")
        assert "ready>" in shell.picture()
        shell.send(ESCAPE)
        shell.wait_prompt()
        for line in begun:
            shell.send(line + ENTER)
            shell.wait(lambda s: s.line() in ("ready>", "more>") and not s.pump(0.05), "a prompt")
        shell.send("zzz" + KEY)
        opened(shell, "no match")
        above = shell.lines()[shell.screen.cursor.y - 1]
        assert above == "more> zzz"
        shell.send(ESCAPE)
        shell.wait(lambda s: s.line() == "more> zzz", "the line as it was")
        shell.send("\b" * 3 + ended + ENTER)
        shell.wait(lambda s: said in s.lines() and s.line() == "ready>", said)
        shell.send(KEY)
        opened(shell, "1 of 12")
        assert shell.lines()[shell.screen.cursor.y - 1] == "ready>"


def test_forty_columns_and_ten_rows(kind: str, home: Home, fake: FakeDaemon) -> None:
    with start(kind, home, columns=40, rows=10) as shell:
        shell.send("unpack" + KEY)
        opened(shell, "tar -xzf backup.tgz", "2d", "✗2")
        assert all(len(line) <= 40 for line in shell.lines())
        assert "/opt" not in shell.picture()
        shell.send(DOWN)
        shell.wait_for("2 of 4", "/opt")
        shell.send(ENTER)
        # Seven columns of prompt and 34 of command: the last letter wraps.
        shell.wait(lambda s: s.line() == "t" and "❯" not in s.picture(), "the wrapped command")
        assert (
            shell.lines()[shell.screen.cursor.y - 1] == "ready> tar xvf release-2.4.tar.xz -C /op"
        )


def test_a_resize_redraws(shell: Shell) -> None:
    shell.send("unpack" + KEY)
    opened(shell, "tar -xzf backup.tgz", "/home/ann/backup")
    shell.resize(50, 20)
    shell.wait(
        lambda s: "tar -xzf backup.tgz" in s.picture() and "/home/ann/backup  " not in s.picture(),
        "a narrower picture",
    )
    shell.send(DOWN)
    shell.wait_for("2 of 4")
    shell.send(ENTER)
    shell.wait(lambda s: s.line().endswith("tar xvf release-2.4.tar.xz -C /opt"), "the command")
    assert "❯" not in shell.picture()


def test_without_colour_there_is_weight(kind: str, home: Home, fake: FakeDaemon) -> None:
    with start(kind, home, env={"NO_COLOR": "1"}) as shell:
        begun = len(shell.raw)
        shell.send("7z" + KEY)
        opened(shell, "7z x dump.7z")
        codes = [part.split(b"m")[0] for part in shell.raw[begun:].split(b"\x1b[")[1:]]
        assert not [code for code in codes if code.startswith((b"0;3", b"0;1;3"))]
        assert b"0;4" in codes


def test_a_locale_without_utf8_gets_ascii(kind: str, home: Home, fake: FakeDaemon) -> None:
    with start(kind, home, env={"LANG": "C", "LC_ALL": "C"}) as shell:
        begun = len(shell.raw)
        shell.send(KEY)
        shell.wait_for("\n >\n>  tar -xzf backup.tgz", "1 of 12")
        assert shell.raw[begun:].isascii()
        shell.send(ctrl("C"))
        shell.wait_prompt()


def test_a_dumb_terminal_keeps_the_own_search(kind: str, home: Home, fake: FakeDaemon) -> None:
    with start(kind, home, env={"TERM": "dumb"}) as shell:
        shell.run("echo first")
        shell.send(KEY + "fir")
        shell.wait(lambda s: s.picture().count("echo first") >= 2, "the own search")
        assert fake.queries == []


def test_stored_escapes_do_not_reach_the_terminal(kind: str, home: Home, fake: FakeDaemon) -> None:
    evil = "\x1b]0;owned\x07\x1b[31m\x9b2J\x00\u202e\r\n\x08\x7f"
    fake.rows = [{"command": f"echo {evil}", "cwd": f"/tmp/{evil}", "why": evil}]
    fake.note = evil
    with start(kind, home) as shell:
        begun = len(shell.raw)
        shell.send(KEY)
        opened(shell, "1 of 1", "^[]0;owned^G")
        drawn = shell.raw[begun:]
        for bad in (b"\x1b]0;owned", b"\x07", b"\xc2\x9b", b"\xe2\x80\xae", b"\x7f", b"\x08"):
            assert bad not in drawn
        shell.send(ctrl("C"))
        shell.wait_prompt()


def test_a_hint_of_the_daemon_stands_over_the_rows(kind: str, home: Home, fake: FakeDaemon) -> None:
    fake.note = "nothing close; nearest:"
    with start(kind, home) as shell:
        shell.send("unpack" + KEY)
        opened(shell, "nothing close; nearest:", "tar -xzf backup.tgz")


def rows_of(count: int) -> list[Row]:
    return [{"command": f"echo number {at:04}"} for at in range(count)]


def test_a_long_list_scrolls(kind: str, home: Home, fake: FakeDaemon) -> None:
    fake.rows = rows_of(50)
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, "1 of 50", "number 0000")
        shell.send("\x1b[6~" * 4 + UP)
        shell.wait(lambda s: "number 0000" not in s.picture() and "of 50" in s.picture(), "page")
        shell.send("\x1b>")
        shell.wait_for("50 of 50", "number 0049")
        shell.send("\x1b<")
        shell.wait_for("1 of 50", "number 0000")
