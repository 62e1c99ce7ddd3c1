"""The command line's contract: exit codes, keys of the JSON, errors of one line."""

import json
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from support.install import Deja, wait_until

from backend.commands.tree import COMMANDS

RESULT = {"command", "score", "meaning", "text", "runs", "last_run", "exit", "cwd"}
STATUS = {
    *("version", "pid", "uptime_s", "memory_bytes", "commands", "embedded", "model", "precision"),
    *("providers", "socket"),
}
# Beyond the contract, and free to change.
MORE_RESULT, MORE_ANSWER = {"why", "match", "start", "duration"}, {"note"}
MORE_RESULT |= {"id", "pinned", "note", "ok_runs", "failed_runs", "here", "host", "alike"}


def one_line(text: str) -> str:
    assert text.endswith("\n")
    assert text.count("\n") == 1, text
    return text.strip()


def test_search_found_nothing_found(daemon: Deja) -> None:
    daemon.record("docker ps -a", exit="3", cwd="/srv")
    found = daemon("search", "--json", "docker")
    assert found.returncode == 0
    answer = json.loads(found.stdout)
    assert set(answer) == {"query", "mode", "took_ms", "results"} | MORE_ANSWER
    assert (answer["query"], answer["mode"]) == ("docker", "text")
    (row,) = answer["results"]
    assert set(row) == RESULT | MORE_RESULT
    assert (row["command"], row["runs"], row["exit"], row["cwd"]) == ("docker ps -a", 1, 3, "/srv")
    assert row["meaning"] is None
    assert datetime.fromisoformat(row["last_run"]).tzinfo is not None
    nothing = daemon("search", "--json", "zzzzqqqq")
    assert (nothing.returncode, json.loads(nothing.stdout)["results"]) == (1, [])
    plain = daemon("search", "docker")
    assert (plain.returncode, plain.stdout) == (0, "docker ps -a\n")
    assert one_line(daemon("search", "zzzzqqqq").stderr) == "nothing close"


def test_next_answers_for_the_shell_that_asks(daemon: Deja) -> None:
    daemon.record(*["vim a.c", "make", "./a.out"] * 3, "vim a.c", cwd="/w")
    daemon.record("git fetch", "make", "git log", session="host.1.1700000000000000", cwd="/w")
    answer = json.loads(daemon("next", "--json", "--limit", "2").stdout)
    assert set(answer) == {"mode", "took_ms", "results"} | MORE_ANSWER
    assert answer["results"][0]["command"] == "make", "it follows what this process ran last"
    assert set(answer["results"][0]) == RESULT | MORE_RESULT
    assert len(answer["results"]) == 2
    assert daemon("next", "git f").stdout == "git fetch\n"
    nothing = daemon("next", "zzz")
    assert (nothing.returncode, one_line(nothing.stderr)) == (1, "nothing found")


def test_fix_prints_what_fixed_it_in_the_shell_that_asks(daemon: Deja) -> None:
    for exit, command in (("1", "npm test"), ("0", "npm install"), ("0", "npm test")):
        daemon.record(command, exit=exit, session="host.1.5")
    nothing = daemon("fix")
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert one_line(nothing.stderr) == "nothing is known to have fixed that"
    daemon.record("npm test", exit="1")
    daemon.record("ls -la", exit="0")
    assert daemon("fix").stdout == "npm install\n"
    (row,) = json.loads(daemon("fix", "--json").stdout)["results"]
    assert row["why"].startswith("fixed this ")


def test_stats_are_lines_or_an_object(daemon: Deja) -> None:
    daemon.record("make", "make", "git push")
    found = json.loads(daemon("stats", "--json").stdout)
    assert (found["commands"], found["runs"], sum(found["days"].values())) == (2, 3, 3)
    assert found["used"][0] == {"name": "make", "runs": 2, "failed": 0, "seconds": 0.0}
    assert len(found["hours"]) == 24
    assert json.loads(daemon("stats", "--json", "--since", "1d").stdout)["runs"] == 0
    assert "\x1b" not in daemon("stats").stdout
    wrong = daemon("stats", "--since", "someday")
    assert (wrong.returncode, "someday" in one_line(wrong.stderr)) == (2, True)


