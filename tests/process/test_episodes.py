"""deja search --episodes and deja episode, as scripts and people read them."""

import json
import os
import re
import subprocess
import sys
from datetime import datetime

import pexpect
import pytest
from support.install import Deja
from support.paths import APP

EPISODE = {"id", "score", "started", "ended", "session", "host", "cwd", "title", "commands"}


@pytest.fixture
def past(daemon: Deja) -> Deja:
    daemon.record("ls", "rsync -a /var/lib/pg /mnt", session="a", cwd="/srv")
    daemon.record("make", exit="2", session="a", cwd="/srv/it's")
    daemon.record("echo \udcff", "mogrify -resize 800 a.jpg", session="b")
    return daemon


def terminal(daemon: Deja, *arguments: str) -> str:
    """What a person sees on a terminal of 60 columns, without styles."""
    child = pexpect.spawn(
        sys.executable,
        ["-I", str(APP), *arguments],
        env={**os.environ, **daemon.env, "TERM": "xterm", "TZ": "UTC"},
        cwd=str(daemon.home),
        dimensions=(40, 60),
        encoding="utf-8",
    )
    shown = child.read()
    child.close()
    return re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r\n", "\n")


def test_json(past: Deja) -> None:
    found = past("search", "--episodes", "--json", "rsync")
    assert (found.returncode, found.stderr) == (0, "")
    answer = json.loads(found.stdout)
    assert set(answer) == {"query", "mode", "took_ms", "note", "episodes"}
    assert (answer["query"], answer["mode"]) == ("rsync", "text")
    (episode,) = answer["episodes"]
    assert set(episode) == EPISODE
    assert (episode["session"], episode["host"], episode["cwd"]) == ("a", "host", "/srv")
    started = datetime.fromisoformat(episode["started"])
    assert started.tzinfo is not None
    assert started.timestamp() == pytest.approx(episode["commands"][0]["start"])
    assert [set(run) for run in episode["commands"]] == [
        {"command", "start", "duration", "exit", "cwd"}
    ] * 3
    assert [run["exit"] for run in episode["commands"]] == [0, 0, 2]
    assert json.loads(past("episode", "--json", str(episode["id"])).stdout)["title"]


def test_exit_statuses_and_errors(past: Deja) -> None:
    nothing = past("search", "--episodes", "--json", "zzqqyy")
    assert (nothing.returncode, json.loads(nothing.stdout)["episodes"]) == (1, [])
    assert past("search", "--episodes", "zzqqyy").stderr == "nothing close\n"
    for arguments, code in (
        (("search", "--episodes", "since:banana"), 2),
        (("search", "--episodes", "--print0"), 2),
        (("episode", "1", "--script", "--json"), 2),
        (("episode", "no"), 2),
        (("episode", "99"), 1),
    ):
        refused = past(*arguments)
        assert (refused.returncode, refused.stdout) == (code, "")
        assert refused.stderr.count("\n") == 1
    assert "run: deja search --episodes" in past("episode", "99").stderr


def test_on_a_terminal(past: Deja) -> None:
    shown = terminal(past, "search", "--episodes", "rsync").split("\n")
    assert "rsync -a /var/lib/pg /mnt" in shown[:3]
    told = r"    \d+ \w+ 20\d\d, \d\d:\d\d · .* · 3 commands · /srv · host · ended with exit 2"
    assert re.fullmatch(told, shown[3])
    assert shown[4] == "    deja episode 1"
    listed = terminal(past, "episode", "1").split("\n")
    assert [line.split()[-1] for line in listed[:3]] == ["ls", "/mnt", "make"]
    assert re.fullmatch(r"\d\d:\d\d +\.2s +2 make", listed[2])


def test_the_bytes_that_were_typed(past: Deja) -> None:
    id = json.loads(past("search", "--episodes", "--json", "mogrify").stdout)["episodes"][0]["id"]
    assert past("episode", str(id)).stdout == "echo \udcff\nmogrify -resize 800 a.jpg\n"


def test_a_script(past: Deja) -> None:
    script = past("episode", "1", "--script").stdout
    assert script.startswith("#!/usr/bin/env bash\n# 3 commands, ")
    assert "\ncd -- /srv\nls\n" in script
    assert "# failed with exit 2:\n#   make\n" in script
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0


def test_what_ran_just_now_is_in_it(past: Deja) -> None:
    past.record("rsync -a again there", session="a")
    assert past("episode", "1").stdout.split("\n")[3] == "rsync -a again there"
