"""What the tests share: an empty DEJA_HOME, a daemon in it, the `deja` command, a model; for the
shells, a HOME with the plugin and a scripted daemon.

No test sees the real HOME or an install of the person who runs the tests.
"""

import os
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import hypothesis
import pytest
from support.embedding import BagOfLetters
from support.fake_daemon import FakeDaemon, examples
from support.install import Deja
from support.machine import Machine
from support.shells import Home, Shell, start

from backend import config
from backend.config import Config
from backend.daemon import control
from backend.engine.engine import Engine

# Tests of the daemon need no model, unless they ask for the real one.
MODEL = os.environ.get("DEJA_MODEL_DIR")

# What these tell is the picker's own, whatever shell it came from: each test has one shell, and the
# next another. DEJA_TEST_FULL=1 has each in all of them.
ONE_SHELL_EACH = {
    f"test_picker_{name}"
    for name in (
        "blanks",
        "episodes",
        "kept",
        "narrow",
        "rows",
        "screen",
        "settings",
        "vi",
        "views",
    )
}
FULL = os.environ.get("DEJA_TEST_FULL") == "1"


# Machines are shared: how long an example takes is nothing that a test may fail by.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")
# For the loop of CONTRIBUTING.md: a tenth of the examples. --hypothesis-profile=quick
hypothesis.settings.register_profile("quick", max_examples=10, deadline=None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need an exported model can be left out by -m 'not model'."""
    if not FULL:
        items[:] = _with_one_shell_each(items)
    for item in items:
        if "model_dir" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.model)


def _with_one_shell_each(items: list[pytest.Item]) -> list[pytest.Item]:
    """Without the same test in another shell, in the modules of ONE_SHELL_EACH."""
    alike: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        chosen = getattr(item, "callspec", None)
        if chosen and "kind" in chosen.params and item.path.stem in ONE_SHELL_EACH:
            alike[item.nodeid.replace(str(chosen.params["kind"]), "")].append(item)
    left_out = {
        id(item)
        for name, same in alike.items()
        for at, item in enumerate(same)
        if at != crc32(name.encode()) % len(same)
    }
    return [item for item in items if id(item) not in left_out]


@pytest.fixture(autouse=True)
def _no_real_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test calls in this process, it finds no install and no history."""
    for name in ("DEJA_HOME", "HOME", "ZDOTDIR", "HISTFILE", "DEJA_IGNORE", "DEJA_PRECISION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def deja(tmp_path: Path) -> Iterator[Deja]:
    """An install without a model and without a daemon; one that was started is stopped."""
    install = Deja(tmp_path)
    yield install
    control.stop(install.config)


@pytest.fixture
def daemon(deja: Deja) -> Deja:
    """An install whose daemon runs, without a model."""
    deja.start()
    return deja


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A HOME for a real shell, with the plugin installed."""
    return Home(tmp_path)


@pytest.fixture
def fake(home: Home) -> Iterator[FakeDaemon]:
    """A scripted daemon that the shells of `home` find."""
    scripted = FakeDaemon(home.data, examples(time.time()))
    yield scripted
    scripted.stop()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A computer for install.sh."""
    return Machine(tmp_path)


@pytest.fixture(params=["zsh", "bash", "fish"])
def kind(request: pytest.FixtureRequest) -> str:
    """The test runs once in each shell."""
    return str(request.param)


@pytest.fixture
def shell(kind: str, home: Home, fake: FakeDaemon) -> Iterator[Shell]:
    """An interactive shell whose picker asks the scripted daemon."""
    with start(kind, home) as opened:
        yield opened


@pytest.fixture(scope="session")
def model_dir() -> Path:
    """The exported model that DEJA_MODEL_DIR names."""
    if not MODEL:
        pytest.fail("DEJA_MODEL_DIR names no model; run: bash scripts/test.sh, which makes one")
    return Path(MODEL)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """The configuration of an empty install, its directories made."""
    monkeypatch.setenv("DEJA_HOME", str(tmp_path / "install"))
    monkeypatch.setenv("DEJA_MODEL_DIR", str(tmp_path / "no model"))
    made = config.load()
    made.spool_dir.mkdir(parents=True, mode=0o700)
    return made


@pytest.fixture
def engine(settings: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine with a stand-in for the model, loaded; nothing runs in the background."""
    monkeypatch.setattr("backend.meaning.model.Embedder", BagOfLetters)
    made = Engine(settings)
    made.load_model()
    yield made
    made.close()
