"""Query lines: words, quotes, exclusions, filters, literalness."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.query import names
from backend.query.parse import LONGEST, narrowing, parse

NOW = datetime(2026, 11, 22, 15, 0).timestamp()
DAY = 86400.0


class History:
    """Stands in for the text index."""

    def __init__(self, *words: str) -> None:
        self.words = set(words)

    def knows(self, word: str) -> bool:
        return word in self.words


@given(st.text())
def test_parse_never_raises(text: str) -> None:
    asked = parse(text, NOW)
    assert 0 <= asked.literalness <= 1
    assert len(asked.words) == len(asked.weights)


@given(
    st.sampled_from(
        ("exit", "cwd", "in", "repo", "host", "session", "since", "before", "took", "author")
    ),
    st.text(max_size=12),
)
def test_any_value_of_a_filter_is_read_or_told_or_stays_text(key: str, value: str) -> None:
    asked = parse(f"{key}:{value}", NOW)
    assert asked.filters.active or asked.mistakes or not asked.is_empty


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("exit:0", "failed", False),
        ("exit:ok", "failed", False),
        ("exit:fail", "failed", True),
        ("exit:130", "exit", 130),
        ("cwd:/srv/app/", "cwd", "/srv/app"),
        ("cwd:~/src", "cwd", "~/src"),
        ('cwd:"/a b/c"', "cwd", "/a b/c"),
        ("in:here", "here", True),
        ("in:repo", "repo", "."),
        ("repo:billing", "repo", "billing"),
        ("host:web1", "host", "web1"),
        ("session:.", "session", "."),
        ("in:host", "host", "."),
        ("is:pinned", "pinned", True),
        ("author:me", "author", "me"),
        ("author:Agent", "author", "agent"),
        ("author:claude", "author", "claude"),
        ("is:noted", "noted", True),
        ("since:2w", "since", NOW - 14 * DAY),
        ("since:1.5h", "since", NOW - 5400),
        ("since:yesterday", "since", datetime(2026, 11, 21).timestamp()),
        ("since:sunday", "since", datetime(2026, 11, 15).timestamp()),
        ("before:2026-01-01", "before", datetime(2026, 1, 1).timestamp()),
        ("before:2026-01-01T08:30", "before", datetime(2026, 1, 1, 8, 30).timestamp()),
        ("took:>1m", "took_over", 60.0),
        ("took:90", "took_over", 90.0),
        ("took:>0", "took_over", 0.0),
        ("took:<500ms", "took_under", 0.5),
    ],
)
def test_filters(text: str, field: str, value: object) -> None:
    asked = parse(f"docker {text} build", NOW)
    assert getattr(asked.filters, field) == value
    assert asked.filters.active
    assert asked.text == "docker build"
    assert asked.mistakes == ()


def test_filters_combine() -> None:
    asked = parse("exit:fail since:2d in:here took:>10s", NOW)
    assert asked.is_empty
    assert asked.filters.failed and asked.filters.here and asked.filters.took_over == 10


@pytest.mark.parametrize(
    "token",
    [
        "exit:maybe",
        "exit:999",
        "since:soon",
        "before:2026-02-31",
        "took:long",
        "in:space",
        "cwd:x",
        'author:""',
    ],
)
def test_a_filter_without_sense_is_a_mistake_and_narrows_nothing(token: str) -> None:
    asked = parse(f"docker {token}", NOW)
    assert not asked.filters.active and not asked.applied
    assert asked.text == "docker"
    assert len(asked.mistakes) == 1 and token in asked.mistakes[0]
    assert "\n" not in asked.mistakes[0]


@pytest.mark.parametrize(
    "text", ["http://example.com", "foo:bar", "host://x", "localhost:8080", "user@host:dir", "-n"]
)
def test_pieces_of_commands_are_no_filters(text: str) -> None:
    asked = parse(text, NOW)
    assert not asked.filters.active and not asked.mistakes and not asked.excluded
    assert asked.text == text


def test_an_order_narrows_nothing_and_is_applied() -> None:
    asked = parse("git order:Newest", NOW)
    assert (asked.filters.order, asked.filters.active) == ("newest", False)
    assert (asked.text, asked.applied) == ("git", ("order:Newest",))
    assert "order:used" in parse("order:oldest", NOW).mistakes[0]


def test_filters_beside_a_line_are_filters_alone() -> None:
    found, mistakes = narrowing('in:session exit:0 cwd:"/a b" order:used', NOW)
    assert (found.session, found.failed, found.cwd, found.order) == (".", False, "/a b", "used")
    assert mistakes == ()
    found, mistakes = narrowing("git exit:999 is:noted", NOW)
    assert found.noted and mistakes == ("git: no filter", f"exit:999: {mistakes[1][10:]}")
    assert narrowing(" ", NOW) == (parse("", NOW).filters, ())


def test_a_word_is_excluded() -> None:
    asked = parse("docker -compose", NOW, History("docker", "compose"))
    assert asked.excluded == ("compose",)
    assert asked.text == "docker"


@pytest.mark.parametrize(
    "text",
    [
        "find -name",  # a flag in the history
        "find -rpint",  # no word of the history
        "docker -it",  # too short
        "docker --compose",
        "docker ps | grep -compose",  # shell syntax
    ],
)
def test_flags_are_not_excluded(text: str) -> None:
    asked = parse(text, NOW, History("docker", "compose", "name", "-name", "find"))
    assert asked.excluded == ()
    assert asked.text == text


def test_an_exclusion_may_come_first() -> None:
    asked = parse("-compose docker", NOW, History("docker", "compose"))
    assert asked.excluded == ("compose",) and asked.text == "docker"
    assert asked.applied == ("-compose",)
    assert parse("-compose docker", NOW).text == "-compose docker", "nothing is known of history"


def test_what_excludes_nothing_is_said() -> None:
    asked = parse("docker -banana", NOW, History("docker"))
    assert not asked.excluded and "-banana excludes nothing" in asked.hints[0]
    assert not parse("find . -nmae x", NOW, History("find")).hints


def test_quotes_are_exact_text() -> None:
    asked = parse('docker "Run --rm"', NOW)
    assert asked.phrases == ("Run --rm",)
    assert parse('say "unbalanced', NOW).phrases == ()
    assert parse('grep --include="*.py"', NOW).phrases == ()


@pytest.mark.parametrize(
    "text",
    ["kubectl prod -n", "tar.gz", "-rf", "git log | head", "find . -name '*.py'", "sudom ount -a"],
)
def test_commands_are_literal(text: str) -> None:
    assert parse(text, NOW).literalness > 0.7


@pytest.mark.parametrize(
    "text",
    [
        "undo the last commit but keep my changes",
        "find all files in /var/log that are older than a month",
        "how do I unpack an archive",
        "Print lines of a.txt that are not in b.txt",
    ],
)
def test_sentences_are_not(text: str) -> None:
    assert parse(text, NOW).literalness < 0.1


def test_most_lie_between() -> None:
    assert 0.3 < parse("list containers", NOW).literalness < 0.7


def test_stop_words_of_sentences_are_not_looked_up() -> None:
    assert "the" not in parse("undo the last commit", NOW).words
    assert parse("to be", NOW).words  # unless there is nothing else


def test_words_that_only_describe_weigh_less() -> None:
    asked = parse("display all the files of the docker daemon", NOW)
    weights = dict(zip(asked.words, asked.weights, strict=True))
    assert weights["display"] < 0.2 < weights["docker"]


def test_a_known_chunk_is_not_cut_up() -> None:
    assert parse("find -name", NOW, History("find", "-name")).words == ("find", "-name")
    assert parse("find -name", NOW, History("find")).words == ("find", "-name", "name")


def test_a_long_line_is_cut() -> None:
    assert len(parse("x" * 100_000, NOW).text) == LONGEST


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("find files named 'a b.txt', please", ("a b.txt",)),
        ("what's in /etc/passwd?", ("/etc/passwd",)),
        ("files bigger than 10M.", ("10m",)),
        ("replace “foo” by `bar`", ("foo", "bar")),
        ("all .log files of $USER", (".log", "$user")),
        ("undo my last commit", ()),
    ],
)
def test_names(text: str, found: tuple[str, ...]) -> None:
    assert names.names(text) == found


@given(st.text())
def test_names_of_anything(text: str) -> None:
    assert all(names.names(text))
