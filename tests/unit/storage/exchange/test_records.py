"""Records and their lines: what is written is read back, and what is none is refused in a line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.storage.exchange.records import (
    Exchanged,
    Keep,
    Malformed,
    Mark,
    Run,
    host_number,
    line,
    name,
    parse,
)
from backend.wire.record import Record

hosts = st.integers(-(2**63), 2**63 - 1)
counters = st.integers(1, 2**62)
# Bytes that are no UTF-8 come as lone surrogates; NUL is in no command.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=[])).filter(bool)
seconds = st.none() | st.integers(0, 10**16).map(lambda us: us / 1e6)
runs = st.builds(
    Record,
    texts,
    *(seconds, seconds, st.none() | st.integers(-(2**31), 2**31 - 1)),
    *([st.none() | texts] * 5),
)
marks = st.one_of(
    st.builds(Mark, hosts, counters, st.just("forget"), st.binary(min_size=32, max_size=32)),
    st.builds(Mark, hosts, counters, st.sampled_from(["run", "seen"]), st.none(), hosts, counters),
    st.builds(Mark, hosts, counters, st.just("host"), st.none(), hosts),
)
keeps = st.builds(
    *(Keep, hosts, counters, texts, counters, st.just(""), st.booleans(), st.none() | texts)
)
picks = st.builds(
    *(Keep, hosts, counters, texts, counters, texts, st.none(), st.none()),
    *(st.floats(0, 100), st.integers(0, 10**16)),
)


@given(st.one_of(st.builds(Run, hosts, counters, runs), marks, keeps, picks))
def test_what_is_written_is_read_back(record: Exchanged) -> None:
    written = line(record)
    assert "\n" not in written and written.isascii()
    assert parse(written) == record


def test_an_older_deja_passes_over_who_ran_it_and_a_person_is_not_told() -> None:
    person, agent = Record("make"), Record("make", author="claude")
    assert "author" not in line(Run(1, 2, person))
    told = json.loads(line(Run(1, 2, agent)))
    assert told.pop("author") == "claude"
    assert parse(json.dumps(told)) == Run(1, 2, person)
    assert parse(json.dumps({**told, "of a later one": [1]})) == Run(1, 2, person)


@given(hosts)
def test_a_host_has_sixteen_digits(host: int) -> None:
    assert len(name(host)) == 16
    assert host_number(name(host)) == host


ID = '"id": ["00000000000000aa", 1]'


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", "null", '{"id": 1}', '{"id": ["aa", 1], "command": "x"}'),
        *(f"{{{ID}}}", f'{{{ID}, "command": ""}}', f'{{{ID}, "command": 5}}'),
        *(f'{{{ID}, "command": "x", "exit": 1.5}}', f'{{{ID}, "command": "x", "start": NaN}}'),
        *(f'{{{ID}, "command": "x", "exit": 9999999999}}', f'{{{ID}, "forget": "zz"}}'),
        *(f'{{{ID}, "forget_run": ["00000000000000aa", 0]}}', f'{{{ID}, "forget_host": 1}}'),
        *(f'{{{ID}, "seen": []}}', f'{{{ID}, "command": "x", "keep": {{}}, "clock": 1}}'),
        f'{{{ID}, "command": "x", "pick": "", "weight": 1, "last": 1, "clock": 1}}',
    ],
)
def test_what_is_none_is_refused_in_a_line(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse(text)
    assert "\n" not in str(refused.value)
