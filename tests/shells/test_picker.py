"""The picker in real zsh and bash, on a real terminal, against a scripted daemon."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import shells
from support.fake_daemon import FakeDaemon, Row
from support.paths import ROOT
from support.shells import (
    ALT_ENTER,
    CTRL_X_ENTER,
    DOWN,
    ENTER,
    ESCAPE,
    TAB,
    UP,
    Home,
    Shell,
    ctrl,
    start,
)

KEY = ctrl("R")


@pytest.fixture
def shell(kind: str, home: Home, fake: FakeDaemon) -> Iterator[Shell]:
    with start(kind, home) as opened:
        yield opened


def opened(shell: Shell, *shown: str) -> None:
    """Wait until the picker stands there with an answer."""
    shell.wait_for("❯", *shown)
    shell.wait(lambda s: "searching" not in s.picture(), "an answer")


def test_enter_puts_the_command_on_the_line_without_running_it(shell: Shell) -> None:
    shell.send("unpack an archive" + KEY)
    opened(shell, "tar -xzf backup.tgz", "meaning and text", "worked 9 of 9")
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
    fake.rows = [{"command": "echo $((6*7))done"}]
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, "echo $((6*7))done")
        shell.send(keys)
        shell.wait_for("42done")
        shell.wait_prompt()
        shell.send(ENTER)
        shell.wait_prompt()
        assert home.commands() == ["echo $((6*7))done"]
        # The key that ran it runs nothing the next time.
        shell.send(KEY)
        opened(shell, "echo")
        shell.send(ENTER)
        shell.wait_line("echo $((6*7))done")


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
    shell.wait(lambda s: "i-search" in s.picture() or "bck-i" in s.picture(), "the own search")
    shell.send("fir")
    shell.wait(lambda s: s.picture().count("echo first") == 2, "the line found")


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
    fake.rows = [{"command": "echo $((6*7))done"}]
    with start(kind, home) as shell:
        shell.send(KEY + ALT_ENTER)
        shell.wait_line("echo $((6*7))done")
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
    tell = {
        "zsh": "tell() { print -rn -- \"$BUFFER\" > line }; zle -N tell; bindkey '^T' tell",
        "bash": 'tell() { printf %s "$READLINE_LINE" > line; }; bind -x \'"\\C-t": tell\'',
    }[kind]
    with start(kind, home, after=tell) as shell:
        shell.send(KEY)
        opened(shell, "1 of 1")
        shell.send(ENTER)
        shell.wait(lambda s: "❯" not in s.picture(), "the end of the picker")
        shell.send(ctrl("T"))
        shell.wait(lambda s: target.exists() and target.stat().st_size > 0, "the line's text")
    assert target.read_bytes() == command.encode("utf-8", "surrogateescape")


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


def store(home: Home, commands: list[str]) -> None:
    """The undrained spool of some other shell."""
    spool = home.data / "spool"
    spool.mkdir(mode=0o700)
    records = [
        f"\0deja1\0start={1_700_000_000 + at}.000000\0dur=0.1\0exit=0\0cwd=/tmp\0cmd={command}\0\0"
        for at, command in enumerate(commands)
    ]
    (spool / "host.1.1").write_bytes("".join(records).encode("utf-8", "surrogateescape"))


ILL = ["silent", "slow", "garbage", "error", "hangup"]


@pytest.mark.parametrize("behaviour", ILL)
def test_an_ill_daemon_is_stood_in_for_by_the_disk(
    behaviour: str, kind: str, home: Home, fake: FakeDaemon
) -> None:
    store(home, ["echo from disk", "ls -l", "echo caf\udce9 disk"])
    fake.behaviour = behaviour
    fake.rows = [{"command": "echo from daemon"}]
    with start(kind, home) as shell:
        shell.send("disk" + KEY)
        shell.wait_for("offline", "echo from disk", "1 of 2")
        shell.send(" from")
        shell.wait_for("1 of 1")
        shell.send(ENTER)
        shell.wait_line("echo from disk")


def test_a_slow_daemon_is_heard_in_the_end(kind: str, home: Home, fake: FakeDaemon) -> None:
    fake.behaviour = "slow"
    with start(kind, home) as shell:
        shell.send("unpack" + KEY)
        shell.wait_for("tar -xzf backup.tgz", "meaning and text")
        shell.send(ESCAPE)
        shell.wait_line("unpack")


def test_replies_to_other_requests_are_dropped(shell: Shell, fake: FakeDaemon) -> None:
    fake.behaviour = "stale"
    shell.send("unpack" + KEY)
    opened(shell, "tar -xzf backup.tgz", "1 of 4")


def test_a_daemon_of_another_version_is_not_asked(kind: str, home: Home) -> None:
    store(home, ["echo from disk"])
    fake = FakeDaemon(home.data, [{"command": "echo from daemon"}], version=99)
    with start(kind, home) as shell:
        shell.send(KEY)
        shell.wait_for("offline", "echo from disk")
    assert fake.queries == []
    fake.stop()


def test_without_a_daemon_the_disk_answers_and_one_is_started(kind: str, home: Home) -> None:
    store(home, ["echo from disk"])
    with start(kind, home) as shell:
        assert shells.background_start(home)
        home.started.unlink()
        shell.send("disk" + KEY)
        shell.wait_for("offline", "echo from disk")
        assert shells.background_start(home)
        # It comes up while the picker stands there.
        fake = FakeDaemon(home.data, [{"command": "echo daemon of disk"}])
        shell.wait_for("echo daemon of disk", "meaning and text")
        fake.stop()


def test_waiting_for_a_daemon_draws_nothing(kind: str, home: Home) -> None:
    with start(kind, home) as shell:
        shell.send(KEY)
        shell.wait_for("offline")
        shell.wait(lambda s: not s.pump(0.3), "silence")
        seen = len(shell.raw)
        shell.pump(1.5)
        assert len(shell.raw) == seen


def test_a_stopped_daemon(kind: str, home: Home) -> None:
    store(home, ["echo from disk"])
    script = ROOT / "tests" / "support" / "fake_daemon.py"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, script, home.data], env=environment)
    try:
        end = time.monotonic() + shells.DEADLINE
        while not (home.data / "daemon").exists() and time.monotonic() < end:
            time.sleep(0.02)
        with start(kind, home) as shell:
            os.kill(process.pid, signal.SIGSTOP)
            shell.send(KEY)
            shell.wait_for("offline", "echo from disk")
            shell.send("zzz")
            shell.wait_for("no match")
            os.kill(process.pid, signal.SIGCONT)
            shell.send(ctrl("U"))
            shell.wait_for("tar -xzf backup.tgz", "meaning and text")
            shell.send(ESCAPE)
            shell.wait_prompt()
    finally:
        process.kill()
        process.wait()


def test_the_store_on_disk_is_searched(kind: str, home: Home) -> None:
    from backend.storage.store import Store
    from backend.wire.record import Record

    opened_store = Store(home.data / "history.db")
    now = time.time()
    opened_store.add(
        [
            Record("tar -xzf old.tgz", now - 90 * 86400, 0.1, 0, "/srv"),
            Record("tar -xzf new.tgz", now - 86400, 0.1, 1, "/srv"),
            Record("echo caf\udce9", now, 0.1, 0, "/srv"),
        ]
    )
    opened_store.close()
    with start(kind, home) as shell:
        shell.send("TGZ" + KEY)
        shell.wait_for("offline", "1 of 2", "tar -xzf old.tgz", "3mo", "✗1")
        shell.send(ENTER)
        shell.wait_line("tar -xzf new.tgz")


def test_meaning_comes_once_the_model_is_loaded(kind: str, home: Home, fake: FakeDaemon) -> None:
    fake.mode = "text"
    with start(kind, home) as shell:
        shell.send("unpack" + KEY)
        opened(shell, "text only", "1 of 4")
        shell.send(DOWN)
        shell.wait_for("2 of 4")
        fake.mode = "hybrid"
        shell.wait_for("meaning and text", "2 of 4")


def test_background_jobs_keep_their_number(shell: Shell) -> None:
    shell.run("sleep 50 & echo started")
    shell.send(KEY)
    opened(shell)
    shell.send(ESCAPE)
    shell.wait(lambda s: s.line() == "ready>", "the prompt")
    shell.run("kill $! && echo killed")
    assert "killed" in shell.picture()
    assert "no such" not in shell.picture().lower()


def test_enter_with_no_match_keeps_what_was_typed(shell: Shell) -> None:
    shell.send(KEY)
    opened(shell, "1 of 12")
    shell.send("nothing is like this")
    shell.wait_for("no match")
    shell.send(ENTER)
    shell.wait_line("nothing is like this")


def test_a_hint_of_the_daemon_stands_over_the_rows(kind: str, home: Home, fake: FakeDaemon) -> None:
    fake.note = "nothing close; nearest:"
    with start(kind, home) as shell:
        shell.send("unpack" + KEY)
        opened(shell, "nothing close; nearest:", "tar -xzf backup.tgz")


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


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_killed_picker_leaves_a_usable_shell(
    number: signal.Signals, shell: Shell, home: Home
) -> None:
    modes = shell.modes()
    shell.send("abc" + KEY)
    opened(shell, "no match")
    pid = shells.picker_pid(home)
    assert pid is not None
    os.kill(pid, number)
    shell.wait(lambda s: shells.picker_pid(home) is None, "its end")
    shell.wait(lambda s: s.line().startswith("ready>"), "the prompt")
    shell.send(ctrl("U") + "echo $((40+2))alive" + ENTER)
    shell.wait_for("42alive")
    shell.wait_prompt()
    assert shell.modes() == modes


def test_terminal_modes_come_back(shell: Shell) -> None:
    before = shell.modes()
    private = set(shell.screen.mode)
    shell.send(KEY)
    opened(shell)
    shell.send(ESCAPE)
    shell.wait_prompt()
    assert shell.modes() == before
    assert set(shell.screen.mode) == private
    assert not shell.screen.cursor.hidden


def test_another_key_or_none(kind: str, home: Home, fake: FakeDaemon) -> None:
    with start(kind, home, env={"DEJA_KEY": "^O"}) as shell:
        shell.send(ctrl("O"))
        opened(shell, "1 of 12", "^O shell")
        shell.send(ctrl("C"))
        shell.wait_prompt()
    with start(kind, home, env={"DEJA_KEY": ""}) as shell:
        shell.send(KEY)
        shell.wait(lambda s: "i-search" in s.picture() or "bck-i" in s.picture(), "own search")


def test_not_installed_says_so_on_the_key(kind: str, home: Home) -> None:
    (home.data / "env.sh").unlink()
    with start(kind, home) as shell:
        assert "deja" not in shell.picture()
        shell.run("echo recorded")
        assert home.commands() == ["echo recorded"]
        shell.send(KEY)
        shell.wait_for("install.sh")


def test_vi_command_mode(kind: str, home: Home, fake: FakeDaemon) -> None:
    rc = {"zsh": "bindkey -v", "bash": "set -o vi"}[kind]
    with start(kind, home, before=rc) as shell:
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
