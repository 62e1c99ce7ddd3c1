"""docs/sync.md: its recipes read what deja writes, without deja; its figures are the code's."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.paths import ROOT
from support.syncing import Fleet

from backend.sync.stores import open_store

PAGE = (ROOT / "docs" / "sync.md").read_text("utf-8")
RECIPES = {
    "shell": re.findall(r"```sh\n(age .*?)\n```", PAGE, re.S)[0],
    "python": re.findall(r"```python\n(.*?)```", PAGE, re.S)[0],
}


@pytest.fixture
def storage(tmp_path: Path) -> Path:
    """A folder with one segment of one run, and the identity beside it."""
    fleet = Fleet(tmp_path / "hosts")
    laptop = fleet.host("laptop")
    laptop.history.type("git push")
    laptop.sync()
    folder = tmp_path / "storage"
    folder.mkdir()
    for name, data in fleet.store.files.items():
        open_store(str(folder)).create(name, data)
    (folder / "identity").write_text(f"# mine\n{fleet.identity.text()}\n")
    (folder / "check.py").write_text(RECIPES["python"])
    return folder


def _run(script: str, folder: Path) -> str:
    script = script.replace("python3", sys.executable)
    arguments = ["bash", "-eo", "pipefail", "-c", script]
    return subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_the_shell_reads_a_segment(storage: Path) -> None:
    mac, header, record = map(json.loads, _run(RECIPES["shell"], storage).splitlines())
    assert (list(mac), header["format"], record["command"]) == (["mac"], 1, "git push")


def test_the_short_program_checks_who_wrote_it(storage: Path) -> None:
    read = "age -d -i identity v1/*/00000001.age | python3 check.py identity"
    header, record = map(json.loads, _run(read, storage).splitlines())
    assert (header["sequence"], record["command"]) == (1, "git push")
    (storage / "forge.py").write_text(
        "import sys, zlib\n"
        "lines = zlib.decompress(sys.stdin.buffer.read())\n"
        "sys.stdout.buffer.write(zlib.compress(lines.replace(b'push', b'pull')))\n"
    )
    forged = read.replace("|", "| python3 forge.py |")
    with pytest.raises(subprocess.CalledProcessError, match="exit status 1"):
        _run(forged, storage)


def test_the_page_names_every_field_of_the_header(storage: Path) -> None:
    header = json.loads(_run(RECIPES["shell"], storage).splitlines()[1])
    table = PAGE[PAGE.index("The key-check's header") : PAGE.index("Records, with")]
    assert all(f"`{name}`" in table for name in header)
