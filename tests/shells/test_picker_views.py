"""The runs of a command, what is forgotten, kept and copied, in real zsh and bash."""

import base64
import os
import signal
import time

import pytest
from support import shells
from support.fake_daemon import FakeDaemon, Row, runs
from support.install import wait_until
from support.picker import KEY, listed, opened, selected, spooled, wait_selected
from support.shells import DOWN, ENTER, ESCAPE, LEFT, TAB, UP, Home, Shell, ctrl, start

from shell_plugin.pick.answers import inquiry

RIGHT = "\x1b[C"
INSPECT, FORGET, UNDO, COPY, CD = ctrl("O"), "\x1bx", "\x1bu", "\x1bc", "\x1bg"
PIN, NOTE, LAST = "\x1bp", "\x1bn", "\x1b>"


def asked(fake: FakeDaemon, verb: str) -> list[list[tuple[str, str]]]:
    """What of it the daemon was asked for, without who asks."""
    found = [fields for fields in fake.others if fields[1] == ("verb", verb)]
    who = ("v", "verb", "cwd", "session")
    return [[(key, value) for key, value in fields if key not in who] for fields in found]


def with_runs(fake: FakeDaemon, count: int = 44) -> None:
    head: Row = {"text": "tar -xzf backup.tgz", "total": count, "ok": count - 3, "failed": 3}
    more: Row = {"median": 1.2, "pinned": 1, "note": "how I unpack"}
    fake.runs["1"] = (head | more, runs(time.time(), count))
    fake.runs["2000"] = ({"text": "make deploy 44", "total": 1}, runs(time.time(), 1))


def test_the_runs_of_a_command(shell: Shell, fake: FakeDaemon) -> None:
    with_runs(fake)
    shell.send(KEY)
    opened(shell, "1 of 12")
    shell.send(INSPECT)
    shell.wait_for("worked 41 of 44 · median 1.2 s · pinned · how I unpack", "1 of 44", "/src/44")
    shell.wait_for("before  cd 44", "after   make deploy 44⏎and more", "✗2")
    shell.send(DOWN)
    shell.wait_for("2 of 44", "before  –", "after   make deploy 43")
    shell.send(LAST)
    shell.wait(lambda s: "44 of 44" in s.picture() and selected(s).endswith("kestrel"), "the last")
    shell.send(ENTER)
    shell.wait_line("tar -xzf backup.tgz")
    assert asked(fake, "runs") == [[("command_id", "1"), ("limit", "100"), ("offset", "0")]]


def test_neighbours_are_picked_marked_and_gone_to(shell: Shell, fake: FakeDaemon) -> None:
    with_runs(fake)
    shell.send(KEY)
    opened(shell, "1 of 12")
    shell.send(INSPECT)
    shell.wait_for("1 of 44")
    shell.send(TAB + LEFT + TAB)
    shell.wait_for("▌+2 before  cd 44", "│+1 ", "Enter put 2 marked")
    # On to what ran after, and to its runs; back again, one by one.
    shell.send(RIGHT + RIGHT + INSPECT)
    shell.wait_for("   make deploy 44\n", "ran 1×")
    shell.send(ESCAPE)
    shell.wait_for("▌   after   make deploy 44", "1 of 44")
    shell.send(ENTER)
    shell.wait(lambda s: "44" not in s.lines()[s.screen.cursor.y - 2], "the end of the picker")
    shell.wait_for("ready> tar -xzf backup.tgz", "cd 44")
    assert "make deploy" not in shell.picture()


def test_a_neighbour_is_put_alone(shell: Shell, fake: FakeDaemon) -> None:
    with_runs(fake)
    shell.send(KEY)
    opened(shell, "1 of 12")
    shell.send(INSPECT)
    shell.wait_for("1 of 44")
    shell.send(LEFT + ENTER)
    shell.wait_line("cd 44")


def test_cd_to_where_it_ran(kind: str, home: Home, fake: FakeDaemon) -> None:
    there = home.work / "it's there"
    there.mkdir()
    with_runs(fake)
    fake.runs["1"][1][0]["cwd"] = str(there)
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, "1 of 12")
        shell.send(INSPECT)
        shell.wait_for("1 of 44")
        shell.send(DOWN + CD)
        shell.wait_for("that directory is not here (any more)")
        shell.send(UP + CD)
        shell.wait_prompt()
        shell.run('printf "%s|\\n" "$PWD"')
        shell.wait_for(f"{there.name}|")


