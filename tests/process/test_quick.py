"""search, next and status print the same without click as with it, and import little."""

import json
import re
import subprocess
import sys

import pytest
from support.install import DEADLINE, Deja, wait_until
from support.paths import APP, ROOT

# click, and what is dear by itself.
DEAR = {"click", "dataclasses", "datetime", "inspect", "json", "pathlib", "platformdirs", "re"}
DEAR |= {"shutil", "socket", "subprocess", "tomllib", "typing"}
LINES = [
    *(["status"], ["status", "--json"], ["next"], ["next", "--json", "m"], ["next", "zzz"]),
    *(["search"], ["search", "docker", "--print0"], ["search", "--json", "docker"]),
    *(["search", "--limit", "1", "--since=2020-01-01", "d"], ["search", "zzzqqq"]),
    *(["search", "--cwd", "~/x/..", "--without", "a b", "d"], ["search", "since:banana"]),
    *(["search", "--limit", "0"], ["search", "--", "-compose", "docker"], ["search", "-compose"]),
    *(["search", "--mode", "meaning", "d"], ["status", "now"], ["next", "a", "b"]),
    *(["search", "--episodes", "docker"], ["search", "--episodes", "--print0"]),
]
BY_CLICK = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r});"
    "from backend.commands.tree import run; sys.exit(run(sys.argv[1:]))"
)


def run(daemon: Deja, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-I", *arguments],
        env=daemon.env,
        cwd=daemon.home,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )


def alike(result: "subprocess.CompletedProcess[str]") -> tuple[int, str, str]:
    """Code, output and errors, without what differs from one moment to the next."""
    moving = r'"(took_ms|uptime_s|memory_bytes|score)": [\d.]+|up [\d.]+ s|memory +\d+ MB'
    return result.returncode, re.sub(moving, "", result.stdout), result.stderr


@pytest.fixture
def recorded(daemon: Deja) -> Deja:
    daemon.record("docker ps", "docker compose up", "make", "docker ps", cwd=str(daemon.home))
    # What status says must not change between the two that are compared.
    daemon.ask("refresh")
    wait_until(lambda: daemon.status().get("loading") == "0", "the search for a model")
    return daemon


@pytest.mark.slow
def test_the_same_output_and_the_same_codes(recorded: Deja) -> None:
    for line in LINES:
        quick, whole = run(recorded, str(APP), *line), run(recorded, "-c", BY_CLICK, *line)
        assert alike(quick) == alike(whole), line


@pytest.mark.parametrize("setting", ['precision = "fp8"', "learn = 1", "= ["])
def test_a_mistake_in_the_settings_is_told(recorded: Deja, setting: str) -> None:
    recorded.config.config_file.parent.mkdir(exist_ok=True)
    recorded.config.config_file.write_text(setting)
    quick, whole = run(recorded, str(APP), "next"), run(recorded, "-c", BY_CLICK, "next")
    assert quick.returncode == 2
    assert alike(quick) == alike(whole)


@pytest.mark.parametrize("line", [["status"], ["next"], ["search", "docker"]])
def test_they_import_little(recorded: Deja, line: list[str]) -> None:
    result = run(recorded, "-X", "importtime", str(APP), *line)
    assert (result.returncode, bool(result.stdout)) == (0, True)
    imported = {row.rpartition("|")[2].strip() for row in result.stderr.splitlines()}
    assert "backend.commands.quick.run" in imported
    assert not DEAR & imported
    assert len([name for name in imported if name.startswith("backend")]) < 25


def test_a_configuration_file_costs_its_reading_alone(recorded: Deja) -> None:
    recorded.config.config_file.parent.mkdir(exist_ok=True)
    recorded.config.config_file.write_text("learn = false\n")
    imported = run(recorded, "-X", "importtime", str(APP), "next").stderr
    assert "tomllib" in imported and "click" not in imported


def test_a_reader_that_has_enough(recorded: Deja) -> None:
    command = f"{sys.executable} -I {APP} search --json docker | true; echo ${{PIPESTATUS[0]}}"
    result = subprocess.run(
        ["bash", "-c", command], env=recorded.env, capture_output=True, text=True, timeout=DEADLINE
    )
    assert result.stdout.strip() in ("0", "1")
    assert result.stderr == ""


def test_json_is_of_the_daemon_that_runs(recorded: Deja) -> None:
    assert json.loads(run(recorded, str(APP), "status", "--json").stdout)["pid"] == recorded.pid


def test_names_that_the_history_has(recorded: Deja) -> None:
    repository = recorded.home / "shop"
    (repository / ".git").mkdir(parents=True)
    recorded.record("make", cwd=str(repository), host="quokka", session="quokka.7.1")
    recorded.record("ls", host="two words")
    recorded.ask("refresh")
    assert set(run(recorded, str(APP), "names", "host").stdout.split()) == {"quokka", "host"}
    assert "quokka.7.1" in run(recorded, str(APP), "names", "session").stdout.splitlines()
    assert run(recorded, str(APP), "names", "repo").stdout == "shop\n"
    nothing = run(recorded, str(APP), "names", "weather")
    assert (nothing.returncode, nothing.stdout, nothing.stderr) == (1, "", "")
    imported = run(recorded, "-X", "importtime", str(APP), "names", "host").stderr
    assert "sqlite3" in imported and "click" not in imported
    recorded.stop()
    assert run(recorded, str(APP), "names", "repo").stdout == "shop\n", "no daemon is needed"
