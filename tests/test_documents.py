"""The documents name what there is, and the checks before a commit are those of scripts/test.sh."""

import re
import tomllib
from pathlib import Path

import pytest
from support.paths import ROOT

from backend import settings
from shell_plugin.pick.configuration.check import SETTINGS, checked, unknown
from shell_plugin.pick.keymap import TABLE
from shell_plugin.pick.screen.look import STYLES

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
LOOP = 'pytest tests/unit tests/test_*.py -m "not slow and not model" --hypothesis-profile=quick'
HOOKS = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")

_PATH = re.compile(r"(?<![\w/.-])(?:backend|docs|scripts|shell_plugin|tests)/[\w./*-]+")
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
# `test_module: test_function`, or one of them alone; … stands for the rest of a name.
_TEST = re.compile(r"`(?:(test_\w+): )?(test_\w+)(…?)(?:\[\w+\])?`")
TESTS = {
    (path.stem, function)
    for path in ROOT.glob("tests/**/test_*.py")
    for function in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)
}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_files_that_are_there(path: Path) -> None:
    text = path.read_text("utf-8")
    named = {found.rstrip(".") for found in _PATH.findall(text)}
    assert [name for name in sorted(named) if not any(ROOT.glob(name))] == []
    linked = set(_LINK.findall(text))
    assert [name for name in sorted(linked) if not (path.parent / name).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_names_tests_that_are_there(path: Path) -> None:
    modules = {module for module, _ in TESTS}
    for module, function, rest in _TEST.findall(path.read_text("utf-8")):
        if function in modules and not module:
            continue
        assert any(
            (name.startswith(function) if rest else name == function) and module in ("", where)
            for where, name in TESTS
        ), f"{module}: {function}{rest}"


def test_the_settings_that_are_shown_are_known() -> None:
    text = "".join((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/picker.md"))
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    table = tomllib.loads("\n".join(blocks))
    assert unknown(table, (*(each.name for each in settings.SETTINGS), "picker")) == []
    assert checked(table["picker"])[1] == []
    assert set(table["picker"]) == set(SETTINGS)
    actions, styles = re.findall(r"(?:Actions|Styles):([^.]*)\.", text)
    assert set(re.findall(r"`([^`]*)`", actions)) <= {action for action, *_ in TABLE}
    assert set(re.findall(r"`([^`]*)`", styles)) <= set(STYLES)


def test_the_loop_is_the_same_everywhere() -> None:
    assert LOOP in (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert LOOP in HOOKS


def test_before_a_commit_every_linter_of_the_tests_runs() -> None:
    script = (ROOT / "scripts" / "test.sh").read_text("utf-8")
    step = script.partition('step "ruff, mypy, shellcheck"\n')[2].partition("\n\n")[0]
    assert len(step.splitlines()) == 4
    assert [line for line in step.splitlines() if line not in HOOKS] == []