def test_a_small_terminal_without_utf8_and_colour(kind: str, home: Home, fake: FakeDaemon) -> None:
    with_runs(fake)
    plain = {"LANG": "C", "LC_ALL": "C", "NO_COLOR": "1"}
    with start(kind, home, columns=40, rows=10, env=plain) as shell:
        begun = len(shell.raw)
        shell.send(KEY)
        shell.wait_for("1 of 12")
        shell.send(INSPECT)
        shell.wait_for("worked 41 of 44", ">   ", "before  cd 44", "Enter put")
        shell.send(FORGET)
        shell.wait_for("forget the run of ", "y this run  c all runs  n no")
        shell.send("n" + ESCAPE)
        shell.wait_for("1 of 12")
        shell.send(FORGET)
        shell.wait_for("forget tar -xzf backup.tgz (ran 9x)?", "y yes  f and files  n no")
        shell.send("n" + NOTE + "mine")
        shell.wait_for(" # mine", "Enter keeps the note")
        assert shell.raw[begun:].isascii()
        shell.send(ESCAPE)
        shell.wait_for("1 of 12")
        shell.send(ctrl("C"))
        shell.wait_line("")


def test_what_needs_the_daemon_says_so(kind: str, home: Home) -> None:
    spooled(home, ["echo from disk"])
    with start(kind, home) as shell:
        for key in (INSPECT, FORGET, PIN, NOTE):
            shell.send("disk" + KEY)
            shell.wait_for("offline", "echo from disk")
            shell.send(key)
            shell.wait_for("that needs the daemon, which does not answer; run: deja restart")
            shell.send(ESCAPE)
            shell.wait_line("disk")
            shell.send(ctrl("U"))


# Forgetting


def test_what_is_forgotten_goes_at_once_and_for_good_at_the_end(
    shell: Shell, fake: FakeDaemon
) -> None:
    shell.send("keep" + ctrl("U") + "unpack" + KEY)
    opened(shell, "1 of 4")
    shell.send(DOWN)
    wait_selected(shell, "tar xvf")
    shell.send(FORGET)
    shell.wait_for(
        "forget tar xvf release-2.4.tar.xz -C /opt (ran 2×)?", "y yes", "a all that match"
    )
    shell.send("y")
    shell.wait_for("1 to be forgotten when this closes; Alt-U undoes", "2 of 3 · 1 to forget")
    wait_selected(shell, "unzip")
    shell.send(FORGET)
    shell.wait_for("forget unzip")
    shell.send("y")
    shell.wait_for("2 to be forgotten", "2 of 2")
    shell.send(UNDO)
    shell.wait_for("1 to be forgotten", "of 3")
    assert "tar xvf" not in "".join(listed(shell))
    assert asked(fake, "forget") == []
    shell.send(ESCAPE)
    shell.wait_line("unpack")
    assert asked(fake, "forget") == [[("id", "2")]]


def test_everything_that_matches_and_the_one_that_is_picked(shell: Shell, fake: FakeDaemon) -> None:
    shell.send("unpack" + KEY)
    opened(shell, "1 of 4")
    shell.send(FORGET)
    shell.wait_for("a all that match")
    shell.send("a")
    shell.wait_for("forget all 4 commands that match?")
    shell.send("y")
    shell.wait_for("4 to be forgotten", "no match")
    shell.send(UNDO)
    shell.wait_for("taken back", "1 of 4")
    # It may be taken to the line, and forgotten all the same.
    shell.send(FORGET)
    shell.wait_for("a all that match")
    shell.send("a")
    shell.wait_for("all 4 commands")
    shell.send("y")
    shell.wait_for("no match")
    shell.send(ctrl("U") + "docker ps")
    shell.wait_for("1 of 1 · 4 to forget")
    shell.send(ENTER)
    shell.wait_line("docker ps -a --format '{{.Names}}'")
    assert asked(fake, "forget") == [[("id", str(id)) for id in (1, 2, 3, 4)]]


