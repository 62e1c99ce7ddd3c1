"""The merge as a property: whatever hosts do and in whatever order their streams arrive, the same
is everywhere in the end, and just what the rule of docs/sync.md says.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.hosts import KEY, NAMES, Host, exchange, parsed

from backend.storage.exchange.hosts import Own
from backend.storage.exchange.records import Exchanged, Keep, Mark, Run, host_number, line
from backend.system.text import to_bytes
from backend.wire.record import Record

HOSTS = 3
TEXTS = ["ls", "make"]
OWN = Own(0, "", 0, KEY)

# What the users of some hosts do, and when those hear of each other.
host = st.integers(0, HOSTS - 1)
text = st.sampled_from(TEXTS)
step = st.one_of(
    st.tuples(st.just("type"), host, text),
    st.tuples(st.just("forget"), host, text),
    st.tuples(st.just("forget run"), host, text),
    st.tuples(st.just("keep"), host, text, st.booleans(), st.sampled_from(["", "a", "b"])),
    st.tuples(st.just("pick"), host, text, st.sampled_from(["how to", "what is"])),
    st.tuples(st.just("hear"), host, host, st.integers(1, 6)),
)


@contextmanager
def made(count: int = HOSTS) -> Iterator[list[Host]]:
    with tempfile.TemporaryDirectory() as directory:
        found = [Host(Path(directory), number) for number in range(count)]
        yield found
        for each in found:
            each.store.close()


class World:
    """Hosts, all that each ever handed out, and how far each has heard the others."""

    def __init__(self, hosts: list[Host]) -> None:
        self.hosts = hosts
        self.said: list[dict[int, str]] = [{} for _ in hosts]
        self.heard: dict[tuple[int, int], int] = {}
        self.typed = 0

    def do(self, what: str, number: int, *how: object) -> None:
        host = self.hosts[number]
        if what == "type":
            self.typed += 1
            host.type(str(how[0]), start=1e9 + self.typed, exit=self.typed % 2)
        elif what == "forget":
            host.forget(str(how[0]))
        elif what == "forget run":
            host.forget_last_run()
        elif what == "keep":
            host.keep(str(how[0]), bool(how[1]), str(how[2]))
        elif what == "pick":
            host.pick(str(how[1]), str(how[0]))
        else:
            assert isinstance(how[0], int) and isinstance(how[1], int)
            self.hear(number, how[0], how[1])

    def speak(self, number: int) -> None:
        for each in self.hosts[number].out():
            self.said[number][parsed([each])[0].counter] = each

    def hear(self, number: int, other: int, most: int) -> None:
        """A part of another's stream, beginning with what was heard last, which comes again."""
        self.speak(other)
        after = self.heard.get((number, other), 0)
        lot = [each for counter, each in sorted(self.said[other].items()) if counter >= after]
        self.hosts[number].take(lot[:most])
        if lot:
            self.heard[number, other] = parsed(lot[:most])[-1].counter

    def finish(self) -> None:
        for _ in range(2):
            for number in range(len(self.hosts)):
                for other in range(len(self.hosts)):
                    self.hear(number, other, 10_000)
        for number in range(len(self.hosts)):
            self.speak(number)


def alive(union: list[Exchanged]) -> dict[tuple[str, int], str]:
    """The rule, as docs/sync.md states it, over all that was ever said: the runs that live."""
    runs = [each for each in union if isinstance(each, Run)]
    marks = [each for each in union if isinstance(each, Mark)]

    def had_seen(record: Run, tombstone: Mark) -> bool:
        return any(
            mark.kind == "seen"
            and mark.host == record.host
            and mark.counter < record.counter
            and mark.of_host == tombstone.host
            and (mark.of_counter or 0) >= tombstone.counter
            for mark in marks
        )

    def is_dead(record: Run) -> bool:
        digest = OWN.digest(to_bytes(record.run.command))
        for mark in marks:
            if mark.kind == "run" and (mark.of_host, mark.of_counter) == (
                record.host,
                record.counter,
            ):
                return True
            names_it = (mark.kind == "forget" and mark.digest == digest) or (
                mark.kind == "host" and mark.of_host == record.host
            )
            if names_it and (
                record.counter < mark.counter
                if record.host == mark.host
                else not had_seen(record, mark)
            ):
                return True
        return False

    names = {host_number(name): name for name in NAMES}
    return {
        (names[each.host], each.counter): each.run.command for each in runs if not is_dead(each)
    }


