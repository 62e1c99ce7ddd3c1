"""deja search, as scripts and people read it."""

import json
import os
import re
import sys
from pathlib import Path

import pexpect
import pytest
from support.install import Deja
from support.paths import APP


def table(daemon: Deja, *arguments: str) -> str:
    """What a person sees on a terminal of 100 columns, without styles."""
    child = pexpect.spawn(
        sys.executable,
        ["-I", str(APP), "search", *arguments],
        env={**os.environ, **daemon.env, "TERM": "xterm"},
        cwd=str(daemon.home),
        dimensions=(40, 100),
        encoding="utf-8",
    )
    shown = child.read()
    child.close()
    return re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\r\n", "\n")


def test_an_empty_query_asks_what_is_next(daemon: Deja) -> None:
    for _ in range(5):
        daemon.record("vim a.c", "make", "./a.out")
    daemon.record("vim a.c")
    for arguments in (["search"], ["search", ""]):
        assert daemon(*arguments).stdout.split("\n")[0] == "make"


def test_a_name_that_nobody_knows(daemon: Deja) -> None:
    daemon.record("make", "ls")
    nothing = daemon("search", "zzzqqq")
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert nothing.stderr == "nothing close\n"


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ("since:banana", "since:banana: use since:2w"),
        ("exit:300", "exit:300: use exit:0"),
        ("host:nowhere", "host:nowhere: no command ran there; known are host"),
        ("repo:nowhere", "repo:nowhere: no command ran there; known are none"),
    ],
)
def test_a_filter_that_makes_no_sense_is_wrong_usage(
    daemon: Deja, argument: str, told: str
) -> None:
    daemon.record("make")
    refused = daemon("search", "make", argument)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(told) and refused.stderr.count("\n") == 1


def test_exclusions_wherever_they_stand(daemon: Deja) -> None:
    daemon.record("docker compose up", "docker ps")
    assert daemon("search", "docker", "-compose").stdout == "docker ps\n"
    assert daemon("search", "--", "-compose", "docker").stdout == "docker ps\n"


def test_commands_of_deja_itself_are_no_history(daemon: Deja) -> None:
    daemon.record("deja search x", "/usr/bin/deja forget y", "dejavu --help")
    assert daemon.search("") == ["dejavu --help"]


def test_but_a_setting_brings_them_back(deja: Deja) -> None:
    deja.env["DEJA_KEEP_OWN"] = "1"
    deja.start()
    deja.record("deja search x")
    assert deja.search("") == ["deja search x"]


def test_print0_gives_the_bytes_that_were_typed(daemon: Deja) -> None:
    commands = ["echo one\necho two", "echo \udcff"]
    daemon.record(*commands)
    assert set(daemon("search", "--print0", "echo").stdout.split("\0")[:-1]) == set(commands)


def test_json_has_start_and_duration(daemon: Deja) -> None:
    daemon.record("make", start="1700000000.5", dur="2.25")
    (found,) = json.loads(daemon("search", "--json", "make").stdout)["results"]
    assert (found["start"], found["duration"], found["match"]) == (1700000000.5, 2.25, "start")
    assert found["last_run"].startswith("2023-11-14") or found["last_run"].startswith("2023-11-15")


def test_json_has_what_is_known_of_the_runs(daemon: Deja) -> None:
    daemon.record("make", exit="2", cwd="/w")
    daemon.record("make", exit="0", cwd="/w")
    (found,) = json.loads(daemon("search", "--json", "make").stdout)["results"]
    # The shell that asks is the one that recorded: the parent of the command.
    assert (found["ok_runs"], found["failed_runs"], found["here"]) == (1, 1, "session")
    assert (found["id"], found["pinned"], found["note"]) == (1, None, None)


def test_another_order_by_option(daemon: Deja) -> None:
    daemon.record("make", "make", "make test")
    assert daemon("search", "--order", "newest").stdout == "make test\nmake\n"
    assert daemon("search", "--order", "used", "make").stdout == "make\nmake test\n"
    assert daemon("search", "--pinned").returncode == 1
    assert daemon("search", "--order", "oldest").returncode == 2


def test_a_person_sees_columns(daemon: Deja) -> None:
    daemon.record("for x in a b; do\n  echo $x\ndone", dur="65", cwd=str(daemon.home / "src"))
    daemon.record("for y in *", exit="2")
    lines = table(daemon, "for").splitlines()
    assert len(lines) == 2
    assert any("1m05s" in line and "~/src" in line and "do ⏎   echo $x" in line for line in lines)
    assert any(re.search(r"\.2s +2 ", line) for line in lines)


def test_what_resembles_stands_below(daemon: Deja, model_dir: Path) -> None:
    daemon.record("list containers", "ls", "docker ps -a", "docker container ls --all")
    shown = table(daemon, "list", "containers")
    first, *rest = shown.splitlines()
    assert first.endswith("list containers")
    assert rest == [] or "these resemble it" in rest[0]
