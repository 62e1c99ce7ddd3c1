"""Episodes in the picker, in real zsh and bash: found, opened, and taken from."""

import time

import pytest
from support.fake_daemon import FakeDaemon
from support.install import Deja
from support.picker import KEY, opened, selected, spooled, wait_selected
from support.shells import DOWN, ENTER, ESCAPE, TAB, UP, Home, Shell, ctrl, start

from backend.wire import episode
from backend.wire.episode import Episode, Run

EPISODES, COPY, SCRIPT, LAST = "\x1bm", "\x1bc", "\x1bs", "\x1b>"


def disk(now: float) -> Episode:
    begun = now - 90 * 60
    runs = [
        Run("df -h", begun, 0.1, 0, "/srv"),
        Run("mkfs.ext4 /dev/vdb", begun + 120, 3.0, 0, "/srv", telling=True),
        Run("rsync -a pg/ /mnt/pg", begun + 600, 900.0, 23, "/srv/db", telling=True),
        Run("rsync -a pg/ /mnt/pg", begun + 1700, 900.0, 0, "/srv/db"),
        Run("echo one\necho two", begun + 2800, 0.1, 0, "/home/ann"),
    ]
    return Episode(7, runs, 0.5, begun, begun + 2880, "s", "kestrel", "/srv/db")


def with_episodes(fake: FakeDaemon) -> None:
    now = time.time()
    photos = [Run("mogrify -resize 800 *.jpg", 1767450039.0, 1.0, 1, "/pics", telling=True)]
    photos += [Run("ls", 1767450045.0, 0.1, 1, "/pics")]
    fake.episodes = [disk(now), Episode(30, photos, 0.4, photos[0].start, cwd="/pics")]


def asked(fake: FakeDaemon, verb: str) -> list[dict[str, str]]:
    return [dict(fields) for fields in fake.others if fields[1] == ("verb", verb)]


def test_one_is_found_opened_and_taken_from(shell: Shell, fake: FakeDaemon) -> None:
    with_episodes(fake)
    shell.send("ls" + KEY)
    opened(shell, "1 of 1")
    shell.send(EPISODES)
    shell.wait_for(
        "episodes · ls", "▌   mkfs.ext4 /dev/vdb · rsync", "48 min · /srv/db · 5 commands"
    )
    shell.wait_for("ended well", "/pics · 2 commands · ended in a failure", "1 of 2")
    (request,) = asked(fake, "episodes")
    assert (request["query"], request["narrow"]) == ("ls", "")
    shell.send(ENTER)
    shell.wait_for("+0:02", "    /srv/db\n", "✗23", "+0:46", "echo one⏎echo two", "Alt-S all")
    # Marked in any order, put in that of the episode.
    shell.send(DOWN + DOWN + TAB + UP + TAB)
    shell.wait_for("put 2 marked")
    shell.send(ENTER)
    shell.wait_for("ready> mkfs.ext4 /dev/vdb", "rsync -a pg/ /mnt/pg")
    assert "df -h" not in shell.picture()


def test_back_one_by_one(shell: Shell, fake: FakeDaemon) -> None:
    with_episodes(fake)
    shell.send(KEY)
    opened(shell, "1 of 12")
    shell.send(EPISODES)
    shell.wait_for("the latest episodes", "1 of 2")
    shell.send(LAST)
    shell.wait_for("2 of 2")
    shell.send(ENTER)
    shell.wait_for("▌   +0:00")
    shell.send(ESCAPE)
    shell.wait_for("2 of 2")
    shell.send(ESCAPE)
    opened(shell, "1 of 12")
    shell.send(ESCAPE)
    shell.wait_line("")


def test_all_of_it_as_a_script(kind: str, home: Home, fake: FakeDaemon) -> None:
    """It runs, in a bash of its own: what it does to the shell that runs it is nothing."""
    with_episodes(fake)
    fake.script = f"#!/usr/bin/env bash\nset -e\ncd -- '{home.work}'\n# it's\nread -r x\n"
    fake.script += 'echo "got $x" > made\nfalse\necho never > never\n'
    with start(kind, home) as shell:
        shell.send(KEY)
        opened(shell, "1 of 12")
        shell.send(EPISODES)
        shell.wait_for("the latest episodes", "1 of 2")
        shell.send(ENTER)
        shell.wait_for("Alt-S all")
        shell.send(SCRIPT)
        begun = "bash (echo '" if kind == "fish" else "bash /dev/fd/3 3<<'END'"
        shell.wait_for(f"ready> {begun}", "echo never > never")
        (request,) = asked(fake, "episode")
        assert (request["id"], request["script"]) == ("7", "1")
        shell.send(ENTER)
        shell.pump(0.2)
        shell.send("typed" + ENTER)
        shell.wait(lambda _: (home.work / "made").exists(), "the script")
        shell.wait_prompt()
        shell.run("printf 'still %s\\n' here")
        shell.wait_for("still here")
    assert (home.work / "made").read_text() == "got typed\n"
    assert not (home.work / "never").exists()


