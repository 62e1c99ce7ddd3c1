"""What fixed a failure: on cases written by hand, half of them never tuned on, and by rule."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.ranking import fixes
from backend.ranking.fixes import Step, is_failure, is_typing_error
from backend.ranking.purpose import head
from scripts.quality import measure_fixes
from scripts.quality.measure_fixes import FILES, Case, Figures, made_up, measure, stretches

# Of first suggestions, and of what was to be found.
RIGHT = 0.8

_numbers = itertools.count(1)


def step(run: str) -> Step:
    """`1 make` or `1@/src make`, later than all before it."""
    return measure_fixes.step(run, next(_numbers))


def first(case: Case) -> str | None:
    return measure_fixes.offered(case)


def is_good(figures: Figures) -> bool:
    return (
        figures.right >= RIGHT * figures.offered > 0 and figures.found >= RIGHT * figures.wanted > 0
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_offered_is_right(file: Path) -> None:
    text = file.read_text("utf-8")
    figures = measure(measure_fixes.cases(text), misses=True)
    assert is_good(figures), figures.misses


def test_of_a_made_up_person_too() -> None:
    figures = measure(made_up(), misses=True)
    assert is_good(figures), figures.misses


def test_times_count_occasions_and_the_last_is_told() -> None:
    fails = [step("1 npm test"), step("1 npm test"), step("0 npm install"), step("0 npm test")]
    again = [step("1 npm test"), step("0 npm install"), step("0 npm test")]
    case = Case(None, step("1 npm test"), [fails, again])
    (fix,) = fixes.fixes(case.failed, stretches(case))
    assert (fix.times, fix.last) == (2, again[1].start), "met twice before one success is once"


def test_the_same_directory_and_the_same_command_come_first() -> None:
    here = [step("1@/a make"), step("0@/a ./configure"), step("0@/a make")]
    there = [step("1@/b make"), step("0@/b git pull"), step("0@/b make")]
    for cwd, expected in (("/a", "./configure"), ("/b", "git pull")):
        assert first(Case(None, step(f"1@{cwd} make"), [here, there])) == expected


def test_a_directory_is_gone_to_from_where_it_helped() -> None:
    session = [step("1@/w npm test"), step("0@/w cd shop"), step("0@/w/shop npm test")]
    assert first(Case(None, step("1@/w npm test"), [session])) == "cd shop"
    assert first(Case(None, step("1@/home npm test"), [session])) is None


def test_what_shows_no_purpose_must_have_helped_twice() -> None:
    session = [step("1 make"), step("0 ./gen.py"), step("0 make")]
    once, twice = [session], [session, [step("1 make"), step("0 ./gen.py"), step("0 make")]]
    assert first(Case(None, step("1 make"), once)) is None
    assert first(Case(None, step("1 make"), twice)) == "./gen.py"


def test_what_mostly_went_without_it_is_a_coincidence() -> None:
    fixed = [step("1 make"), step("0 git pull"), step("0 make")]
    again = [[step("1 make"), step("0 make")] for _ in range(3)]
    assert first(Case(None, step("1 make"), [fixed])) == "git pull"
    assert first(Case(None, step("1 make"), [fixed, *again])) is None


@pytest.mark.parametrize(
    ("text", "exit", "failed"),
    [
        ("make", 2, True),
        ("make", 0, False),
        ("make", None, False),
        ("npm start", 130, False),
        ("npm start", 143, False),
        ("git push", 128, True),
        ("ssh host", 255, True),
        ("sudo grep x y", 2, False),
        ("ps aux | grep nginx", 1, False),
        ("grep -c x y | ./check", 1, True),
        ("[ -e x ]", 1, False),
        ("git diff --quiet", 1, False),
        ("", 1, False),
    ],
)
def test_failures(text: str, exit: int | None, failed: bool) -> None:
    assert is_failure(text, exit) == failed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sudo -x apt install jq", ("-x", "apt")),
        ("FOO=1 /usr/bin/make -j4 all", ("make", "all")),
        ("docker compose -f x up", ("docker", "compose", "x")),
        ("git push | cat", ("git", "push")),
        ("", ()),
    ],
)
def test_head(text: str, expected: tuple[str, ...]) -> None:
    assert head(text) == expected


def test_typing_errors() -> None:
    assert is_typing_error("gti status", "git status")
    assert is_typing_error("cd..", "cd ..")
    assert not is_typing_error("head -1 log", "head -2 log")
    assert not is_typing_error("cat a.txt", "cat b.log")
    assert not is_typing_error("make", "make")


@given(st.text(max_size=40), st.text(max_size=40), st.integers(0, 255))
def test_any_text_is_judged(text: str, other: str, exit: int) -> None:
    past = [step(f"1 {text}"), step(f"0 {other}"), step(f"0 {text}")]
    fixes.fixes(step(f"{exit or 1} {text}"), [past])
