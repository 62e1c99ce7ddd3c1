"""One value of a TOML file is changed; all else of it stays, to the byte."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.commands.configuring.toml import NotEdited, changed, written

FILE = """\
# deja's settings   [not a section]
#:schema x

learn = true  # as it is
ignore = [  # several lines
  "pass *",  # ] no end
  '''vault
  ]*''',
]

[picker]  # its own
height = "50%"
# theme = "nord"

[picker.keys]
pin = []
"""


@pytest.mark.parametrize(
    ("name", "value", "old", "new"),
    [
        ("learn", False, "learn = true  #", "learn = false  #"),
        ("picker.height", 30, 'height = "50%"\n', "height = 30\n"),
        ("picker.theme", "nord", '"50%"\n', '"50%"\ntheme = "nord"\n'),
        ("picker.keys.scope", ["f12"], "pin = []\n", 'pin = []\nscope = ["f12"]\n'),
        ("picker.style.dim", "1;36", "pin = []\n", 'pin = []\n\n[picker.style]\ndim = "1;36"\n'),
        ("device", "cuda", "]\n\n[picker]", ']\ndevice = "cuda"\n\n[picker]'),
        ("picker.height", None, 'height = "50%"\n', ""),
        ("mouse", None, "", ""),
        (
            *("ignore", ["ls"]),
            FILE[FILE.index("ignore = [") : FILE.index("\n\n[picker]")],
            'ignore = ["ls"]',
        ),
    ],
)
def test_one_value_is_changed_and_nothing_else(name: str, value: Any, old: str, new: str) -> None:
    assert changed(FILE, name, value) == FILE.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("", "learn", "learn = 1\n"),
        ("[picker]\n", "learn", "learn = 1\n\n[picker]\n"),
        ("#:schema x\n\n[picker]\n", "learn", "#:schema x\n\nlearn = 1\n\n[picker]\n"),
        ("a = 1", "learn", "a = 1\nlearn = 1\n"),
        ("a = 1", "picker.x", "a = 1\n\n[picker]\nx = 1\n"),
        ("[ picker ]", "picker.x", "[ picker ]\nx = 1\n"),
        ("[a]\nx = 1\r\n", "a.x", "[a]\nx = 1\r\n"),
    ],
)
def test_where_a_new_line_goes(text: str, name: str, expected: str) -> None:
    assert changed(text, name, 1) == expected


@pytest.mark.parametrize(
    "text",
    [
        "picker = {height = 3}",
        "picker.height = 3",
        '["picker"]\nheight = 3',
        "[[picker]]\nheight = 3",
    ],
)
def test_other_forms_are_left_alone(text: str) -> None:
    with pytest.raises(NotEdited):
        changed(text, "picker.height", 5)


KEYS = st.sampled_from(["a", "b", "height"])
VALUES: Any = st.recursive(
    st.one_of(
        st.booleans(), st.integers(-9, 99), st.text(st.characters(exclude_categories=["Cs"]))
    ),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
COMMENTS = st.sampled_from(["", "  # a [b] = 'c", ' #"', " # ]"])
LINES = st.one_of(
    st.builds("{} = {}{}".format, KEYS, VALUES.map(written), COMMENTS),
    st.builds("{} = [\n  {},{}\n]".format, KEYS, VALUES.map(written), COMMENTS),
    st.sampled_from(
        [
            "[a]",
            "[picker]",
            "[ picker . keys ]",
            "[[b]]",
            "",
            "# x = 1",
            "a.b = 1",
            '\'b\' = """\n[a]"""',
        ]
    ),
)


@given(
    st.lists(LINES, max_size=8),
    st.sampled_from(["a", "height", "picker.a", "picker.keys.b"]),
    VALUES,
)
def test_whatever_the_file_holds_only_that_changes(lines: list[str], name: str, value: Any) -> None:
    text = "\n".join(lines)
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    try:
        after = changed(text, name, value)
    except NotEdited:
        return
    assert lookup(tomllib.loads(after), name) == value
    assert [line for line in text.split("\n") if line.startswith("#")] == [
        line for line in after.split("\n") if line.startswith("#") and line in text
    ]
    assert changed(after, name, value) == after
    if lookup(before, name) is None:
        assert tomllib.loads(changed(after, name, None)).keys() >= before.keys()


def lookup(table: Any, name: str) -> Any:
    for part in name.split("."):
        table = table.get(part) if isinstance(table, dict) else None
    return table
