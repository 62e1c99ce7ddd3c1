"""deja export, with filters and in the formats of others."""

import csv
import io
import json

import pytest
from support.install import Deja


@pytest.fixture
def recorded(daemon: Deja) -> Deja:
    shop = daemon.home / "shop"
    (shop / ".git").mkdir(parents=True)
    daemon.record("make", exit="2", cwd=str(shop), host="quokka", dur="3.5")
    daemon.record("for x in a\ndo b\ndone", cwd=str(daemon.home), session="s.1.1")
    daemon.record("make", exit="0", cwd=str(daemon.home))
    daemon.ask("refresh")
    return daemon


def commands(recorded: Deja, *arguments: str) -> list[tuple[str, int]]:
    result = recorded("export", *arguments)
    assert result.returncode == 0, result.stderr
    return [(run["command"], run["exit"]) for run in map(json.loads, result.stdout.splitlines())]


def test_filters_choose_runs_and_not_commands(recorded: Deja) -> None:
    assert len(commands(recorded)) == 3
    assert commands(recorded, "exit:fail") == [("make", 2)]
    both = {("make", 0), ("for x in a\ndo b\ndone", 0)}
    assert set(commands(recorded, "--exit", "0", "--host", "host")) == both
    assert commands(recorded, "in:here", "took:>3s") == [("make", 2)]
    assert commands(recorded, "repo:shop") == [("make", 2)]
    assert commands(recorded, "since:1d") == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["make"], "only filters choose what is exported; words are for deja search; run: deja"),
        (["--", "make", "-test"], "only filters choose what is exported"),
        (["since:banana"], "since:banana: use since:2w"),
        (["host:nowhere"], "host:nowhere: no command ran there; known are"),
        (["--format", "xml"], "Invalid value for '--format'"),
    ],
)
def test_what_makes_no_sense(recorded: Deja, arguments: list[str], told: str) -> None:
    result = recorded("export", *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(told) and result.stderr.count("\n") == 1


def test_as_csv(recorded: Deja) -> None:
    recorded("pin", "make")
    rows = list(csv.DictReader(io.StringIO(recorded("export", "--format", "csv").stdout)))
    assert {row["command"] for row in rows} == {"make", "for x in a\ndo b\ndone"}
    (failed,) = (row for row in rows if row["exit"] == "2")
    assert (failed["duration"], failed["host"], failed["pinned"]) == ("3.5", "quokka", "True")


def test_as_files_of_shells(recorded: Deja) -> None:
    zsh = recorded("export", "--format", "zsh").stdout
    assert ":3;make\n" in zsh and "for x in a\\\ndo b\\\ndone\n" in zsh
    bash = recorded("export", "--format", "bash").stdout
    assert "\nfor x in a\ndo b\ndone\n" in bash and bash.startswith("#17")
    fish = recorded("export", "--format", "fish").stdout
    assert "- cmd: for x in a\\ndo b\\ndone\n  when: 17" in fish


def test_what_a_format_cannot_hold_is_told(recorded: Deja) -> None:
    recorded.record("cat <<E\n#1700000000\nE")
    result = recorded("export", "--format", "bash")
    assert result.stderr == "1 entry left out: bash cannot hold them\n"
    assert "cat" not in result.stdout
