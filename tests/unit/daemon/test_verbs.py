"""The verbs, on an engine without a model: what is refused, how, and how the thread ends."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator

import pytest

from backend.daemon.handler import RequestError
from backend.daemon.verbs import Verbs
from backend.engine.engine import Engine
from backend.wire import protocol
from backend.wire.record import Record
from backend.wire.row import rows


@pytest.fixture
def verbs(engine: Engine) -> Iterator[Verbs]:
    engine.record([Record("make", exit=2, cwd="/w", start=5.5), Record("make test")])
    made = Verbs(engine, lambda: [("pid", "7")], lambda: None)
    yield made
    made.close()


def ask(verbs: Verbs, verb: str, *fields: tuple[str, str]) -> protocol.Fields:
    request = protocol.decode(protocol.request(verb, *fields)[:-2])

    async def answer() -> protocol.Fields:
        return await verbs.handlers()[verb](request)

    return asyncio.run(answer())


def test_a_search_is_answered_with_rows(verbs: Verbs) -> None:
    reply = ask(verbs, "search", ("query", "make"), ("mode", "text"), ("limit", "1"))
    assert [key for key, _ in reply[:6]] == [
        *("mode", "took_ms", "total", "found", "matches"),
        "command",
    ]
    assert dict(reply[:3])["total"] == "2"
    (found,) = rows(reply)
    assert found.command.startswith("make")


def test_what_is_next_is_answered_in_the_same_form(verbs: Verbs) -> None:
    reply = ask(verbs, "next", ("prefix", "make "), ("cwd", "/w"), ("limit", "3"))
    assert [found.command for found in rows(reply)] == ["make test"]
    assert protocol.head(reply)[0] == ("mode", "text")


@pytest.mark.parametrize(
    ("verb", "field"),
    [
        ("next", ("limit", "0")),
        ("search", ("mode", "guess")),
        ("search", ("limit", "0")),
        ("search", ("limit", "1001")),
        ("forget", ("id", "x")),
        ("search", ("hidden", "x")),
        ("pin", ("on", "1")),
        ("pin", ("id", "1")),
        ("runs", ("command_id", "x")),
        ("runs", ("command_id", "99")),
        ("forget", ("run", "-1")),
        ("matches", ("query", "exit:banana")),
        ("matches", ("hidden", "x")),
        ("note", ("id", "99")),
        ("note", ("id", "")),
        ("mask", ("id", "-1")),
    ],
)
def test_fields_that_make_no_sense_are_a_bad_request(
    verbs: Verbs, verb: str, field: tuple[str, str]
) -> None:
    with pytest.raises(RequestError) as raised:
        ask(verbs, verb, field)
    assert raised.value.code == protocol.BAD_REQUEST


def test_a_command_is_pinned_noted_and_told_so(verbs: Verbs) -> None:
    assert ask(verbs, "pin", ("id", "1"), ("on", "1")) == [("pinned", "1")]
    assert ask(verbs, "note", ("id", "1"), ("text", " builds\nit ")) == [("note", "builds\nit")]
    (found,) = rows(ask(verbs, "search", ("query", "is:pinned")))
    assert (found.command, found.pinned, found.note) == ("make", True, "builds\nit")
    assert ask(verbs, "pin", ("id", "1"), ("on", "0")) == [("pinned", "0")]
    assert ask(verbs, "note", ("id", "1"), ("text", "")) == [("note", "")]
    assert list(rows(ask(verbs, "search", ("query", "is:noted")))) == []


def test_an_episode_comes_as_a_script_too(verbs: Verbs) -> None:
    (name, script), *told = ask(verbs, "episode", ("id", "1"), ("script", "1"))
    assert (name, told) == ("script", ask(verbs, "episode", ("id", "1")))
    assert "# failed with exit 2:\n#   make\n" in script


def test_an_episode_comes_without_what_is_hidden(verbs: Verbs, engine: Engine) -> None:
    engine.record([Record(text, start=9.0, session="s") for text in ("one", "two")])
    hidden = next(row.id for row in engine.search("one").rows if row.command == "one")
    for verb, field in (("episode", ("id", "4")), ("episodes", ("query", "two"))):
        told = ask(verbs, verb, field, ("hidden", str(hidden)))
        assert [value for key, value in told if key == "command"] == ["two"]
    with pytest.raises(RequestError, match="no episode has that number"):
        ask(verbs, "episode", ("id", "99"))


def test_there_is_no_command_of_that_number(verbs: Verbs) -> None:
    for verb, more in (("pin", ("on", "1")), ("note", ("text", "x")), ("note", ("text", ""))):
        with pytest.raises(RequestError, match="no command of that number"):
            ask(verbs, verb, ("id", "99"), more)


def test_a_note_has_an_end(verbs: Verbs) -> None:
    assert ask(verbs, "note", ("id", "1"), ("text", "x" * 1024))
    with pytest.raises(RequestError, match="at most 1,024 bytes"):
        ask(verbs, "note", ("id", "1"), ("text", "x" * 1025))
    (found,) = rows(ask(verbs, "search", ("query", "is:noted")))
    assert found.note == "x" * 1024


def test_what_is_hidden_and_narrowed_is_asked_for(verbs: Verbs) -> None:
    assert len(list(rows(ask(verbs, "search", ("query", "make"))))) == 2
    hidden = ask(verbs, "search", ("query", "make"), ("hidden", "1"), ("hidden", "7"))
    assert [row.command for row in rows(hidden)] == ["make test"]
    narrowed = ask(verbs, "search", ("query", "make"), ("narrow", "exit:fail"), ("mode", "text"))
    assert [row.command for row in rows(narrowed)] == ["make"]
    assert "applied" not in dict(narrowed)


@pytest.mark.parametrize("fields", [("search", ("query", "x"), ("mode", "meaning")), ("rebuild",)])
def test_what_needs_a_model_tells_the_code_of_its_problem(
    engine: Engine, verbs: Verbs, fields: tuple[str, *tuple[tuple[str, str], ...]]
) -> None:
    from backend.meaning.model import LOADING

    engine._meaning.problem = LOADING
    with pytest.raises(RequestError, match="being loaded") as raised:
        ask(verbs, *fields)
    assert raised.value.code == protocol.SOON


def test_status_and_ping_do_not_wait_for_the_engine(
    engine: Engine, verbs: Verbs, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, enough = threading.Event(), threading.Event()

    def drain() -> int:
        at_work.set()
        assert enough.wait(30)
        return 3

    monkeypatch.setattr(engine, "drain", drain)

    async def both() -> None:
        handlers = verbs.handlers()
        working = asyncio.ensure_future(handlers["refresh"]([]))
        await asyncio.to_thread(at_work.wait, 30)
        assert await handlers["status"]([]) == [("pid", "7")]
        assert await handlers["ping"]([]) == []
        assert not working.done()
        enough.set()
        assert await working == [("records", "3")]

    asyncio.run(asyncio.wait_for(both(), 60))


def test_closing_ends_the_thread_after_the_work_at_hand(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    verbs = Verbs(engine, list, lambda: None)
    at_work, enough = threading.Event(), threading.Event()
    done: list[str] = []

    def drain() -> int:
        at_work.set()
        assert enough.wait(30)
        done.append("drain")
        return 0

    monkeypatch.setattr(engine, "drain", drain)
    monkeypatch.setattr(engine, "forget", lambda ids: done.append("forget"))

    async def both() -> None:
        handlers: dict[str, Callable[[protocol.Fields], Awaitable[protocol.Fields]]]
        handlers = verbs.handlers()
        working = asyncio.ensure_future(handlers["refresh"]([]))
        await asyncio.to_thread(at_work.wait, 30)
        behind = asyncio.ensure_future(handlers["forget"]([]))
        await asyncio.sleep(0)
        closing = asyncio.ensure_future(asyncio.to_thread(verbs.close))
        with pytest.raises(asyncio.CancelledError):
            await behind
        enough.set()
        await closing
        assert await working == [("records", "0")]

    asyncio.run(asyncio.wait_for(both(), 60))
    assert done == ["drain"]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("engine_")]


def test_the_likes_of_a_command_come_with_its_blanks(verbs: Verbs, engine: Engine) -> None:
    lines = ["ssh -p 22 web1", "ssh -p 22  'web 2'", "ssh -p 22 web3", "ls"]
    engine.record([Record(line, start=float(at)) for at, line in enumerate(lines)])
    engine.embed_waiting()
    ids = {row.command: str(row.id) for row in rows(ask(verbs, "search", ("query", "")))}
    (folded,) = rows(ask(verbs, "search", ("query", "ssh"), ("fold", "1")))
    assert (folded.command, folded.alike) == (lines[2], 2)
    reply = ask(verbs, "likes", ("command_id", ids[lines[0]]))
    assert reply[0] == ("blank", "10 14")
    assert [row.command for row in rows(reply)] == [lines[2], lines[1]]
    assert [value for key, value in reply if key == "value"] == ["web3", "'web 2'"]
    hidden = ask(verbs, "likes", ("command_id", ids[lines[0]]), ("hidden", ids[lines[2]]))
    assert [row.command for row in rows(hidden)] == [lines[1]]
    assert ask(verbs, "likes", ("command_id", ids["ls"])) == []
    with pytest.raises(RequestError):
        ask(verbs, "likes", ("command_id", "999"))
