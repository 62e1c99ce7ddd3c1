"""The picker in real zsh, bash and fish: keys, and what they put on the line, byte for byte."""

import time
from pathlib import Path

import pytest
from support import shells
from support.fake_daemon import FakeDaemon
from support.picker import KEY, opened, wait_own_search
from support.shells import (
    ALT_ENTER,
    CTRL_X_ENTER,
    DOWN,
    ENTER,
    ESCAPE,
    SUM,
    TAB,
    TELL,
    UP,
    VI,
    Home,
    Shell,
    ctrl,
    start,
)


def test_enter_puts_the_command_on_the_line_without_running_it(shell: Shell) -> None:
    shell.send("unpack an archive" + KEY)
    opened(shell, "tar -xzf backup.tgz", "meaning and text", "ran 9×, worked last time")
    shell.send(ENTER)
    shell.wait_line("tar -xzf backup.tgz")
    assert "❯" not in shell.picture()


def test_tab_leaves_the_cursor_at_the_end_for_editing(shell: Shell) -> None:
    shell.send(KEY)
    opened(shell, "docker ps")
    shell.send("docker ps")
    shell.wait_for("1 of 1")
    shell.send(TAB)
    shell.wait_line("docker ps -a --format '{{.Names}}'")
    shell.send("X")
    shell.wait_line("docker ps -a --format '{{.Names}}'X")


@pytest.mark.parametrize("keys", [ALT_ENTER, CTRL_X_ENTER], ids=["alt-enter", "ctrl-x enter"])
def test_a_command_can_be_run_at_once(keys: str, kind: str, home: Home, fake: FakeDaemon) -> None:
    fake.rows = [{"command": SUM[kind]}]
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, SUM[kind])
        shell.send(keys)
        shell.wait_for("42done")
        shell.wait_prompt()
        shell.send(ENTER)
        shell.wait_prompt()
        assert home.commands() == [SUM[kind]]
        # The key that ran it runs nothing the next time.
        shell.send(KEY)
        opened(shell, "echo")
        shell.send(ENTER)
        shell.wait_line(SUM[kind])


@pytest.mark.parametrize("keys", [ESCAPE, ctrl("G"), ctrl("C")], ids=["esc", "^G", "^C"])
def test_leaving_restores_the_line_and_the_cursor(keys: str, shell: Shell) -> None:
    shell.send("abc def" + shells.LEFT * 3 + KEY)
    opened(shell, "no match")
    shell.send("more")
    shell.wait_for("abc defmore")
    shell.send(keys)
    shell.wait_line("abc def")
    shell.send("X")
    shell.wait_line("abc Xdef")


def test_the_key_again_goes_to_the_own_search_of_the_shell(shell: Shell) -> None:
    shell.run("echo first")
    shell.send(KEY)
    opened(shell)
    shell.send(KEY)
    wait_own_search(shell)
    shell.send("fir")
    shell.wait(lambda s: s.picture().count("echo first") >= 2, "the line found")


def test_moving_with_arrows_and_letters(shell: Shell) -> None:
    shell.send("unpack" + KEY)
    opened(shell, "1 of 4")
    for keys, place in (
        (DOWN, "2 of 4"),
        (ctrl("N"), "3 of 4"),
        (UP, "2 of 4"),
        (ctrl("P"), "1 of 4"),
    ):
        shell.send(keys)
        shell.wait_for(place)
    shell.send("\x1b[6~")
    shell.wait_for("4 of 4")
    shell.send(ENTER)
    shell.wait_line("7z x dump.7z")


def test_the_query_is_edited_as_a_line_is(shell: Shell, fake: FakeDaemon) -> None:
    shell.send("docker" + KEY)
    opened(shell, "1 of 2")
    shell.send(" zzz" + ctrl("W") + ctrl("A") + "x" + ctrl("E") + "y")
    shell.wait_for("❯ xdocker y")
    shell.send(ctrl("U"))
    shell.wait_for("1 of 12")
    shell.send(ctrl("Y") + "\x1bb" + ctrl("K"))
    shell.wait_for("❯ xdocker")
    shell.send("\x1b[H\x1b[3~" + "\x1b[F" + "\x7f" * 2)
    shell.wait_for("❯ docke", "1 of 2")
    assert fake.queries[-1].strip() == "docke"


def test_a_paste_is_text_whatever_it_holds(shell: Shell, fake: FakeDaemon) -> None:
    shell.send(KEY)
    opened(shell, "1 of 12")
    shell.send("\x1b[200~docker\rps\x1b[201~")
    shell.wait_for("❯ docker⏎ps")
    shell.send(ctrl("C"))
    shell.wait_prompt()


def test_what_is_typed_ahead_reaches_picker_and_shell(shell: Shell) -> None:
    shell.send(KEY + "unpack" + DOWN + ENTER + " --verbose" + ctrl("A") + "echo ")
    shell.wait(
        lambda s: s.line() in [
            "ready> echo tar xvf release-2.4.tar.xz -C /opt --verbose",
            "ready> echo tar -xzf backup.tgz --verbose",
        ],
        "query, choice and what follows it",
    )  # fmt: skip


def test_typed_ahead_alt_enter_runs_nothing_unseen(kind: str, home: Home, fake: FakeDaemon) -> None:
    fake.rows = [{"command": SUM[kind]}]
    with start(kind, home) as shell:
        shell.send(KEY + ALT_ENTER)
        shell.wait_line(SUM[kind])
        assert home.commands() == []


AWKWARD = [
    "echo 'it'\\''s' \"$(date)\" `id` ; : & | > < * ? [a] {b,c} ~ ! # \\\\",
    "printf '%s\\n' a\nb\n\tc  \n",
    "echo caf\udce9 \udcff\udc80",
    "echo \x01\x02\x1b[2J\x07\x7f",
    " leading and trailing ",
    "日本語 👩‍💻 é 𝒳",
    "-n --version",
    "x" * 5000,
]


