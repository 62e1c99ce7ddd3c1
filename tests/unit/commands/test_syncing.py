"""deja sync without its packages, and what its status says."""

import importlib.util
import time

import click
import pytest

from backend.commands.syncing import packages, showing
from backend.config import Config
from backend.sync import installing, places
from backend.sync.places import Places, Settings


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installing, "is_installed", lambda: False)


@pytest.mark.parametrize("install", [None, False])
def test_without_its_packages_the_error_has_the_command(
    without: None, install: bool | None
) -> None:
    """Nobody is there to be asked, or it was asked not to; nothing is installed silently."""
    with pytest.raises(click.ClickException) as caught:
        packages.need(install)
    text = caught.value.format_message()
    assert "\n" not in text
    assert text.endswith(f"run: {installing.by_hand()}")
    assert str(installing.REQUIREMENTS) in text


def test_what_cannot_be_installed_is_told(without: None, monkeypatch: pytest.MonkeyPatch) -> None:
    script = ["sh", "-c", "echo first >&2; echo no network >&2; exit 3"]
    monkeypatch.setattr(installing, "commands", lambda: [["true"], script, ["false"]])
    with pytest.raises(click.ClickException, match="could not be installed: no network"):
        packages.need(install=True)


def test_pip_is_brought_and_taken_away_where_there_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    brought, install, taken = installing.commands()
    assert (brought[-1], install[4], taken[4]) == ("ensurepip", "install", "uninstall")


@pytest.fixture
def where(settings: Config) -> Places:
    made = Places(settings.data_dir)
    made.directory.mkdir()
    facts = Settings("/storage", "00" * 8, "laptop", "11" * 8, 1)
    places.write_json(made.settings, facts._asdict())
    return made


def _status(settings: Config) -> list[str]:
    return showing._lines(showing._found(settings))


def test_status_before_the_first_round(settings: Config, where: Places) -> None:
    assert _status(settings) == ["storage   /storage", "last      not yet"]


def test_status_tells_what_is_wrong_and_who_is_behind(settings: Config, where: Places) -> None:
    host = {"name": "ser\x1b[2Jver", "files": 2, "bytes": 1234, "behind": 3, "written": None}
    places.write_json(
        where.status,
        {
            "at": int(time.time()) - 7200,
            "ok": False,
            "error": "no network",
            "problems": ["segment 2 is missing"],
            "hosts": {"22" * 8: host},
        },
    )
    assert _status(settings) == [
        "storage   /storage",
        "last      2 h ago, failed",
        "host      ser\\x1b[2Jver 2222222222222222, wrote never, 2 files, 1,234 bytes, "
        "3 segments not read yet",
        "problem   no network",
        "problem   segment 2 is missing",
    ]


def test_settings_that_are_damaged_are_told(settings: Config, where: Places) -> None:
    where.settings.write_text('{"url": 1}')
    assert "is damaged; run: deja sync off" in _status(settings)[0]
