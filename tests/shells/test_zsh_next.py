"""Ghost text in zsh, by the zsh-autosuggestions of the system, and the key `deja-next`."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from support import shells
from support.fake_daemon import FakeDaemon
from support.install import Deja
from support.shells import ENTER, ZSH, Home, Shell, ctrl

LIBRARY = Path("/usr/share/zsh-autosuggestions/zsh-autosuggestions.zsh")
STRATEGY = "ZSH_AUTOSUGGEST_STRATEGY=(deja history)"
RIGHT, KEY = "\x1b[C", "\x18\x0e"

pytestmark = pytest.mark.skipif(not LIBRARY.exists(), reason="no zsh-autosuggestions here")

Wrapped = dict[str, str]
# Loaded before deja or after it, asked in a child or in the shell itself.
AFTER: Wrapped = {"before": STRATEGY, "after": f"source {LIBRARY}"}
BEFORE: Wrapped = {"before": f"{STRATEGY}; source {LIBRARY}"}
IN_THE_SHELL: Wrapped = {**AFTER, "after": f"source {LIBRARY}; unset ZSH_AUTOSUGGEST_USE_ASYNC"}


@pytest.mark.parametrize("files", [AFTER, BEFORE, IN_THE_SHELL])
def test_what_is_likely_next_is_suggested_and_taken(
    files: Wrapped, home: Home, fake: FakeDaemon
) -> None:
    with shells.zsh(home, **files) as shell:
        shell.send("docker c")
        shell.wait_line("docker compose logs -f web | grep -i error")
        shell.send(RIGHT)
        shell.wait_line("docker compose logs -f web | grep -i error")
        shell.send(ctrl("u") + "print -r -- ${(j: :)ZSH_AUTOSUGGEST_CLEAR_WIDGETS[-2,-1]}" + ENTER)
        shell.wait_for("deja-pick deja-next")
    (asked,) = [request for request in fake.requests if request["prefix"] == "docker c"]
    assert (asked["verb"], asked["limit"], asked["cwd"]) == ("next", "1", str(home.work))
    assert asked["session"].count(".") >= 2


def test_lines_and_foreign_letters_arrive_whole(home: Home, fake: FakeDaemon) -> None:
    with shells.zsh(home, **AFTER, env={"LANG": "C.UTF-8"}) as shell:
        shell.send("for f")
        shell.wait_for('ready> for f in *.log; do\n  gzip -9 "$f"\ndone')
        shell.send(ctrl("u") + "git c")
        shell.wait_for("日本語のメッセージ")


@pytest.mark.parametrize("behaviour", ["silent", "slow", "garbage", "error", "hangup"])
@pytest.mark.parametrize("files", [AFTER, IN_THE_SHELL])
def test_without_an_answer_the_next_strategy_is_asked(
    behaviour: str, files: Wrapped, home: Home, fake: FakeDaemon
) -> None:
    fake.behaviour = behaviour
    with shells.zsh(home, **files) as shell:
        shell.run("print one two")
        shell.send("print o")
        shell.wait_line("print one two")
        shell.send(RIGHT + ENTER)
        shell.wait_prompt()
        assert "deja" not in shell.picture()


def test_without_a_daemon_it_is_silent(home: Home) -> None:
    with shells.zsh(home, **AFTER) as shell:
        shell.run("print one two")
        shell.send("print o")
        shell.wait_line("print one two")


TIMED = """
zmodload zsh/datetime; source $1
typeset -F began
for round in {1..$2}; do
  suggestion= began=$EPOCHREALTIME
  _zsh_autosuggest_strategy_deja docker
  print -r -- $(( (EPOCHREALTIME - began) * 1000 )) "${suggestion:-none}"
