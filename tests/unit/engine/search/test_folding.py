"""Commands that differ in an argument or two alone: a row stands for them, and all are reached."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.engine import embed_all, found

from backend.engine.engine import Engine
from backend.engine.search.answer import Result
from backend.engine.search.find import Request
from backend.wire.record import Record
from backend.wire.row import Row

START = 1_700_000_000.0
HOSTS = ["ssh -p 22 web1", "ssh -p 22 web2", "ssh -p 22 db1", "ssh -p 22 web3"]
OTHERS = ["git push", "ls", "ssh-keygen -t ed25519"]
SINCE = ["make", "df -h", "top", "git pull", "date", "uname -a", "htop", "w", "free -m", "uptime"]


@pytest.fixture
def filled(engine: Engine) -> Engine:
    commands = [*HOSTS[:2], *OTHERS, *HOSTS[2:]]
    engine.record([Record(text, START + 60 * at) for at, text in enumerate(commands)])
    embed_all(engine)
    return engine


@pytest.fixture
def older(filled: Engine) -> Engine:
    """With so many runs since that none of those alike is among the last."""
    filled.record([Record(text, START + 3600 + at) for at, text in enumerate(SINCE)])
    embed_all(filled)
    return filled


def folded(engine: Engine, text: str = "", **fields: object) -> Result:
    return engine.answer(Request(text, fold=True, **fields))  # type: ignore[arg-type]


def commands(result: Result) -> list[str]:
    return [row.command for row in result.rows]


def stands(result: Result) -> Row:
    """The one row that stands for others."""
    (row,) = [row for row in result.rows if row.alike]
    return row


@pytest.mark.parametrize("query", ["", "ssh", "ssh -p", "SSH", "order:used", "order:used ssh"])
def test_one_row_stands_for_those_alike(older: Engine, query: str) -> None:
    result = folded(older, query)
    row = stands(result)
    assert row.command in HOSTS and row.alike == 3
    assert len(set(commands(result)) & set(HOSTS)) == 1
    assert len(set(found(older, query)) & set(HOSTS)) == 4, "unfolded"


@pytest.mark.parametrize("fields", [{}, {"narrow": "cwd:/srv"}, {"text": "order:used"}])
def test_on_an_empty_line_what_ran_last_is_not_folded(
    older: Engine, fields: dict[str, str]
) -> None:
    """Of all, or of those that the search is narrowed to."""
    older.record([Record(text, START + 7200, cwd="/srv") for text in HOSTS[:3]])
    assert set(HOSTS[:3]) <= set(commands(folded(older, **fields)))
    assert len(set(commands(folded(older, "ssh"))) & set(HOSTS)) == 1


@pytest.mark.parametrize("query", ["order:newest", "ssh order:newest"])
def test_in_the_order_of_time_nothing_is_folded(older: Engine, query: str) -> None:
    assert commands(folded(older, query)) == found(older, query)


@pytest.mark.parametrize("query", ["", "vim", "order:used"])
def test_a_program_with_another_argument_is_another_command(engine: Engine, query: str) -> None:
    lines = [f"vim {name}" for name in ("notes.md", "a.c", "b.c", "main.go")]
    engine.record([Record(text, START + at) for at, text in enumerate([*lines, *SINCE])])
    embed_all(engine)
    assert set(lines) <= set(commands(folded(engine, query)))


def test_the_newest_stands_for_the_others(filled: Engine) -> None:
    assert stands(folded(filled, "ssh")).command == "ssh -p 22 web3"


@pytest.mark.parametrize("query", ["ssh web3", "web3", "ssh -p 22 web3", "ssh web", "WEB3"])
def test_what_was_asked_for_stands_for_itself(filled: Engine, query: str) -> None:
    result = folded(filled, query)
    assert commands(result)[0] == "ssh -p 22 web3"
    assert result.rows[0].alike is None


def test_what_resembles_the_question_is_folded_beside_what_was_named(filled: Engine) -> None:
    listed = commands(folded(filled, "ssh web"))
    assert {"ssh -p 22 web1", "ssh -p 22 web2", "ssh -p 22 web3"} <= set(listed)


def test_what_is_pinned_or_noted_or_picked_stands_for_itself(filled: Engine) -> None:
    ids = {row.command: row.id for row in filled.search("ssh").rows}
    filled.pin(ids["ssh -p 22 web1"] or 0, True)
    filled.note(ids["ssh -p 22 web2"] or 0, "the shop")
    result = folded(filled, "ssh -p")
    assert {"ssh -p 22 web1", "ssh -p 22 web2"} <= set(commands(result))
    assert stands(result).alike == 1
    filled.pick("ssh -p", "ssh -p 22 db1")
    assert commands(folded(filled, "ssh -p"))[:2] == ["ssh -p 22 db1", "ssh -p 22 web1"]


def test_what_is_hidden_or_filtered_out_is_not_counted(filled: Engine) -> None:
    ids = {row.command: row.id for row in filled.search("ssh").rows}
    hidden = frozenset([ids["ssh -p 22 web1"] or 0])
    assert stands(folded(filled, "ssh", hidden=hidden)).alike == 2
    assert stands(folded(filled, "ssh -db1")).alike == 2
    filled.record([Record("ssh -p 22 web1", START + 900, cwd="/srv")])
    filled.record([Record("ssh -p 22 web2", START + 901, cwd="/srv")])
    assert stands(folded(filled, "ssh", narrow="cwd:/srv")).alike == 1


@pytest.mark.parametrize(("query", "count"), [("", 20), ("git", 10)])
def test_pages_follow_one_another(engine: Engine, query: str, count: int) -> None:
    verbs = ("add", "blame", "branch", "checkout", "diff", "log", "merge", "rebase", "show", "tag")
    lines = [f"git {verb} {value}" for value in ("one", "two", "three") for verb in verbs]
    engine.record([Record(text, START + 60 * at) for at, text in enumerate(lines)])
    engine.record([Record(f"git {verb} four", START - 60) for verb in verbs])
    embed_all(engine)
    whole = folded(engine, query)
    assert whole.found == len(whole.rows) == count
    pages = [folded(engine, query, limit=3, offset=at) for at in range(0, 21, 3)]
    assert [page.found for page in pages] == [count] * 7
    assert [text for page in pages for text in commands(page)] == commands(whole)
    if query:
        assert whole.matches == 10


WORDS = st.sampled_from(["ssh", "web1", "web2", "db", "-p", "22", "git", "'a b'", "x.y", "/tmp"])
LINES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(LINES, min_size=1, max_size=20, unique=True), st.one_of(LINES, st.just("")))
def test_every_command_is_reached(engine: Engine, lines: list[str], query: str) -> None:
    """As a row, or as one of the likes of a row; and a row stands for as many as it says."""
    engine.record([Record(text, START + at) for at, text in enumerate(lines)])
    embed_all(engine)
    result = folded(engine, query, limit=1000)
    reached = set(commands(result))
    for row in result.rows:
        likes = engine.likes(row.id or 0, Request(query, limit=1000)) if row.alike else None
        assert likes is None or len(likes.rows) >= (row.alike or 0)
        reached |= {like.command for like in likes.rows} if likes else set()
    assert reached >= {row.command for row in engine.search(query, limit=1000).rows}
    assert len(commands(result)) == len(set(commands(result)))