def test_one_run_is_forgotten(shell: Shell, fake: FakeDaemon) -> None:
    with_runs(fake)
    shell.send(KEY)
    opened(shell, "1 of 12")
    shell.send(INSPECT)
    shell.wait_for("1 of 44")
    shell.send(FORGET)
    shell.wait_for("forget the run of", "c the command, all its runs")
    shell.send("y")
    shell.wait_for("1 to be forgotten when this closes; Alt-U undoes", "before  –")
    shell.send(ENTER)
    shell.wait_line("tar -xzf backup.tgz")
    assert asked(fake, "forget") == [[("run", "44")]]


def test_history_files_are_left_to_the_command(kind: str, home: Home, fake: FakeDaemon) -> None:
    kept = home.work / "told"
    script = "import pathlib, sys\nif sys.argv[1] == 'forget':\n"
    script += f"  pathlib.Path({str(kept)!r}).write_text(repr((sys.argv[1:], sys.stdin.read())))\n"
    (home.app / "backend" / "app.py").write_text(script)
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, "1 of 12")
        shell.send(FORGET)
        shell.wait_for("f from history files, too")
        shell.send("f")
        shell.wait_for("1 to be forgotten")
        shell.send(ESCAPE)
        shell.wait_line("")
    assert kept.read_text() == repr((["forget", "--ids", "-y", "--history-files"], "1\n"))
    assert asked(fake, "forget") == []


@pytest.mark.parametrize("files", [False, True], ids=["daemon", "history files"])
def test_what_could_not_be_forgotten_is_told_once(
    files: bool, kind: str, home: Home, fake: FakeDaemon
) -> None:
    why = "the disk is full; run: deja doctor"
    fake.refusal = why
    (home.app / "backend" / "app.py").write_text(f"import sys\nsys.exit({why!r})\n")
    with start(kind, home) as shell:
        shell.send("unpack" + KEY)
        opened(shell, "1 of 4")
        shell.send(FORGET)
        shell.wait_for("forget tar")
        shell.send("f" if files else "y")
        shell.wait_for("1 to be forgotten")
        shell.send(ENTER)
        shell.wait_for(why, "1 of 3 · 1 to forget")
        shell.send(ENTER)
        shell.wait_line("tar xvf release-2.4.tar.xz -C /opt")


def test_a_daemon_that_hangs_is_not_waited_for_long(
    kind: str, home: Home, fake: FakeDaemon
) -> None:
    with start(kind, home) as shell:
        shell.send("unpack" + KEY)
        opened(shell, "1 of 4")
        shell.send(FORGET)
        shell.wait_for("forget tar")
        shell.send("y")
        shell.wait_for("1 to be forgotten")
        fake.behaviour = "silent"
        begun = time.monotonic()
        shell.send(ENTER)
        shell.wait_for("forgetting…")
        shell.wait_for("the daemon was asked, and does not reply; run: deja restart")
        assert time.monotonic() - begun < inquiry.SECONDS + shells.DEADLINE / 4
        shell.send(ESCAPE)
        shell.wait_line("unpack")


def test_a_picker_that_is_killed_forgets_nothing(kind: str, home: Home, fake: FakeDaemon) -> None:
    with start(kind, home) as shell:
        shell.send("unpack" + KEY)
        opened(shell, "1 of 4")
        shell.send(FORGET)
        shell.wait_for("forget tar")
        shell.send("y")
        shell.wait_for("1 to be forgotten")
        pid = shells.picker_pid(home)
        assert pid is not None
        os.kill(pid, signal.SIGTERM)
        shell.wait_line("unpack")
    assert asked(fake, "forget") == []


# Keeping


def test_a_pin_is_seen_at_once(shell: Shell, fake: FakeDaemon) -> None:
    shell.send("unpack" + KEY)
    opened(shell, "1 of 4")
    shell.send(DOWN + DOWN)
    wait_selected(shell, "unzip")
    shell.send(PIN)
    shell.wait(lambda s: selected(s).startswith("▌★ unzip"), "the star")
    shell.wait_for("   pinned")
    shell.send(PIN)
    shell.wait(lambda s: selected(s).startswith("▌  unzip"), "no star")
    shell.wait_for("no longer pinned")
    assert asked(fake, "pin") == [[("id", "3"), ("on", "1")], [("id", "3"), ("on", "0")]]