@pytest.mark.slow
@settings(max_examples=60)
@given(st.lists(step, min_size=8, max_size=40))
def test_all_hosts_end_with_the_same_and_with_what_the_rule_says(steps: list[tuple]) -> None:  # type: ignore[type-arg]
    with made() as hosts:
        world = World(hosts)
        for each in steps:
            world.do(*each)
        world.finish()
        union = [each for said in world.said for each in parsed(said.values())]
        for host in hosts:
            assert host.contents() == hosts[0].contents()
            assert host.runs() == alive(union)
            assert host.is_consistent()


def streams() -> st.SearchStrategy[list[list[str]]]:
    """Streams of hosts that are none of the store's that reads them: any records, in order."""
    kinds = st.sampled_from("rrrrkkkkppfstT")
    stream = st.lists(st.tuples(kinds, text, host, st.integers(1, 9)), max_size=12)
    return st.tuples(stream, stream, stream).map(lambda drawn: _lines(list(drawn)))


def _lines(drawn: list[list[tuple[str, str, int, int]]]) -> list[list[str]]:
    return [
        [line(_record(number + 1, at + 1, *each)) for at, each in enumerate(stream)]
        for number, stream in enumerate(drawn)
    ]


def _record(number: int, counter: int, kind: str, text: str, other: int, at: int) -> Exchanged:
    here, there = host_number(NAMES[number]), host_number(NAMES[other + 1])
    if kind == "r":
        return Run(here, counter, Record(text, 1e9 + counter, exit=0, session=NAMES[number]))
    if kind == "f":
        return Mark(here, counter, "forget", OWN.digest(to_bytes(text)))
    if kind == "t":
        return Mark(here, counter, "run", None, there, at)
    if kind == "T":
        return Mark(here, counter, "host", None, there)
    if kind == "s":
        return Mark(here, counter, "seen", None, there, at)
    if kind == "k":
        note = "abc"[at % 3]
        return Keep(here, counter, text, counter * 2 + at, "", at % 2 == 0, note)
    return Keep(here, counter, text, counter * 2 + at, "how", None, None, at / 8, at)


@pytest.mark.slow
@settings(max_examples=150)
@given(streams(), st.randoms(use_true_random=False))
def test_neither_order_nor_lots_nor_repeats_matter(
    streams: list[list[str]], chance: Random
) -> None:
    with made(1) as (one,), made(1) as (other,):
        for stream in streams:
            one.take(stream)
        at = [0] * len(streams)
        while at != [len(stream) for stream in streams]:
            number = chance.randrange(len(streams))
            first = max(0, at[number] - chance.randrange(3))
            last = at[number] + chance.randrange(1, 5)
            other.take(streams[number][first:last])
            at[number] = max(at[number], min(last, len(streams[number])))
        for stream in streams:
            other.take(stream)
        assert other.contents() == one.contents()
        assert other.runs() == alive([each for stream in streams for each in parsed(stream)])
        assert other.is_consistent()


def test_three_hosts_that_talk_have_the_same() -> None:
    with made() as hosts:
        hosts[0].type("ls", "make", start=5.0)
        hosts[1].type("ls", start=7.0)
        hosts[2].keep("ls", True, "before there is one")
        exchange(hosts)
        hosts[1].keep("ls", True, "lists")
        hosts[0].forget("make")
        exchange(hosts)
        assert hosts[2].contents() == hosts[0].contents() == hosts[1].contents()
        assert set(hosts[2].runs().values()) == {"ls"}
        assert hosts[2].contents()[1] == [("ls", 1, "lists")]
