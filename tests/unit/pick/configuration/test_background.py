"""Light or dark, by what the terminal says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell_plugin.pick.configuration.background import of_answer, of_variable


@pytest.mark.parametrize(
    ("answer", "theme"),
    [
        ("osc:11;rgb:ffff/ffff/ffff", "light"),
        ("osc:11;rgb:fdfd/f6f6/e3e3", "light"),
        ("osc:11;rgb:0000/2b2b/3636", "dark"),
        ("osc:11;rgb:ff/ff/ff", "light"),
        ("osc:11;rgba:0000/0000/0000/ffff", "dark"),
        ("osc:11;rgb:f/f/f", "light"),
        ("osc:11;?", ""),
        ("osc:11;rgb:ffff/ffff", ""),
        ("osc:11;rgb:xyz/0/0", ""),
        ("up", ""),
    ],
)
def test_an_answer(answer: str, theme: str) -> None:
    assert of_answer(answer) == theme


@pytest.mark.parametrize(
    ("said", "theme"),
    [("15;0", "dark"), ("0;15", "light"), ("0;default;7", "light"), ("7;8", "dark"),
     ("15;default", ""), ("", ""), ("0;99", ""), ("0;²", "")],
)  # fmt: skip
def test_the_variable(said: str, theme: str) -> None:
    assert of_variable(said) == theme


@given(st.text())
def test_anything(said: str) -> None:
    assert of_answer("osc:11;rgb:" + said) in ("", "light", "dark")
    assert of_variable(said) in ("", "light", "dark")