def test_unknown_is_null(daemon: Deja, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_text("from a file\n")
    daemon("import", "--file", str(file), "--format", "lines", "--no-wait")
    (row,) = json.loads(daemon("search", "--json", "file").stdout)["results"]
    assert (row["last_run"], row["exit"], row["cwd"]) == (None, None, None)


def test_status_json(daemon: Deja) -> None:
    daemon.record("ls", "ls", "pwd")
    daemon.ask("refresh")
    result = daemon("status", "--json")
    status = json.loads(result.stdout)
    assert result.returncode == 0
    assert set(status) >= STATUS
    assert (status["commands"], status["embedded"], status["pid"]) == (2, 0, daemon.pid)
    assert status["model"] is None
    assert Path(status["socket"]).is_socket()


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "--mode", "guess", "x"],
        ["search", "--limit", "0", "x"],
        ["import", "--format", "lines"],
        ["import", "--file", "/nonexistent"],
        ["forget"],
        ["forget", "--last", "1", "--all"],
        ["init", "tcsh"],
        ["dance"],
    ],
)
def test_wrong_usage_is_two_and_one_line(deja: Deja, arguments: list[str]) -> None:
    result = deja(*arguments)
    assert result.returncode == 2
    assert "; run: deja" in one_line(result.stderr)
    assert "--help" in result.stderr
    assert not deja.pid, "nothing was started for it"


def test_a_configuration_that_makes_no_sense(deja: Deja) -> None:
    result = deja("status", env={"EMBEDDING_DEVICE": "tpu"})
    assert result.returncode == 2
    assert "EMBEDDING_DEVICE" in one_line(result.stderr)


def test_no_daemon_and_none_could_be_started(deja: Deja) -> None:
    deja.root.mkdir()
    deja.config.data_dir.write_text("not a directory")
    for arguments in (["search", "x"], ["start"], ["status"]):
        result = deja(*arguments)
        assert result.returncode == 3
        assert ";" in one_line(result.stderr)


def test_no_model(daemon: Deja) -> None:
    daemon.record("docker ps")
    wait_until(lambda: daemon.status().get("loading") == "0", "the search for a model")
    assert daemon("search", "docker").returncode == 0
    result = daemon("search", "--mode", "meaning", "docker")
    assert result.returncode == 4
    assert one_line(result.stderr).startswith("ONNX model not found")
    assert "install.sh" in result.stderr


def test_import_repeated_adds_nothing(daemon: Deja, tmp_path: Path) -> None:
    file = tmp_path / "a history"
    file.write_bytes(b": 1700000000:0;ls -la\n: 1700000005:2;make\n: 1700000009:0;ls -la\n")
    first = daemon("import", "zsh", "--file", str(file), "--no-wait")
    assert (first.returncode, first.stdout) == (0, f"{file} (zsh): 3 entries, 3 new\n")
    for _ in range(2):
        again = daemon("import", "zsh", "--file", str(file), "--no-wait")
        assert again.stdout == f"{file} (zsh): 3 entries, 0 new\n"
    assert json.loads(daemon("status", "--json").stdout)["commands"] == 2


def test_import_without_a_model_succeeds_and_says_so(daemon: Deja, tmp_path: Path) -> None:
    file = tmp_path / "lines"
    file.write_text("ls\n")
    result = daemon("import", "--file", str(file), "--format", "lines")
    assert result.returncode == 0
    assert "ONNX model not found" in result.stderr
    assert daemon.search("ls") == ["ls"]


def test_export_gives_every_run(daemon: Deja) -> None:
    daemon.record("make", "make", "echo \udcff")
    lines = [json.loads(line) for line in daemon("export").stdout.splitlines()]
    assert [line["command"] for line in lines] == ["make", "make", "echo \udcff"]
    assert lines[0]["exit"] == 0
    assert lines[0]["start"] < lines[1]["start"]


def test_stats_logs_init_doctor(daemon: Deja) -> None:
    daemon.record("make", "make", "ls")
    stats = daemon("stats").stdout
    assert stats.startswith("2 commands, 3 runs")
    assert "started: deja" in daemon("logs").stdout
    init = daemon("init", "zsh").stdout
    assert Path(init.removeprefix("source ").strip()).name == "deja.zsh"
    doctor = daemon("doctor", "--json")
    findings = {item["name"]: item for item in json.loads(doctor.stdout)["findings"]}
    assert doctor.returncode == 1, "there is no model"
    assert not findings["model"]["ok"]
    assert findings["model"]["mend"]
    assert findings["history"]["ok"]
    assert findings["daemon"]["ok"]


def test_reading_needs_no_daemon(deja: Deja) -> None:
    assert "no history yet" in one_line(deja("stats").stderr)
    deja.record("make")
    deja.start()
    deja.ask("refresh")
    deja.stop()
    assert deja("stats").stdout.startswith("1 commands, 1 runs")
    assert not deja.pid


