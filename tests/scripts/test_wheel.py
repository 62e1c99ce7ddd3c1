"""The wheel: built, installed by pip into an environment of its own, used by a person with an empty
HOME, upgraded, taken back.

Nothing is downloaded but the builder: what deja depends on is there already, for these tests.
"""

import csv
import json
import os
import re
import shutil
import site
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path

import pytest
from support.install import wait_until
from support.paths import ROOT
from support.shells import ENTER, PROMPT, Shell, ctrl

from backend import __version__

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(model_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheels of a tester")
    subprocess.run(
        ["bash", str(ROOT / "scripts/build_wheel.sh"), "--out", str(out)],
        env={**os.environ, "DEJA_MODEL_DIR": str(model_dir), "PYTHON": sys.executable},
        check=True,
        timeout=280,
    )
    (built,) = out.iterdir()
    return built


def test_the_wheel_is_one_package_for_every_machine(wheel: Path) -> None:
    assert wheel.name == f"deja_history-{__version__}-py3-none-any.whl"
    assert wheel.stat().st_size < 25e6
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        about = f"deja_history-{__version__}.dist-info"
        metadata = Parser().parsestr(archive.read(f"{about}/METADATA").decode())
        recorded = {row[0] for row in csv.reader(archive.read(f"{about}/RECORD").decode().split())}
    assert {name.split("/")[0] for name in names} == {"deja_history", about}
    assert set(names) == recorded
    assert not [name for name in names if "__pycache__" in name or name.endswith("fp32.onnx")]
    models = {name for name in names if "/model/" in name}
    assert {Path(name).name for name in models} == {
        *("manifest.json", "model-int8.onnx", "model-int8.onnx.data", "tokenizer.json"),
    }
    wanted = pins("requirements.txt")
    wanted += [f'{pin}; extra == "mcp"' for pin in pins("backend/commands/agents/requirements.txt")]
    wanted += [f'{pin}; extra == "sync"' for pin in pins("backend/sync/requirements.txt")]
    found = [requirement(line) for line in metadata.get_all("Requires-Dist", [])]
    assert found == [requirement(line) for line in wanted]


def requirement(line: str) -> tuple[set[str], str]:
    """Name and versions in any order, and the extra."""
    versions, _, extra = line.partition(";")
    return set(re.split(r"(?=[<>=]=?\d)|,", versions.strip())) - {""}, extra


def pins(path: str) -> list[str]:
    lines = (ROOT / path).read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class User:
    """A person with a HOME, a history, and the wheel in a virtual environment."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.home = folder / "a home"
        self.data = self.home / ".local/share/deja"
        self.venv = folder / "an environment"
        self.wheel = wheel
        self.home.mkdir()
        (self.home / ".zshrc").write_text(f"PS1='{PROMPT}'\n")
        (self.home / ".zsh_history").write_text(
            ": 1700000000:0;tar -xzf backup.tgz\n: 1700000100:0;git reset --soft HEAD~1\n"
            ": 1700000200:0;curl -H 'Authorization: Bearer 3f786850e387550fdab836ed7e6dc881'\n"
        )
        self.before = self.files()
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", self.venv], check=True)
        (packages,) = self.venv.glob("lib/python*/site-packages")
        self.package = packages / "deja_history"
        (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()))
        self.env = {
            "HOME": str(self.home),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
        }

    def install(self) -> None:
        options = ["--no-deps", "--no-index", "--force-reinstall", "--disable-pip-version-check"]
        pip = [sys.executable, "-m", "pip", "--python", str(self.venv), "install", "--quiet"]
        subprocess.run([*pip, *options, str(self.wheel)], check=True, timeout=120)

    def deja(self, *arguments: str) -> str:
        done = subprocess.run(
            [self.venv / "bin/deja", *arguments],
            env=self.env,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def status(self) -> dict[str, object]:
        status: dict[str, object] = json.loads(self.deja("status", "--json"))
        return status

    def files(self) -> dict[str, bytes]:
        """Every file below HOME, but for what zsh makes for itself."""
        return {
            str(path.relative_to(self.home)): path.read_bytes()
            for path in self.home.rglob("*")
            if path.is_file() and "zcompdump" not in path.name
        }


@pytest.fixture(scope="module")
def user(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[User]:
    person = User(tmp_path_factory.mktemp("wheel"), wheel)
    person.install()
    # The release before this one.
    about = person.package / "backend/__init__.py"
    about.write_text(about.read_text().replace(__version__, "0.0.10"))
    yield person
    subprocess.run([person.venv / "bin/deja", "stop"], env=person.env)


def test_before_any_set_up_it_imports_and_finds(user: User) -> None:
    assert "3 new" in user.deja("import")
    assert user.deja("search", "unpack an archive").startswith("tar -xzf backup.tgz\n")
    assert user.status()["version"] == "0.0.10"
    assert not list(user.home.glob(".bashrc"))


def test_set_up_it_answers_the_key_in_a_real_zsh(user: User) -> None:
    out = user.deja("setup", "--shell", "zsh", "--yes")
    assert f"{user.home}/.zshrc: one line added" in out
    assert "1 secret in your history files" in out
    assert "deja audit" in out
    shell = Shell([shutil.which("zsh") or "zsh", "-i"], user.env, user.home)
    try:
        shell.wait_prompt()
        shell.run("echo from a shell")
        shell.send("unpack an archive" + ctrl("r"))
        shell.wait_for("tar -xzf backup.tgz")
        shell.send(ENTER)
        shell.wait_line("tar -xzf backup.tgz")
    finally:
        shell.close()
    wait_until(lambda: user.status()["commands"] == 4, "the command of the shell in the store")


def test_an_upgrade_in_place_keeps_history_and_vectors(user: User) -> None:
    wait_until(lambda: user.status()["embedded"] == 4, "the vectors")
    vectors = {path.name: path.stat().st_ino for path in (user.data / "vectors").iterdir()}
    rc = (user.home / ".zshrc").read_bytes()
    user.install()
    assert "one line present" in user.deja("setup", "--shell", "zsh", "--yes")
    assert (user.home / ".zshrc").read_bytes() == rc
    assert user.deja("search", "unpack an archive").startswith("tar -xzf backup.tgz\n")
    status = user.status()
    assert (status["version"], status["commands"], status["embedded"]) == (__version__, 4, 4)
    assert vectors == {path.name: path.stat().st_ino for path in (user.data / "vectors").iterdir()}


def test_undone_the_home_is_as_it_was(user: User) -> None:
    kept = user.deja("setup", "--undo")
    assert "your history, kept" in kept
    assert "uv tool uninstall deja-history" in kept
    assert (user.data / "history.db").exists()
    assert (user.home / ".zshrc").read_bytes() == user.before[".zshrc"]
    user.deja("setup", "--undo", "--purge")
    assert user.files() == user.before
    assert not list(user.home.rglob("*deja*"))