@pytest.mark.parametrize("command", AWKWARD, ids=range(len(AWKWARD)))
def test_every_byte_reaches_the_line(command: str, kind: str, home: Home, fake: FakeDaemon) -> None:
    fake.rows = [{"command": command}]
    target = home.work / "line"
    with start(kind, home, after=TELL[kind]) as shell:
        shell.send(KEY)
        opened(shell, "1 of 1")
        shell.send(ENTER)
        shell.wait(lambda s: "❯" not in s.picture(), "the end of the picker")
        shell.send(ctrl("T"))
        shell.wait(lambda s: target.exists() and target.stat().st_size > 0, "the line's text")
    assert target.read_bytes() == command.encode("utf-8", "surrogateescape")


def test_background_jobs_keep_their_number(shell: Shell, kind: str) -> None:
    shell.run("sleep 50 & echo started")
    shell.send(KEY)
    opened(shell)
    shell.send(ESCAPE)
    shell.wait(lambda s: s.line() == "ready>", "the prompt")
    last = "$last_pid" if kind == "fish" else "$!"
    shell.run(f"kill {last} && echo killed")
    assert "killed" in shell.picture()
    assert "no such" not in shell.picture().lower()


def test_enter_with_no_match_keeps_what_was_typed(shell: Shell) -> None:
    shell.send(KEY)
    opened(shell, "1 of 12")
    shell.send("nothing is like this")
    shell.wait_for("no match")
    shell.send(ENTER)
    shell.wait_line("nothing is like this")


def test_the_daemon_hears_where_and_who(shell: Shell, fake: FakeDaemon, home: Home) -> None:
    shell.send("docker ps" + KEY)
    opened(shell, "docker ps")
    request = fake.requests[-1]
    assert request["query"] == "docker ps"
    assert request["cwd"] == str(home.work)
    assert request["session"].split(".")[-2] == str(shell.child.pid)


def test_the_query_is_in_no_argument(shell: Shell, home: Home) -> None:
    shell.send("secretword" + KEY)
    opened(shell, "no match")
    pid = shells.picker_pid(home)
    assert pid is not None
    assert b"secretword" not in Path(f"/proc/{pid}/cmdline").read_bytes()


def test_another_key_or_none(kind: str, home: Home, fake: FakeDaemon) -> None:
    with start(kind, home, env={"DEJA_KEY": "^O"}, columns=100) as shell:
        shell.send(ctrl("O"))
        opened(shell, "1 of 12", "Ctrl-O shell")
        shell.send(ctrl("C"))
        shell.wait_prompt()
    with start(kind, home, env={"DEJA_KEY": ""}) as shell:
        shell.send(KEY)
        wait_own_search(shell)


@pytest.mark.parametrize(
    ("notation", "sent", "shown"),
    [
        ("\\C-t", ctrl("T"), "Ctrl-T shell"),
        ("^t", ctrl("T"), "Ctrl-T shell"),
        ("\\er", "\x1br", "Alt-R shell"),
        ("^[r", "\x1br", "Alt-R shell"),
        ("^@", "\0", "Ctrl-Space shell"),
        ("^X^R", ctrl("X") + ctrl("R"), "Ctrl-X Ctrl-R shell"),
        ("\\C-x\\C-r", ctrl("X") + ctrl("R"), "Ctrl-X Ctrl-R shell"),
        ("^[[15~", "\x1b[15~", "F5 shell"),
    ],
)
def test_a_key_as_shells_write_it_pressed_again_does_what_the_foot_says(
    notation: str, sent: str, shown: str, kind: str, home: Home, fake: FakeDaemon
) -> None:
    with start(kind, home, env={"DEJA_KEY": notation}, columns=120) as shell:
        shell.run("echo first")
        shell.send(sent)
        opened(shell, "1 of 12", shown)
        shell.send(sent)
        wait_own_search(shell)
        shell.send("fir")
        shell.wait(lambda s: s.picture().count("echo first") >= 2, "the line found")


def test_a_key_that_the_list_needs_opens_it_and_moves_in_it(
    kind: str, home: Home, fake: FakeDaemon
) -> None:
    with start(kind, home, env={"DEJA_KEY": "^[OA"}, columns=100) as shell:
        shell.send("\x1bOA")
        opened(shell, "1 of 12")
        assert " shell" not in shell.lines()[-1] + shell.picture().splitlines()[-1]
        shell.send(DOWN * 2 + "\x1bOA")
        shell.wait_for("2 of 12")


def test_not_installed_says_so_on_the_key(kind: str, home: Home) -> None:
    (home.data / "env.sh").unlink()
    with start(kind, home) as shell:
        assert "deja" not in shell.picture()
        shell.run("echo recorded")
        assert home.commands() == ["echo recorded"]
        shell.send(KEY)
        shell.wait_for("install.sh")


def test_vi_command_mode(kind: str, home: Home, fake: FakeDaemon) -> None:
    with start(kind, home, before=VI[kind]) as shell:
        shell.send("unpack" + KEY)
        opened(shell, "1 of 4")
        shell.send(ENTER)
        shell.wait_line("tar -xzf backup.tgz")
        shell.send(ctrl("U") + "7z")
        shell.wait_line("7z")
        shell.send(ESCAPE)
        time.sleep(0.6)  # Longer than KEYTIMEOUT: the shell must take it for the key itself.
        shell.send(KEY)
        opened(shell, "1 of 1")
        shell.send(ENTER)
        shell.wait_line("7z x dump.7z")
