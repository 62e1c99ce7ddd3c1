"""install.sh, on a stand-in Python that makes no real environment, and the line in rc files.

The real installation is run by scripts/test.sh. Here every path is below tmp_path.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.paths import ROOT as REPOSITORY

from scripts.install import rc_line

# Answers install.sh as a Python would. PIP says what pip does: ok, fail, or hang.
STAND_IN = r"""#!/bin/bash
real={real}
case "$*" in
    *_base_executable*) echo "$0" ;;
    *"import ensurepip"*) exit "${{NO_VENV:-0}}" ;;
    *"-m venv "*) mkdir -p "${{@: -1}}/bin"; ln -s "$0" "${{@: -1}}/bin/python" ;;
    *"-m pip install"*)
        echo "pip $*" >>"$CALLS"
        case "$PIP" in
            fail) echo "ERROR: no route to the registry" >&2; exit 1 ;;
            full) for word; do case $word in "$HOME"/*/downloads) mkdir -p "$word" ;; esac; done
                echo "OSError: [Errno 28] No space left on device" >&2; exit 1 ;;
            hang) sleep 300 ;;
        esac
        before=
        for word; do [ "$before" != --report ] || echo '{{}}' >"$word"; before=$word; done ;;
    *"export_to_onnx.py --check"*) [ -e "${{@: -1}}/manifest.json" ] ;;
    *export_to_onnx.py*)
        echo "export" >>"$CALLS"
        [ "$EXPORT" != fail ] || {{ echo "export_to_onnx: differs by 3" >&2; exit 1; }}
        mkdir -p "${{@: -1}}"; touch "${{@: -1}}/manifest.json" ;;
    *reach.py*) exit 1 ;;
    *backend/app.py*) all="$*"; echo "deja ${{all#*app.py }}" >>"$CALLS" ;;
    *"-m pip uninstall"* | *compileall* | *"import onnxruntime"*) ;;
    *) exec "$real" "$@" ;;
esac
"""


class Machine:
    """An empty HOME with a stand-in for python3, and what install.sh did to it."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "a home"
        self.data = self.home / ".local/share/deja"
        self.calls_file = folder / "calls"
        self.home.mkdir()
        bin_dir = folder / "bin"
        bin_dir.mkdir()
        python = bin_dir / "python3"
        python.write_text(STAND_IN.format(real=sys.executable))
        python.chmod(0o755)
        self.environment = {
            "HOME": str(self.home),
            "PATH": f"{bin_dir}:/usr/bin:/bin",
            "CALLS": str(self.calls_file),
            "PIP": "ok",
            "EXPORT": "ok",
        }

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["bash", str(REPOSITORY / "install.sh"), *arguments],
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.home,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        process = self.start(*arguments, **environment)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def install(self, *arguments: str, **environment: str) -> str:
        status, out, err = self.run("--yes", *arguments, **environment)
        assert (status, err) == (0, "")
        return out

    @property
    def calls(self) -> list[str]:
        return self.calls_file.read_text().splitlines() if self.calls_file.exists() else []

    def tree(self) -> dict[str, bytes]:
        """Every file and folder below HOME."""
        return {
            str(path.relative_to(self.home)): path.read_bytes() if path.is_file() else b""
            for path in self.home.rglob("*")
        }


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_an_installation_has_what_shells_and_daemon_need(machine: Machine) -> None:
    out = machine.install("--shell", "all")
    assert (machine.data / "app/backend/app.py").is_file()
    assert (machine.data / "app/install.sh").is_file()
    assert (machine.data / "model/manifest.json").is_file()
    assert not list(machine.data.glob("export.*"))
    assert not (machine.data / "downloads").exists()
    assert machine.data.stat().st_mode & 0o777 == 0o700
    assert machine.calls[-2:] == ["deja start", "deja import auto"]
    for name in (".zshrc", ".bashrc"):
        assert f"{machine.home / name}: one line added" in out
    assert "press Ctrl-R" in out
    assert "To download" in out


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
    assert machine.calls[len(before) :] == ["deja start", "deja import auto"]
    assert (machine.home / ".bashrc").read_bytes() == rc
    assert "one line present" in out
    assert "The model is there and whole" in out


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


@pytest.mark.parametrize(
    "rc", [b"", b"alias ll='ls -l'\n", b"no newline", b"\xff\x00odd\r\nbytes", b"\n\n"]
)
def test_uninstall_and_purge_leave_home_as_it_was(machine: Machine, rc: bytes) -> None:
    (machine.home / ".bashrc").write_bytes(rc)
    (machine.home / ".zshrc").write_bytes(rc[::-1])
    before = machine.tree()
    machine.install("--shell", "all")
    assert machine.tree() != before
    status, out, err = machine.run("--uninstall", "--purge")
    assert (status, err) == (0, ""), out
    assert machine.tree() == before
    assert machine.calls[-1] == "deja stop"


def test_uninstall_removes_rc_files_that_it_made(machine: Machine) -> None:
    machine.install("--shell", "all")
    assert (machine.home / ".zshrc").exists()
    machine.run("--uninstall", "--purge")
    assert machine.tree() == {}


def test_uninstall_keeps_the_history(machine: Machine) -> None:
    machine.install()
    (machine.data / "history.db").write_text("mine")
    status, out, _ = machine.run("--uninstall")
    assert status == 0
    assert "your history, kept" in out
    assert (machine.data / "history.db").read_text() == "mine"
    assert not (machine.data / "app").exists()
    assert not (machine.home / ".bashrc").exists()
    machine.run("--uninstall", "--purge")
    assert machine.tree() == {}


def test_uninstall_where_nothing_is_says_so(machine: Machine) -> None:
    (machine.data / "model").mkdir(parents=True)
    (machine.data / "model/other").write_text("somebody else's")
    status, _, err = machine.run("--uninstall", "--purge")
    assert status == 1
    assert "nothing to uninstall" in err
    assert (machine.data / "model/other").exists()


def test_no_rc_leaves_rc_files_alone(machine: Machine) -> None:
    out = machine.install("--no-rc")
    assert not (machine.home / ".bashrc").exists()
    assert not (machine.home / ".zshrc").exists()
    assert "shell_plugin'/deja.zsh" in out


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


def test_a_failing_pip_tells_what_why_and_what_to_do(machine: Machine) -> None:
    status, _, err = machine.run("--yes", PIP="fail")
    assert status == 1
    assert "the runtime environment could not be made" in err
    assert "no route to the registry" in err
    assert "run this again" in err
    assert "install.log" in err
    assert not (machine.home / ".bashrc").exists()
    machine.install()


@pytest.mark.parametrize("pip", ["fail", "full"])
def test_a_failing_pip_leaves_no_part_of_a_runtime(machine: Machine, pip: str) -> None:
    assert machine.run("--yes", PIP=pip)[0] == 1
    assert not list(machine.data.glob("runtime-*"))
    assert not (machine.data / "downloads").exists()
    machine.install()


def test_a_failing_export_leaves_no_model_and_the_old_program(machine: Machine) -> None:
    status, _, err = machine.run("--yes", EXPORT="fail")
    assert status == 1
    assert "differs by 3" in err
    assert not (machine.data / "model").exists()
    assert not list(machine.data.glob("export.*"))
    machine.install()


def test_an_interrupt_leaves_no_part_of_a_runtime(machine: Machine) -> None:
    process = machine.start("--yes", PIP="hang")
    deadline = time.monotonic() + 20
    while not list(machine.data.glob("runtime-*/bin/python")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(machine.data.glob("runtime-*"))
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert not list(machine.data.glob("runtime-*"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_no_temporary_files(machine: Machine, number: signal.Signals) -> None:
    machine.install()
    shutil.rmtree(machine.data / "model")
    process = machine.start("--yes", PIP="hang")
    deadline = time.monotonic() + 20
    while not list(machine.data.glob("export.*/venv/bin/python")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert list(machine.data.glob("export.*"))
    process.send_signal(number)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "interrupted" in err
    assert not list(machine.data.glob("export.*"))
    assert not (machine.data / "install.lock").exists()


def test_two_installations_at_once_are_refused(machine: Machine) -> None:
    first = machine.start("--yes", PIP="hang")
    lock = machine.data / "install.lock/pid"
    deadline = time.monotonic() + 20
    while not (lock.exists() and lock.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    status, _, err = machine.run("--yes")
    assert status == 1
    assert "another installation is running" in err
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=20)
    machine.install()


def test_without_a_usable_python_it_says_what_is_missing(machine: Machine, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    for tool in ("bash", "uname", "dirname", "mkdir", "chmod", "cat", "rm", "sed", "grep"):
        (bare / tool).symlink_to(shutil.which(tool) or tool)
    status, _, err = machine.run("--yes", PATH=str(bare))
    assert status == 1
    assert "deja needs Python 3.11 or newer" in err
    (bare / "python3").symlink_to(tmp_path / "bin/python3")
    status, _, err = machine.run("--yes", PATH=str(bare), NO_VENV="1")
    assert status == 1
    assert "lacks venv" in err


@pytest.mark.parametrize("arguments", [["--bogus"], ["--shell"], ["--shell", "fish"], ["--purge"]])
def test_wrong_usage_is_refused(machine: Machine, arguments: list[str]) -> None:
    status, _, err = machine.run(*arguments)
    assert status == 2
    assert err.startswith("deja: ")
    assert machine.tree() == {}


def test_without_yes_and_without_a_terminal_it_asks_nobody(machine: Machine) -> None:
    status, _, err = machine.run()
    assert status == 1
    assert "--yes" in err
    assert machine.tree() == {}


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


# ---- the line in an rc file ----


def test_lines_written_after_ours_stay(tmp_path: Path) -> None:
    rc = tmp_path / ".zshrc"
    rc.write_bytes(b"first")
    rc_line.add(rc, "[ -r '/x/deja.zsh' ] && . '/x/deja.zsh'")
    with rc.open("ab") as stream:
        stream.write(b"later\n")
    assert rc_line.remove(rc) == "removed"
    assert rc.read_bytes() == b"first\nlater\n"


def test_a_line_of_an_older_place_is_replaced(tmp_path: Path) -> None:
    rc = tmp_path / ".zshrc"
    rc.write_bytes(b"before\n")
    assert rc_line.add(rc, ". '/old/deja.zsh'") == "added"
    assert rc_line.add(rc, ". '/new/deja.zsh'") == "replaced"
    assert rc.read_bytes() == b"before\n. '/new/deja.zsh' # deja\n"


def test_a_link_to_an_rc_file_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles", tmp_path / ".zshrc"
    real.write_bytes(b"mine\n")
    link.symlink_to(real)
    rc_line.add(link, ". '/x/deja.zsh'")
    assert b"deja.zsh" in real.read_bytes()
    rc_line.remove(link)
    assert link.is_symlink()
    assert real.read_bytes() == b"mine\n"


def test_lines_that_only_look_like_ours_stay(tmp_path: Path) -> None:
    rc = tmp_path / ".zshrc"
    text = b"# deja\n. /x/deja.zsh\nalias dv='echo deja' # deja\n"
    rc.write_bytes(text)
    assert rc_line.remove(rc) == "absent"
    assert rc.read_bytes() == text
