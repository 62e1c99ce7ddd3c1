"""Which lines are history, and how long they may be."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.drawn import any_text

from backend.config import Config
from backend.engine.rereading import as_kept
from backend.engine.wanted import OpenLines, is_wanted, names_forget
from backend.wire import limits
from backend.wire.record import Record

FORGET = [
    "deja forget x",
    "  ~/.local/bin/deja   forget",
    "a;deja forget x",
    "'deja' \"forget\" x",
    "\\deja forget x",
    "x=$(deja forget y)",
    "sudo -u bob deja forget y",
    "deja >/dev/null 2>&1 forget y",
    "deja \\\n forget y",
    "bash -c 'deja forget y'",
]
OTHERS = ["deja", "deja search forget", "my-deja forget", "deja forgetful", "deja-forget x"]


@pytest.mark.parametrize("command", FORGET)
def test_lines_that_forget_are_none(settings: Config, command: str) -> None:
    assert names_forget(command)
    assert not is_wanted(command, replace(settings, keep_own=True))


@pytest.mark.parametrize("command", OTHERS)
def test_lines_that_hold_the_words(settings: Config, command: str) -> None:
    assert is_wanted(command, replace(settings, keep_own=True))


def test_settings(settings: Config) -> None:
    assert not is_wanted("deja search x", settings)
    assert is_wanted(" ls", settings)
    assert not is_wanted(" ls", replace(settings, ignore_space=True))


def test_directories_in_which_nothing_is_kept(
    settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    away = replace(settings, ignore_dirs=("~/private", "/srv/keys/"))
    for cwd, kept in (
        ("/home/ann/private", False),
        ("/home/ann/private/deep", False),
        ("/home/ann/private2", True),
        ("/srv/keys", False),
        ("/srv", True),
        (None, True),
    ):
        assert is_wanted("ls", away, cwd) is kept, cwd


def test_a_line_that_was_open_when_its_shell_forgot() -> None:
    lines = OpenLines()
    run = Record("away x", start=100.0, duration=2.0, session="a-host.42.1700")
    assert not lines.hold(run)
    lines.add([1, 42], now=101.0)
    assert lines.hold(run)
    assert not lines.hold(replace(run, session="a-host.43.1700"))
    assert not lines.hold(replace(run, start=102.0))
    assert not lines.hold(replace(run, start=90.0))
    assert not lines.hold(Record("ls"))


@given(st.text(min_size=1), st.integers(0, 3))
def test_what_is_cut_is_short_and_stays_so(piece: str, more: int) -> None:
    command = (piece * (1 + more * limits.MAX_COMMAND_BYTES // len(piece))).replace("\ud800", "")
    command = command.encode("utf-8", "ignore").decode("utf-8")
    cut = limits.cut(command)
    assert limits.cut(cut) == cut
    assert len(cut.encode()) <= limits.MAX_COMMAND_BYTES + len(f"\n{limits.CUT}".encode())
    assert cut == command or (
        limits.is_cut(cut) and command.startswith(cut[: -1 - len(limits.CUT)])
    )


@given(any_text, st.one_of(st.none(), st.integers(0, 255)))
def test_what_may_be_at_rest_stays_as_it_is(command: str, exit: int | None) -> None:
    assert as_kept(as_kept(command, exit), exit) == as_kept(command, exit)


def test_fields_within_their_limits_are_left_alone() -> None:
    record = Record("é" * 30_000, cwd="/a" * 2_000, session="s" * 255, host="h", shell="zsh")
    assert limits.limited(record) == (record, [])
    longer = replace(record, cwd="/é" * 1_400, session="s" * 256)
    assert limits.limited(longer) == (replace(record, cwd=None, session=None), ["cwd", "session"])
