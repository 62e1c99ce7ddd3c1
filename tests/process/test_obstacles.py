"""Directories where files should be, links that lead nowhere, modes that keep deja out or let
others in: what deja can put right by itself it does, and says so; it goes on meanwhile.

A sample of the cases; with DEJA_TEST_FULL=1, all. As root, they run as another user, since modes
do not keep root out.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import numpy
import pytest
from support.install import FULL, Deja, wait_until
from support.paths import APP

from backend.storage import snapshots

NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
IS_ROOT = os.getuid() == 0

STORE = ("history.db", "history.db-wal", "history.db-shm")
FILES = (
    *STORE,
    *("text.index", "columns", "daemon", "daemon.lock", "daemon.starts", "daemon.sock"),
    *("vectors/rows", "vectors/codes.i8", "vectors/exact.f16", "vectors/stamp.json"),
    *("snapshots/history-1.db", "spool/host.1.1", "../logs/daemon.log"),
)
DIRECTORIES = ("", "spool", "vectors", "snapshots", "../logs")

LINKS = ("dangling", "loop")
MODES = ("000", "400", "666")
FAULTS = ("directory", "full directory", "fifo", *LINKS, *MODES)

# The data directory itself is where the daemon begins: only its mode can be put right.
CASES = [
    *product(FILES, FAULTS),
    *product(DIRECTORIES[1:], ("file", "fifo", *LINKS, *MODES)),
    *product(("",), MODES),
]


def may_be_refused(name: str, fault: str) -> bool:
    """The store itself, and what others can write."""
    if name in DIRECTORIES:
        return fault == "666"
    return name in STORE and fault in (*LINKS, "666")


class Person(Deja):
    """An install of a user whom modes keep out."""

    python: list[str]

    def __call__(
        self, *arguments: str, stdin: str = "", env: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*self.python, "-I", str(APP), *arguments],
            env={**self.env, **(env or {})},
            cwd="/",
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def own(self) -> None:
        """Give what root has made here to the other user."""
        if IS_ROOT:
            for path in (self.root, *self.root.rglob("*")):
                # A running daemon takes away what stands in its way.
                with contextlib.suppress(FileNotFoundError):
                    os.chown(path, NOBODY, NOBODY, follow_symlinks=False)

    def found(self, query: str) -> list[str]:
        return self("search", query).stdout.splitlines()


@pytest.fixture(scope="module")
def python() -> Iterator[list[str]]:
    """How a user whom modes keep out runs Python: another one than root, whose own Python may be
    out of reach; then the system's, with the same packages.
    """
    if not IS_ROOT:
        yield [sys.executable]
        return
    with reachable() as place:
        yield as_nobody(place)


@contextmanager
def reachable() -> Iterator[Path]:
    """A new directory that another user can pass; pytest's own are root's alone."""
    with tempfile.TemporaryDirectory(prefix="deja-test-") as place:
        Path(place).chmod(0o711)
        yield Path(place)


def as_nobody(place: Path) -> list[str]:
    """Python for another user; skips where there is none."""
    version = f"python3.{sys.version_info.minor}"
    (place / "bin").mkdir()
    (place / "lib" / version).mkdir(parents=True)
    (place / "bin" / "python").symlink_to(f"/usr/bin/{version}")
    (place / "lib" / version / "site-packages").symlink_to(Path(numpy.__file__).parent.parent)
    (place / "pyvenv.cfg").write_text("home = /usr/bin\n")
    command = [*AS_NOBODY, str(place / "bin" / "python")]
    tried = [*command, "-I", str(APP), "--version"]
    if not shutil.which("setpriv") or subprocess.run(tried, capture_output=True).returncode:
        pytest.skip("needs a second user who can run Python here")
    return command


@pytest.fixture
def person(python: list[str]) -> Iterator[Person]:
    with reachable() as place:
        install = Person(place)
        install.python = python
        write(install, "make before")
        assert install.found("before") == ["make before"]
        assert install("stop").returncode == 0
        complete(install)
        yield install
        restore_access(install)
        install("stop")


def complete(install: Person) -> None:
    """Every file that an install may have, made by stopping and by hand."""
    config = install.config
    snapshots.prepare(config.store_file)
    snapshots.keep(config.store_file)
    for name in ("vectors/rows", "vectors/codes.i8", "vectors/exact.f16", "vectors/stamp.json"):
        (config.data_dir / name).touch(0o600)
    install.own()


def restore_access(install: Person) -> None:
    for directory in ("", "spool", "vectors", "snapshots", "../logs"):
        path = install.config.data_dir / directory
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o700)


def write(install: Person, command: str) -> None:
    """As a hook does."""
    install.record(command, session="host.1.1")
    install.own()


def inflict(path: Path, fault: str) -> None:
    if fault in MODES:
        if not path.exists():
            path.touch(0o600)
        path.chmod(int(fault, 8))
        return
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    if fault in ("directory", "full directory"):
        path.mkdir()
        if fault == "full directory":
            (path / "kept").write_bytes(b"in the way")
    elif fault == "file":
        path.write_bytes(b"in the way")
    elif fault == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to(path.with_name("nowhere" if fault == "dangling" else path.name))


def sampled(cases: list[tuple[str, str]], every: int) -> list[tuple[str, str]]:
    return cases if FULL else cases[::every]


def name_of(value: str) -> str:
    return value or "data"


@pytest.mark.parametrize(("name", "fault"), sampled(CASES, 5), ids=name_of)
def test_stopped(person: Person, name: str, fault: str) -> None:
    path = person.config.data_dir / name
    inflict(path, fault)
    person_owns(person, path)
    started = person("start")
    if started.returncode:
        assert may_be_refused(name, fault), started.stderr
        assert started.returncode == 3
        assert started.stderr.count("\n") == 1
        assert any(mend in started.stderr for mend in ("run: ", "rm ", "mv ")), started.stderr
        return
    goes_on(person, path, fault)


@pytest.mark.parametrize(("name", "fault"), sampled(CASES, 16), ids=name_of)
def test_running(person: Person, name: str, fault: str) -> None:
    path = person.config.data_dir / name
    assert person("start").returncode == 0
    inflict(path, fault)
    person_owns(person, path)
    now = person("search", "before")
    if now.returncode != 3:
        assert now.stdout == "make before\n", "searching goes on"
    time.sleep(7)
    refused = person("search", "before").returncode == 3 or (
        name == "spool" and "run: chmod 700" in person("status").stdout
    )
    if refused:
        assert may_be_refused(name, fault)
        return
    goes_on(person, path, fault)


def person_owns(person: Person, path: Path) -> None:
    if IS_ROOT and os.path.lexists(path):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


def goes_on(person: Person, path: Path, fault: str) -> None:
    write(person, "make after")
    wait_until(lambda: person.found("after") == ["make after"], "the new command")
    assert person.found("before") == ["make before"]
    said = person("status").stdout + person("logs").stdout
    if fault not in MODES and not (fault in LINKS and path.name in STORE):
        assert path.name in said, "it says so"
        assert "put right" in said or "recovered" in said


def test_a_spool_that_cannot_be_read_is_said_at_once(person: Person) -> None:
    """Root's, for one, which the user may not open: deja cannot put that right."""
    if not IS_ROOT:
        pytest.skip("needs to give the spool away: run as root")
    spool = person.config.spool_dir
    assert person("start").returncode == 0
    os.chown(spool, 0, 0)
    line = f"new commands are not taken in: cannot read '{spool}' (Permission denied)"
    assert line in person("status").stdout
    found = person("search", "before")
    assert (found.stdout, found.stderr[: len(line)]) == ("make before\n", line)
    os.chown(spool, NOBODY, NOBODY)
    assert line not in person("status").stdout


@pytest.mark.parametrize("name", ["spool", "spool/host.1.1"])
def test_one_that_deja_can_open_again_is_opened_and_said(person: Person, name: str) -> None:
    path = person.config.data_dir / name
    assert person("start").returncode == 0
    write(person, "make after")
    path.chmod(0o000)
    wait_until(lambda: person.found("after") == ["make after"], "the new command")
    assert f"{path} had mode 000" in person("status").stdout