def test_forget_asks_first(daemon: Deja) -> None:
    daemon.record("one", "two")
    assert daemon("forget", "one", stdin="n\n").returncode == 130
    assert daemon("forget", "one", stdin="y\n").stdout.endswith("1 forgotten\n")
    assert one_line(daemon("forget", "--yes", "one").stderr) == "nothing found to forget"
    assert daemon("forget", "--yes", "--last", "1").returncode == 0
    assert json.loads(daemon("status", "--json").stdout)["commands"] == 0


def test_bytes_go_out_as_they_came_in(daemon: Deja) -> None:
    daemon.record("echo \udcff caf\udce9")
    assert daemon("search", "caf").stdout == "echo \udcff caf\udce9\n"


def test_a_search_starts_the_daemon(deja: Deja) -> None:
    deja.record("make all")
    assert deja("search", "make").stdout == "make all\n"
    assert deja.pid


def test_help_of_every_command(deja: Deja) -> None:
    listed = deja("--help").stdout
    for name in COMMANDS:
        assert f"  {name} " in listed
        assert deja(name, "--help").returncode == 0


@pytest.mark.parametrize(
    ("line", "well"),
    [
        ("source ~/deja/shell_plugin/deja.bash", True),
        ('eval "$(deja init bash)"', True),
        ("zinit light someone/deja", True),
        ("  # source ~/deja/shell_plugin/deja.bash", False),
        ("export EDITOR=vi", False),
    ],
)
def test_doctor_looks_for_the_plugin_in_start_up_files(deja: Deja, line: str, well: bool) -> None:
    (deja.home / ".bashrc").write_text(f"{line}\n")
    findings = json.loads(deja("doctor", "--json").stdout)["findings"]
    assert next(item for item in findings if item["name"] == "bash")["ok"] is well


def test_doctor_names_what_is_wrong_in_the_configuration(deja: Deja) -> None:
    def told(text: str) -> list[str]:
        deja.config.config_file.parent.mkdir(parents=True, exist_ok=True)
        deja.config.config_file.write_text(text)
        findings = json.loads(deja("doctor", "--json").stdout)["findings"]
        found = [item for item in findings if item["name"] == "config"]
        assert all(item["ok"] is (item["mend"] == "") for item in found)
        return [item["found"].partition("config.toml")[2] for item in found]

    assert told("learn = true\n[picker]\nheight = 9\n") == [", every setting known"]
    assert told('lern = true\n[picker]\nheight = "tall"\n[picker.keys]\nputt = "f5"\n') == [
        ': "lern" is no setting; is it learn?',
        ': picker.height is "tall"; allowed: 5 or more, "50%", "full"',
        ': "picker.keys.putt" is no setting; is it put?',
    ]


def test_doctor_sees_a_daemon_that_lacks_the_model(daemon: Deja, model_dir: Path) -> None:
    wait_until(lambda: daemon.status().get("loading") == "0", "the search for a model")
    found = daemon("doctor", "--json", env={"DEJA_MODEL_DIR": str(model_dir)})
    findings = {item["name"]: item for item in json.loads(found.stdout)["findings"]}
    assert findings["model"]["ok"]
    assert not findings["daemon"]["ok"]
    assert "ONNX model not found" in findings["daemon"]["found"]
    assert findings["daemon"]["mend"] == "deja restart"


def test_meaning_and_dimension_errors_with_the_real_model(deja: Deja, model_dir: Path) -> None:
    deja.env["DEJA_MODEL_DIR"] = str(model_dir)
    deja.record("tar xzf backup.tgz", "docker ps -a", "du -ah . | sort -rh | head")
    deja.start()
    wait_until(lambda: deja.status().get("embedded") == "3", "the embedding")
    answer = json.loads(deja("search", "--json", "unpack an archive").stdout)
    assert answer["mode"] == "hybrid"
    assert answer["results"][0]["command"] == "tar xzf backup.tgz"
    assert isinstance(answer["results"][0]["meaning"], float)
    status = json.loads(deja("status", "--json").stdout)
    assert status["providers"] == ["CPUExecutionProvider"]
    assert status["model"]
    deja.stop()
    # Vectors of another model: made anew behind the first answers.
    stamp = deja.config.vectors_dir / "stamp.json"
    stamp.write_text(stamp.read_text().replace("384", "768"))
    deja.start()
    assert deja.search("docker") == ["docker ps -a"]
    wait_until(lambda: deja.status().get("embedded") == "3", "the embedding, anew")
    assert "Different embedding dimensions" in deja.config.log_file.read_text()


def test_the_store_is_what_others_can_read(daemon: Deja) -> None:
    daemon.record("make")
    daemon.ask("refresh")
    with sqlite3.connect(f"{daemon.config.store_file.as_uri()}?mode=ro", uri=True) as db:
        assert db.execute("SELECT text, runs FROM commands").fetchall() == [("make", 1)]
