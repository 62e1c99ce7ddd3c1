"""install.sh, on a stand-in Python that makes no real environment.

The real installation is run by scripts/test.sh. Here every path is below tmp_path.
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from support.machine import Machine
from support.paths import ROOT as REPOSITORY


def test_an_installation_has_what_shells_and_daemon_need(machine: Machine) -> None:
    out = machine.install("--shell", "all")
    assert (machine.data / "app/backend/app.py").is_file()
    assert (machine.data / "app/install.sh").is_file()
    assert (machine.data / "model/manifest.json").is_file()
    assert not list(machine.data.glob("export.*"))
    assert not (machine.data / "downloads").exists()
    assert machine.data.stat().st_mode & 0o777 == 0o700
    assert machine.calls[-2:] == ["deja start", "deja import auto"]
    for name in (".zshrc", ".bashrc", ".config/fish/config.fish"):
        assert f"{machine.home / name}: one line added" in out
    assert "press Ctrl-R" in out
    assert "To download" in out


def test_the_copy_has_what_users_need_and_no_more(machine: Machine) -> None:
    machine.install()
    app = machine.data / "app"
    assert {path.name for path in (app / "scripts").iterdir() if path.name != "__pycache__"} == {
        *("__init__.py", "build_index.py", "export_to_onnx.py", "requirements-export.txt"),
        *("export", "install"),
    }
    assert not (app / "tests").exists()


def test_scripts_that_the_copy_names_are_in_it(machine: Machine) -> None:
    """In shell code and in strings of Python code; comments and docstrings may tell of others."""
    machine.install()
    app = machine.data / "app"
    shell = [app / "install.sh", *app.glob("scripts/install/*.sh")]
    told = [line for path in shell for line in path.read_text().splitlines() if line[:1] != "#"]
    told += [text for path in app.rglob("*.py") for text in strings(path)]
    named = re.findall(r"\bscripts/[\w/-]+\.(?:py|sh|txt)", "\n".join(told))
    assert {"scripts/build_index.py", "scripts/install/reach.py"} <= set(named)
    assert [name for name in named if not (app / name).is_file()] == []


def strings(path: Path) -> Iterator[str]:
    """Of a Python file, docstrings left out."""
    tree = ast.parse(path.read_text("utf-8"))
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in documentation:
            yield str(node.value)


def test_the_copy_checks_a_model_and_makes_vectors(machine: Machine, model_dir: Path) -> None:
    machine.install()
    scripts = machine.data / "app/scripts"
    for command in (
        ["export_to_onnx.py", "--check", "--output", str(model_dir)],
        ["build_index.py", "--help"],
    ):
        arguments = [sys.executable, "-I", str(scripts / command[0]), *command[1:]]
        done = subprocess.run(arguments, cwd="/", capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


def test_env_sh_is_plain_assignments_that_survive_a_space(machine: Machine) -> None:
    machine.install()
    script = '. "$1"; printf "%s\\n" "$_deja_python" "$_deja_app" "$_deja_bin"'
    for shell in ("bash", "zsh"):
        done = subprocess.run(
            [shell, "-c", script, shell, str(machine.data / "env.sh")],
            capture_output=True,
            text=True,
            check=True,
        )
        python, app, bin_dir = done.stdout.splitlines()
        assert Path(python).name == "python"
        assert python.startswith(f"{machine.data}/runtime-")
        assert app == str(machine.data / "app")
        assert bin_dir == str(machine.home / ".local/bin")
    lines = (machine.data / "env.sh").read_text().splitlines()
    assert all(line.startswith("_deja_") for line in lines)


def test_a_second_run_repeats_nothing(machine: Machine) -> None:
    machine.install()
    before = machine.calls
    rc = (machine.home / ".bashrc").read_bytes()
    out = machine.install()
    assert machine.calls[len(before) :] == ["reduce", "deja start"]
    assert (machine.home / ".bashrc").read_bytes() == rc
    assert "one line present" in out
    assert "The model is there and whole" in out
    # What was typed in a pause or a private shell stands in the shell's own file.
    assert "to do it again: deja import" in out


def test_an_upgrade_replaces_program_and_runtime(machine: Machine) -> None:
    machine.install()
    (machine.data / "app/backend/gone.py").write_text("old")
    (machine.data / "runtime-0123456789ab").mkdir()
    (machine.data / "history.db").write_text("mine")
    (machine.data / "daemon").write_text("running")
    machine.install()
    assert not (machine.data / "app/backend/gone.py").exists()
    assert len(list(machine.data.glob("runtime-*"))) == 1
    assert (machine.data / "history.db").read_text() == "mine"
    assert "deja restart" in machine.calls


def test_no_rc_leaves_rc_files_alone(machine: Machine) -> None:
    out = machine.install("--no-rc")
    assert not (machine.home / ".bashrc").exists()
    assert not (machine.home / ".zshrc").exists()
    assert "shell_plugin/deja.zsh' (or deja.bash, deja.fish)" in out


STRATEGY = "&& ZSH_AUTOSUGGEST_STRATEGY=(deja history) && . "


def test_suggestions_are_for_who_asks_for_them(machine: Machine) -> None:
    zshrc = machine.home / ".zshrc"
    zshrc.write_text("source /usr/share/zsh-autosuggestions/zsh-autosuggestions.zsh\n")
    before = machine.tree()
    machine.install("--shell", "all")
    assert STRATEGY not in zshrc.read_text(), "--yes is no answer to what was not asked"
    machine.install("--shell", "all", "--suggest")
    assert zshrc.read_text().count(STRATEGY) == 1
    assert STRATEGY not in (machine.home / ".bashrc").read_text()
    machine.install("--shell", "all")
    assert zshrc.read_text().count(STRATEGY) == 1, "an upgrade keeps the choice"
    machine.run("--uninstall", "--purge")
    assert machine.tree()[".zshrc"] == before[".zshrc"]


@pytest.mark.parametrize("answer", ["y", "n", ""])
def test_suggestions_are_offered_where_the_library_is(machine: Machine, answer: str) -> None:
    zshrc = machine.home / ".zshrc"
    zshrc.write_text("plugins=(git zsh-autosuggestions)\n")
    child = pexpect.spawn(
        "bash",
        [str(machine.script), "--shell", "zsh"],
        env=machine.environment,
        cwd=str(machine.home),
        timeout=60,
    )
    child.expect_exact("takes 141 MB")
    child.expect_exact("[Y/n]")
    child.sendline("")
    child.expect_exact("finds likely next? [y/N]")
    child.sendline(answer)
    child.expect_exact("is set up")
    child.wait()
    assert (STRATEGY in zshrc.read_text()) == (answer == "y")


def test_zdotdir_is_found_even_when_only_zshenv_sets_it(machine: Machine) -> None:
    (machine.home / "dots").mkdir()
    (machine.home / ".zshenv").write_text("ZDOTDIR=$HOME/dots\necho hello from zshenv\n")
    machine.install("--shell", "zsh")
    assert "deja.zsh" in (machine.home / "dots/.zshrc").read_text()
    assert not (machine.home / ".bashrc").exists()
    machine.run("--uninstall", "--purge")
    assert not (machine.home / "dots/.zshrc").exists()


def test_deja_home_takes_everything_and_reaches_new_shells(machine: Machine) -> None:
    root = machine.home / "it's here"
    machine.install("--shell", "bash", DEJA_HOME=str(root))
    assert (root / "data/env.sh").is_file()
    assert (root / "logs/install.log").is_file()
    assert not machine.data.exists()
    line = (machine.home / ".bashrc").read_text()
    script = f'unset DEJA_HOME; {line.split(";")[0]}; echo "$DEJA_HOME"'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(root)
    status, _, err = machine.run("--uninstall", "--purge", DEJA_HOME=str(root))
    assert (status, err) == (0, "")
    assert machine.tree() == {}


def test_fish_reads_its_line(machine: Machine) -> None:
    root = machine.home / "it's here"
    machine.install("--shell", "fish", DEJA_HOME=str(root))
    rc = machine.home / ".config/fish/config.fish"
    assert not (machine.home / ".bashrc").exists()
    script = "set -e DEJA_HOME; source ~/.config/fish/config.fish; echo $DEJA_HOME; echo $_deja_app"
    environment = {**machine.environment, "TERM": "dumb"}
    done = subprocess.run(
        ["fish", "--no-config", "-i", "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert rc.read_text().count("deja.fish") == 2
    assert done.stdout.splitlines() == [str(root), str(root / "data/app")]
    machine.run("--uninstall", "--purge", DEJA_HOME=str(root))
    assert not rc.parent.exists()


def test_the_launcher_passes_its_arguments_on(machine: Machine) -> None:
    machine.install()
    launcher = machine.home / ".local/bin/deja"
    environment = machine.environment
    subprocess.run([launcher, "search", "two words"], env=environment, check=True)
    assert machine.calls[-1] == "deja search two words"
    subprocess.run([launcher], env=environment, check=True)
    assert machine.calls[-1] == "deja --help"


def test_a_foreign_deja_command_is_left_alone(machine: Machine) -> None:
    foreign = machine.home / ".local/bin/deja"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("#!/bin/sh\necho backup tool\n")
    out = machine.install()
    assert "belongs to something else" in out
    assert "backup tool" in foreign.read_text()
    assert (machine.data / "bin/deja").is_file()
    assert f"_deja_bin='{machine.data}/bin'" in (machine.data / "env.sh").read_text()
    machine.run("--uninstall", "--purge")
    assert foreign.exists()


def test_a_shared_model_is_used_and_linked(machine: Machine, tmp_path: Path) -> None:
    shared = tmp_path / "shared model"
    shared.mkdir()
    (shared / "manifest.json").touch()
    machine.install(DEJA_MODEL_DIR=str(shared))
    assert "export" not in machine.calls
    assert (machine.data / "model").resolve() == shared
    machine.run("--uninstall", "--purge")
    assert (shared / "manifest.json").exists()


@pytest.mark.parametrize("asked", ["--precision", "EMBEDDING_DEVICE", "config.toml"])
def test_float32_is_kept_for_who_asks_for_it(machine: Machine, asked: str) -> None:
    arguments, environment = [], {}
    if asked == "--precision":
        arguments = [asked, "fp32"]
    elif asked == "EMBEDDING_DEVICE":
        environment[asked] = "cuda"
    else:
        config = machine.home / ".config/deja" / asked
        config.parent.mkdir(parents=True)
        config.write_text('precision = "fp32"\n')
    for expected in (["export fp32"], []):
        before = len(machine.calls)
        machine.install(*arguments, **environment)
        if asked == "--precision":
            assert "deja config set precision fp32" in machine.calls[before:]
        models = [call for call in machine.calls[before:] if not call.startswith(("pip", "deja"))]
        assert models == expected


def test_a_shared_model_is_not_reduced(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").touch()
    for _ in range(2):
        machine.install(DEJA_MODEL_DIR=str(tmp_path))
    assert "reduce" not in machine.calls


def test_macos_bash_reads_bash_profile(machine: Machine, tmp_path: Path) -> None:
    uname = tmp_path / "bin/uname"
    uname.write_text("#!/bin/sh\necho Darwin\n")
    uname.chmod(0o755)
    machine.install("--shell", "bash")
    assert "deja.bash" in (machine.home / ".bash_profile").read_text()
    assert (machine.home / "Library/Application Support/deja/env.sh").is_file()
    machine.run("--uninstall", "--purge")
    assert machine.tree() == {}


def test_the_places_are_those_of_the_configuration(machine: Machine) -> None:
    machine.install()
    code = "from backend import config; c = config.load(); print(c.data_dir, c.log_dir, sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"HOME": str(machine.home), "PATH": os.environ["PATH"]},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    data, logs = map(Path, done.stdout.splitlines())
    assert (data / "env.sh").is_file()
    assert (logs / "install.log").is_file()


def test_the_forwarding_script_forwards() -> None:
    script = REPOSITORY / "shell_plugin/install.sh"
    done = subprocess.run(["bash", script, "--help"], capture_output=True, text=True, check=True)
    assert "--model-source DIR" in done.stdout