def test_a_note_is_written_changed_and_removed(shell: Shell, fake: FakeDaemon) -> None:
    shell.send("unpack" + KEY)
    opened(shell, "1 of 4")
    shell.send(NOTE)
    shell.wait_for(" #", "Enter keeps the note")
    shell.send("how I moved the blog" + ENTER)
    shell.wait_for("the note is kept")
    shell.send(DOWN + UP)
    shell.wait_for("how I moved the blog · ran 9×")
    shell.send(NOTE)
    shell.wait_for(" # how I moved the blog")
    shell.send(" twice" + ESCAPE)
    shell.wait_for("how I moved the blog · ran 9×")
    shell.send(NOTE + ctrl("U") + ENTER)
    shell.wait_for("there is no note on it now")
    shell.send(DOWN + UP)
    shell.wait(lambda s: "blog" not in s.picture(), "no note")
    texts = [dict(fields)["text"] for fields in asked(fake, "note")]
    assert texts == ["how I moved the blog", ""]


# Copying


def osc52(text: str) -> bytes:
    return b"\x1b]52;c;" + base64.b64encode(text.encode()) + b"\x07"


def test_the_terminal_is_given_what_is_copied(shell: Shell, fake: FakeDaemon) -> None:
    fake.rows = [{"command": "echo naïve\n日本", "id": 1}]
    shell.send(KEY)
    opened(shell, "1 of 1")
    shell.send(COPY)
    shell.wait_for("copied, if this terminal allows it")
    assert osc52("echo naïve\n日本") in shell.raw
    # In a tty of ours nothing of it may be seen.
    assert "]52" not in shell.picture()


def test_programs_for_the_clipboard_get_it_on_stdin(
    kind: str, home: Home, fake: FakeDaemon
) -> None:
    tools, got = home.work / "tools", home.work / "got"
    tools.mkdir()
    xclip = tools / "xclip"
    xclip.write_text(f'#!/bin/sh\n{{ echo "$@"; env; cat; }} >{got}.part && mv {got}.part {got}\n')
    xclip.chmod(0o755)
    text = "echo " + "long " * 40_000
    fake.rows = [{"command": text, "id": 1}]
    path = f"{tools}:{os.environ['PATH']}"
    with start(kind, home, env={"PATH": path, "DISPLAY": ":77", "PASSWORD": "x"}) as shell:
        shell.send(KEY)
        opened(shell, "1 of 1")
        shell.send(COPY)
        shell.wait(lambda s: "   copied\n" in s.picture(), "that it is copied")
        wait_until(got.exists, "the program's end")
        assert b"\x1b]52" not in shell.raw
        shell.send(ESCAPE)
        shell.wait_line("")
    arguments, rest = got.read_text().split("\n", 1)
    assert arguments == "-selection clipboard -in"
    assert rest.endswith("\n" + text)
    assert "PASSWORD" not in rest
    assert "DEJA_PICK" not in rest
    assert "READLINE_LINE" not in rest


def test_a_text_too_long_for_a_terminal_is_not_cut(shell: Shell, fake: FakeDaemon) -> None:
    fake.rows = [{"command": "echo " + "x" * 70_000, "id": 1}]
    shell.send(KEY)
    opened(shell, "1 of 1")
    shell.send(COPY)
    shell.wait_for("not copied: 70 KB, and terminals take 56; put it on the line")
    assert b"\x1b]52" not in shell.raw


def test_the_inspector_copies_what_is_marked(shell: Shell, fake: FakeDaemon) -> None:
    with_runs(fake)
    shell.send(KEY)
    opened(shell, "1 of 12")
    shell.send(INSPECT)
    shell.wait_for("1 of 44")
    shell.send(LEFT + TAB + RIGHT + TAB + COPY)
    shell.wait_for("copied")
    assert osc52("cd 44\ntar -xzf backup.tgz") in shell.raw