done
"""


def timed(home: Home, rounds: int) -> list[tuple[float, str]]:
    """Milliseconds of each question, and what was suggested."""
    plugin = str(home.app / "shell_plugin" / "deja.zsh")
    done = subprocess.run(
        ["zsh", "-f", "-i", "-c", TIMED, "zsh", plugin, str(rounds)],
        env=home.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=home.work,
        start_new_session=True,
        timeout=shells.DEADLINE,
    )
    lines = (line.split(" ", 1) for line in done.stdout.splitlines())
    assert done.stderr == ""
    return [(float(took), suggestion) for took, suggestion in lines]


def test_one_question_in_vain_keeps_everybody_away_for_half_a_minute(
    home: Home, fake: FakeDaemon
) -> None:
    fake.behaviour = "silent"
    (first, _), *others = timed(home, 30)
    # Under load a process may wait for its turn; for the daemon it waits no longer than this.
    assert 15 < first < 100
    assert sorted(took for took, _ in others)[15] < 5
    assert len(fake.requests) == 1
    fake.behaviour = "ok"
    assert timed(home, 1)[0][1] == "none", "another shell is kept away too"
    mark = home.data / "spool" / ".late"
    assert mark.stat().st_mode & 0o777 == 0o600
    os.utime(mark, (time.time() - 31, time.time() - 31))
    assert timed(home, 1)[0][1].startswith("docker ps")


def test_a_path_that_zsh_would_cut_is_not_connected_to(home: Home, fake: FakeDaemon) -> None:
    rendezvous = home.data / "daemon"
    told = rendezvous.read_bytes()
    rendezvous.write_bytes(re.sub(rb"socket=[^\0]*", b"socket=/" + b"x" * 120, told))
    assert timed(home, 1)[0][1] == "none"


@pytest.mark.parametrize("name", ["daemon", "spool/.late"])
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(
    name: str, home: Home, fake: FakeDaemon
) -> None:
    fake.behaviour = "silent"
    place = home.data / name
    place.parent.mkdir(exist_ok=True)
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    assert [suggestion for _, suggestion in timed(home, 2)] == ["none", "none"]


def test_an_empty_line_has_a_suggestion_only_if_that_is_wanted(
    home: Home, fake: FakeDaemon
) -> None:
    fake.rows.insert(0, {"command": "make check"})
    with shells.zsh(home, **AFTER) as shell:
        shell.run("true")
        assert fake.requests == [] or all(r["prefix"] for r in fake.requests)
    wanted = {**AFTER, "before": f"{STRATEGY}; DEJA_SUGGEST_EMPTY=1"}
    (home.home / ".zshrc").unlink()
    with opened(home, wanted) as shell:
        shell.wait_line("make check")
        shell.send(RIGHT + " -k")
        shell.wait_line("make check -k")


class opened:
    """A zsh whose first prompt may already have something behind it."""

    def __init__(self, home: Home, files: Wrapped) -> None:
        plugin = str(home.app / "shell_plugin" / "deja.zsh")
        lines = f"PS1='{shells.PROMPT}'", files["before"], f"source {plugin!r}", files["after"]
        (home.home / ".zshrc").write_text("\n".join(lines) + "\n")
        self._shell = Shell([ZSH, "-i"], home.environment(), home.work)

    def __enter__(self) -> Shell:
        return self._shell

    def __exit__(self, *_: object) -> None:
        self._shell.close()


def test_the_key_walks_through_what_is_likely_and_comes_back(home: Home, fake: FakeDaemon) -> None:
    with shells.zsh(home, before="DEJA_NEXT_KEY='^X^N'") as shell:
        shell.send("docker" + KEY)
        shell.wait_line("docker ps -a --format '{{.Names}}'")
        shell.send(KEY)
        shell.wait_line("docker compose logs -f web | grep -i error")
        shell.send(KEY)
        shell.wait_line("docker")
        shell.send(" c" + KEY)
        shell.wait_line("docker compose logs -f web | grep -i error")
        fake.behaviour = "silent"
        shell.send(ctrl("u") + "git" + KEY)
        shell.wait_line("git")
        shell.send(" log")
        shell.wait_line("git log")


@pytest.mark.slow
def test_with_the_real_daemon_and_when_it_is_stopped(home: Home, daemon: Deja) -> None:
    daemon.record(*["vim a.c", "make -j4", "./a.out"] * 3, cwd=str(home.work))
    daemon.ask("refresh")
    with shells.zsh(home, **IN_THE_SHELL) as shell:
        shell.run("true vim")
        shell.send("m")
        shell.wait_line("make -j4")
        shell.send(ctrl("u"))
        shell.wait_prompt()
        os.kill(daemon.pid, signal.SIGSTOP)
        try:
            shell.send("print a")
            shell.wait_line("print a")
            shell.send("bc")
            shell.wait_line("print abc")
        finally:
            os.kill(daemon.pid, signal.SIGCONT)
    assert (home.data / "spool" / ".late").exists()
