"""The table [picker]: what each setting comes to, and what is said of a wrong one."""

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shell_plugin.pick.configuration.check import SETTINGS, checked, unknown
from shell_plugin.pick.configuration.themes import THEMES, codes
from shell_plugin.pick.keymap import TABLE
from shell_plugin.pick.screen.look import STYLES

scalars = st.one_of(
    *(st.booleans(), st.integers(), st.floats(), st.text(), st.datetimes()),
    st.sampled_from(["full", "50%", "up", "run", "auto", "nord", "ctrl-t", "escape", "bold red"]),
)
names = st.one_of(
    st.sampled_from([*SETTINGS, *STYLES, *(action for action, *_ in TABLE)]), st.text(max_size=5)
)
values: Any = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner)),
    max_leaves=8,
)


def found(toml: str) -> tuple[list[tuple[str, str]], list[str]]:
    return checked(tomllib.loads(toml))


@given(st.one_of(values, st.dictionaries(names, values)))
def test_whatever_stands_there_is_read_or_told_on_one_line(table: object) -> None:
    fields, mistakes = checked(table)
    assert all("\n" not in line and line.isprintable() for line in mistakes)
    assert not any("\0" in part for field in fields for part in field)


@pytest.mark.parametrize(
    ("toml", "fields"),
    [
        ("", []),
        ("height = 20", [("height", "20")]),
        ('height = "40%"', [("height", "40%")]),
        ('height = "full"', [("height", "100%")]),
        ('columns = ["host", "age"]', [("columns", "host age")]),
        ("columns = []", [("columns", "")]),
        ('list = "up"', [("list", "up")]),
        ("fold = false", [("fold", "no")]),
        ("fold = true", []),
        ("mouse = true", [("mouse", "yes")]),
        ("mouse = false", []),
        ('list = "down"', []),
        (
            'enter = "run"',
            [("enter", "put=tab"), ("enter", "run=enter"), ("enter", "run=alt-enter")],
        ),
        ('enter = "put"', []),
        ('theme = "16"', []),
        ('theme = "auto"', [("background", "ask")]),
        ("popup = true\nup = false", []),
        ('keys.scope = "^T"\nkeys.order = []', [("key", "scope=ctrl-t"), ("key", "order=")]),
        ('style.match = "bold cyan"', [("own", "match=1;36")]),
    ],
)
def test_what_is_right(toml: str, fields: list[tuple[str, str]]) -> None:
    assert found(toml) == (fields, [])


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("height = 4", 'picker.height is 4; allowed: 5 or more, "50%", "full"'),
        ('height = "5%"', "picker.height"),
        ("height = true", "picker.height is true"),
        ('columns = ["agee"]', 'there is no column "agee"; is it age?'),
        ('columns = ["age", "age"]', "each column may stand there once"),
        ('columns = "age"', "it is a list of"),
        ('list = "left"', 'picker.list is "left"; allowed: down, up'),
        ('enter = "go"', 'picker.enter is "go"; allowed: put, run'),
        ('theme = "blue"', "allowed: 16, light, dark"),
        ("popup = 1", "picker.popup is 1; allowed: true, false"),
        ("keys = 1", "it is a table of its own"),
        ('keys.scop = "f5"', '"picker.keys.scop" is no setting; is it scope?'),
        ('keys.scope = "x"', 'picker.keys.scope is "x"; there is no key "x"'),
        ("keys.scope = [1]", "a key is written"),
        ('keys.scope = "f5"\nkeys.order = "F5"', "f5 is taken by scope"),
        ('keys.nth = "ctrl-t"', "its keys end in the place"),
        ("keys.leave = []", "picker.keys leaves no key for leave"),
        ('style.match = "bold mauve"', 'picker.style.match is "bold mauve"'),
        ('style.mach = "bold"', "is it match?"),
        ("zzz = 1", '"picker.zzz" is no setting; there are columns, enter'),
    ],
)
def test_what_is_wrong(toml: str, told: str) -> None:
    fields, mistakes = found(toml)
    assert len(mistakes) == 1
    assert told in mistakes[0]
    assert [field for field in fields if field != ("key", "scope=f5")] == []


def test_what_is_right_counts_beside_what_is_wrong() -> None:
    fields, mistakes = found('height = 9\nlist = 1\n[keys]\nscope = "f5"\nput = "x"\n')
    assert fields == [("height", "9"), ("key", "scope=f5")]
    assert len(mistakes) == 2


def test_every_theme_can_be_chosen_and_names_styles_that_there_are() -> None:
    for name, styles in THEMES.items():
        assert found(f"theme = {json.dumps(name)}")[1] == []
        assert set(styles) <= set(STYLES)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("bold cyan", "1;36"),
        ("#88c0d0", "38;2;136;192;208"),
        ("underline bright-red", "4;91"),
        ("1;38;5;110", "1;38;5;110"),
        ("plain", "0"),
        ("", ""),
        ("bold;", ""),
        ("1;256", ""),
        ("1\x1b[2J", ""),
        ("#12345", ""),
        ("²", ""),
    ],
)
def test_styles_as_people_write_them(written: str, code: str) -> None:
    assert codes(written) == code


@given(st.text())
def test_a_style_is_never_anything_but_numbers(written: str) -> None:
    assert not set(codes(written)) - set("0123456789;")


def test_names_outside_the_table() -> None:
    assert unknown(["learn", "lern"], ["learn"]) == ['"lern" is no setting; is it learn?']