def test_what_is_masked_in_a_script_gets_the_cursor(shell: Shell, fake: FakeDaemon) -> None:
    with_episodes(fake)
    fake.script = "# fill in:\n#   login -p ‹redacted›\nexit 1\n"
    shell.send(KEY)
    opened(shell, "1 of 12")
    shell.send(EPISODES)
    shell.wait_for("the latest episodes", "1 of 2")
    shell.send(ENTER)
    shell.wait_for("Alt-S all")
    shell.send(SCRIPT)
    shell.wait_for("login -p ‹redacted›", "exit 1")
    shell.send("X")
    shell.wait_for("login -p X‹redacted›")


def test_one_above_the_rows_is_no_row(shell: Shell, fake: FakeDaemon) -> None:
    with_episodes(fake)
    fake.heading = episode.heading(fake.episodes[0])
    shell.send(KEY)
    opened(shell, "≡ ", "mkfs.ext4 /dev/vdb · rsync", " · Alt-M opens", "1 of 12")
    assert "tar -xzf backup.tgz" in selected(shell)
    shell.send(UP + DOWN)
    wait_selected(shell, "tar xvf")
    shell.send(EPISODES)
    shell.wait_for("the latest episodes", "1 of 2")


def test_a_small_terminal_without_utf8_and_colour(kind: str, home: Home, fake: FakeDaemon) -> None:
    with_episodes(fake)
    fake.heading = episode.heading(fake.episodes[0])
    fake.episodes[0].runs[1].command = "printf '\x1b[31mhostile\x07' é"
    plain = {"LANG": "C", "LC_ALL": "C", "NO_COLOR": "1"}
    with start(kind, home, columns=40, rows=10, env=plain) as shell:
        begun = len(shell.raw)
        shell.send(KEY)
        shell.wait_for("1 of 12", " = ", "Alt-M opens")
        shell.send(EPISODES)
        shell.wait_for("the latest episodes", ">   printf '^[[31mhostile", "1 of 2")
        shell.send(ENTER)
        shell.wait_for("+0:02", "printf '^[[31mhostile~", "Enter put")
        assert shell.raw[begun:].isascii()
        assert b"\x1b[31m" not in shell.raw[begun:]
        shell.send(ctrl("C"))
        shell.wait_for("1 of 2")
        shell.send(ctrl("C"))
        shell.wait_for("1 of 12")
        shell.send(ctrl("C"))
        shell.wait_line("")


def test_without_a_daemon_it_says_so(kind: str, home: Home) -> None:
    spooled(home, ["echo from disk"])
    with start(kind, home) as shell:
        shell.send("disk" + KEY)
        shell.wait_for("offline", "echo from disk")
        shell.send(EPISODES)
        shell.wait_for("the daemon does not answer")
        shell.send(ESCAPE)
        shell.wait_for("echo from disk")


@pytest.mark.parametrize("refusal", ["the history is still being read; try again in a second"])
def test_what_the_daemon_says_stands_there(shell: Shell, fake: FakeDaemon, refusal: str) -> None:
    fake.refusal = refusal
    shell.send(KEY)
    opened(shell, "1 of 12")
    shell.send(EPISODES)
    shell.wait_for(refusal)


def test_with_the_real_daemon(kind: str, home: Home, daemon: Deja) -> None:
    """From the words to a script that runs: only what worked, where it was."""
    there = home.work / "it's there"
    there.mkdir()
    where = str(there)
    daemon.record("mkdir disk", "echo one > disk/moved", session="a", cwd=where)
    daemon.record("cat nowhere", exit="1", session="a", cwd=where)
    daemon.record("mogrify -resize 800 album.jpg", session="b")
    with start(kind, home) as shell:
        shell.send("disk" + KEY)
        opened(shell, "mkdir disk")
        shell.send(EPISODES)
        shell.wait_for("by words alone, for there is no model", "3 commands", "1 of 1")
        shell.send(ENTER)
        shell.wait_for("cat nowhere", "✗1", "Alt-S all")
        shell.send(SCRIPT)
        shell.wait_for("# failed with exit 1:", "#   cat nowhere")
        shell.send(ENTER)
        shell.wait(lambda _: (there / "disk" / "moved").exists(), "what the script does")
        shell.wait_prompt()
