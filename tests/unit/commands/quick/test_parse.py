"""The plain parser says what click would say, or nothing."""

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.commands.quick.options import SYNTAX
from backend.commands.quick.parse import parse
from backend.commands.tree import main

NAMES = [f"--{option.name}" for syntax in SYNTAX.values() for option in syntax.options]
VALUES = [
    "0",
    "1",
    "10",
    "1000",
    "1001",
    "-5",
    " 7",
    "1_0",
    "²",
    "",
    "auto",
    "text",
    "newest",
    "x y",
]
ODD = ["--", "-", "-h", "--help", "-compose", "--json=1", "--limit", "--limit=", "--bogus", "--jso"]
WORDS = st.one_of(
    st.sampled_from([*NAMES, *VALUES, *ODD]),
    st.builds("{}={}".format, st.sampled_from(NAMES), st.sampled_from(VALUES)),
    st.text(max_size=4),
)


def by_click(name: str, arguments: list[str]) -> dict[str, object] | None:
    """What click gives to the command; None where it objects or shows its help."""
    command = main.get_command(click.Context(main), name)
    assert command is not None
    try:
        with command.make_context(name, list(arguments)) as context:
            return context.params
    except (click.ClickException, click.exceptions.Exit):
        return None


@pytest.mark.parametrize("name", sorted(SYNTAX))
@given(data=st.data())
def test_a_line_means_what_it_means_to_click(name: str, data: st.DataObject) -> None:
    arguments = data.draw(st.lists(WORDS, max_size=5))
    found = parse(SYNTAX[name], arguments)
    assert found is None or found == by_click(name, arguments)


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        ("status", "--json", {"as_json": True}),
        ("next", "git --limit 3", {"prefix": "git", "limit": 3}),
        ("search", "a --json b -- -c", {"query": ("a", "b", "-c"), "as_json": True}),
        ("search", "--without=x --without y", {"without": ("x", "y"), "query": ()}),
        ("search", "--mode text --cwd /w", {"mode": "text", "cwd": "/w"}),
    ],
)
def test_what_people_type_is_plain(name: str, line: str, expected: dict[str, object]) -> None:
    found = parse(SYNTAX[name], line.split())
    assert found is not None
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("status", "now"),
        ("next", "git status"),
        *(("search", line) for line in ("--help", "-h", "--limit 0", "--mode x", "--exit", "-c")),
    ],
)
def test_what_click_has_to_judge(name: str, line: str) -> None:
    assert parse(SYNTAX[name], line.split()) is None
