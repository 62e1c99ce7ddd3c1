"""The whole command: nothing of it is lost, and nothing of it steers the terminal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.drawn import any_text, printable

from shell_plugin.pick.screen.look import Look
from shell_plugin.pick.screen.width import columns
from shell_plugin.pick.whole.folding import Whole

LOOK = Look(color=True, utf8=True)


def whole(command: str, width: int, height: int, top: int, look: Look) -> tuple[list[str], int]:
    """Lines from `top` on, and how many there are."""
    folded = Whole(command, width, look)
    return folded.drawn(top, height), folded.count


def plain(line: str) -> str:
    """A drawn line without its escape sequences, all of which must be styles."""
    first, *rest = line.split("\x1b[")
    out = [first]
    for part in rest:
        code, mark, text = part.partition("m")
        assert mark and set(code) <= set("0123456789;")
        out.append(text)
    return "".join(out)


def shown(command: str, width: int, look: Look = LOOK) -> list[str]:
    return [plain(line) for line in whole(command, width, 10**6, 0, look)[0]]


@settings(max_examples=300)
@given(any_text, st.integers(1, 60), st.booleans())
def test_what_is_drawn_fits_and_is_harmless(command: str, width: int, utf8: bool) -> None:
    look = Look(color=True, utf8=utf8)
    lines = shown(command, width, look)
    assert len(lines) == whole(command, width, 0, 0, look)[1] >= 1
    assert all(printable(line) and columns(line) <= width for line in lines)
    assert utf8 or all(line.isascii() for line in lines)


@given(st.text(st.sampled_from("abc d\n\té日\u0301"), max_size=200), st.integers(9, 40))
def test_nothing_is_lost(command: str, width: int) -> None:
    drawn = "".join(line.removeprefix("↳ ") for line in shown(command, width))
    assert drawn.replace(" ", "") == "".join(command.split())


@given(any_text, st.integers(1, 30), st.integers(0, 8), st.integers(0, 8))
def test_a_view_is_a_part_of_the_whole(command: str, width: int, height: int, top: int) -> None:
    everything, count = whole(command, width, 10**6, 0, LOOK)
    assert whole(command, width, height, top, LOOK) == (everything[top : top + height], count)


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        (
            "for f in *; do\n\tls $f\n    pwd\ndone\n",
            ["for f in *; do", "        ls $f", "    pwd", "done", ""],
        ),
        ("docker run --rm -it alpine sh", ["docker run --rm", "↳ -it alpine sh"]),
        ("curl abcdefghijklmnopqrstuvwxyz", ["curl ", "↳ abcdefghijklmn", "↳ opqrstuvwxyz"]),
        ("abcdefghijklmnopqr", ["abcdefghijklmnop", "↳ qr"]),
        ("        abcdefghijk", ["        abcdefgh", "↳ ijk"]),
        ("echo 日本語日本語日本語", ["echo ", "↳ 日本語日本語日", "↳ 本語"]),
        ("a\tb\rc\x1b[2J", ["a       b^Mc^[[2", "↳ J"]),
    ],
)
def test_folding(command: str, lines: list[str]) -> None:
    assert [line.rstrip() for line in shown(command, 16)] == [line.rstrip() for line in lines]


def test_without_utf8_there_is_no_sign() -> None:
    look = Look(color=False, utf8=False)
    assert shown("docker run --rm -it alpine", 16, look) == ["docker run --rm ", "  -it alpine"]


def test_styles_go_on_over_a_fold() -> None:
    class Named(Look):
        def style(self, name: str) -> str:
            return f"\x1b[{['string', 'command', 'dim'].index(name) + 1}m"

    first, second = whole("echo 'one two three'", 12, 9, 0, Named(True, True))[0]
    assert first.startswith("\x1b[2mecho\x1b[0m \x1b[1m'one")
    assert second == "\x1b[3m↳ \x1b[1mtwo three'"


def test_a_long_text_is_coloured_where_it_begins() -> None:
    folded = Whole("ls -l; " * 10_000, 70, LOOK)
    assert LOOK.style("option") in folded.drawn(0, 1)[0]
    assert folded.drawn(folded.count - 1, 1)[0].count("\x1b") <= 3
