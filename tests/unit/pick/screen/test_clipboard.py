"""What is copied goes to the terminal and to programs that are of use."""

import base64
import sys
from pathlib import Path

import pytest

from shell_plugin.pick.screen import clipboard

Started = list[tuple[list[str], dict[str, str], bytes]]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Started:
    """The programs that are started; all that there could be are there, and no display."""
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "TMUX"):
        monkeypatch.delenv(variable, raising=False)
    for name in ("xclip", "wl-copy", "tmux", "pbcopy"):
        (tmp_path / name).touch(0o755)
    monkeypatch.setenv("PATH", f"relative:{tmp_path / 'none'}:{tmp_path}")
    monkeypatch.setattr(sys, "platform", "linux")
    found: Started = []
    monkeypatch.setattr(clipboard, "start", lambda *given: found.append(given))
    return found


@pytest.mark.parametrize(
    ("variables", "names"),
    [
        ((), []),
        (("DISPLAY",), ["xclip"]),
        (("WAYLAND_DISPLAY", "DISPLAY"), ["wl-copy", "xclip"]),
        (("TMUX",), ["tmux"]),
    ],
)
def test_programs_with_something_to_copy_to(
    variables: tuple[str, ...], names: list[str], started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in variables:
        monkeypatch.setenv(variable, ":0")
    written: list[str] = []
    told = clipboard.copy("a\udce9 é", written.append)
    data = b"a\xe9 \xc3\xa9"
    assert written == [f"\x1b]52;c;{base64.b64encode(data).decode()}\x07"]
    assert [Path(argv[0]).name for argv, _, _ in started] == names
    assert all(given == data for _, _, given in started)
    assert told.startswith("copied")
    assert ("if this terminal allows it" in told) == (not names)


def test_on_macos_pbcopy(started: Started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert clipboard.copy("x", lambda text: None) == "copied"
    assert [Path(argv[0]).name for argv, _, _ in started] == ["pbcopy"]


def test_a_program_that_is_not_here(
    started: Started, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    (tmp_path / "xclip").unlink()
    clipboard.copy("x", lambda text: None)
    assert started == []


def test_what_a_terminal_cannot_take_is_not_sent_to_it(
    started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    longest = "x" * (74_994 // 4 * 3)
    clipboard.copy(longest, written.append)
    assert len(written) == 1
    assert clipboard.copy(longest + "xxxx", written.append).startswith("not copied: 56 KB")
    monkeypatch.setenv("DISPLAY", ":0")
    assert clipboard.copy(longest + "xxxx", written.append) == "copied"
    assert len(written) == 1
    assert started[0][2] == longest.encode() + b"xxxx"
