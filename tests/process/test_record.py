"""deja record: what stdin hands over is found, with a daemon and without one."""

import os
import stat
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.install import DEADLINE, Deja
from support.paths import APP

from backend.commands.quick.record import NAMES, Malformed, parse
from backend.storage import spool
from backend.wire.record import Record


def record(deja: Deja, data: bytes) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-I", str(APP), "record"],
        env=deja.env,
        cwd=deja.home,
        input=data,
        capture_output=True,
        timeout=DEADLINE,
    )


def spooled(deja: Deja) -> list[Record]:
    files = sorted(deja.config.spool_dir.iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    return [each for file in files for each in spool.parse(file.read_bytes())[0]]


def test_what_is_told_and_what_is_known(deja: Deja) -> None:
    full = (
        b"cmd=make\0start=1700000000.5\0dur=2.5\0exit=2\0cwd=/src\0session=nu-1\0host=h\0shell=nu\0"
        b"author=claude\0"
    )
    assert record(deja, full + b"\0cmd=ls \xff\nagain\0").returncode == 0
    made, listed = spooled(deja)
    assert made == Record("make", 1_700_000_000.5, 2.5, 2, "/src", "nu-1", "h", "nu", "claude")
    assert listed.command == "ls \udcff\nagain"
    assert (listed.exit, listed.duration, listed.shell) == (None, None, None)
    assert (listed.cwd, listed.host) == (str(deja.home), os.uname().nodename)
    assert stat.S_IMODE(deja.config.spool_dir.stat().st_mode) == 0o700


def test_one_shell_has_one_file(deja: Deja) -> None:
    for number in range(3):
        record(deja, f"cmd=echo {number}".encode())
    assert len(list(deja.config.spool_dir.iterdir())) == 1
    assert [each.command for each in spooled(deja)] == ["echo 0", "echo 1", "echo 2"]
    assert {(each.session or "").split(".")[1] for each in spooled(deja)} == {str(os.getpid())}


def test_the_next_search_finds_it(daemon: Deja) -> None:
    record(daemon, b"cmd=echo of nushell --password hunter2secret\0")
    assert daemon.search("nushell") == ["echo of nushell --password ‹redacted›"]


def test_what_is_wrong_in_the_settings_costs_no_command(deja: Deja) -> None:
    deja.config.config_file.parent.mkdir(parents=True, exist_ok=True)
    deja.config.config_file.write_text("= [")
    assert record(deja, b"cmd=echo kept").returncode == 0
    assert [each.command for each in spooled(deja)] == ["echo kept"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no fields"),
        (b"echo secret", "field 1 is none of"),
        (b"cmd=a\0command=secret\0", "field 2 is none of"),
        (b"exit=0\0", "no cmd="),
        (b"cmd=a\0\0cmd= \0", "no cmd="),
    ],
)
def test_what_is_no_record(data: bytes, why: str, deja: Deja) -> None:
    result = record(deja, data)
    assert result.returncode == 2
    assert why in result.stderr.decode()
    assert result.stderr.count(b"\n") == 1
    assert b"secret" not in result.stderr
    assert b"deja record --help" in result.stderr
    assert not deja.config.spool_dir.exists()


def test_it_imports_no_click(deja: Deja) -> None:
    line = [sys.executable, "-I", "-X", "importtime", str(APP), "record"]
    told = subprocess.run(line, env=deja.env, input=b"cmd=ls", capture_output=True, check=True)
    imported = {row.rpartition(b"|")[2].strip() for row in told.stderr.splitlines()}
    assert b"backend.commands.quick.record" in imported
    assert not {b"click", b"socket", b"tomllib", b"pathlib", b"dataclasses"} & imported


def test_where_nothing_can_be_written(deja: Deja) -> None:
    deja.config.data_dir.parent.mkdir(parents=True, exist_ok=True)
    deja.config.data_dir.write_text("in the way")
    result = record(deja, b"cmd=echo one")
    assert result.returncode == 1
    assert result.stderr.startswith(b"nothing is recorded: ")
    assert result.stderr.count(b"\n") == 1


def test_the_help_says_how(deja: Deja) -> None:
    told = deja("record", "--help").stdout
    assert all(name in told for name in NAMES)
    assert deja("record", "one").returncode == 2


VALUE = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]))


@given(st.lists(st.dictionaries(st.sampled_from(NAMES[:-1]), VALUE), min_size=1), VALUE)
def test_what_is_written_is_read(records: list[dict[str, str]], rest: str) -> None:
    told = [{**each, "cmd": f"echo {rest}x"} for each in records]
    data = b"\0\0".join(b"\0".join(f"{k}={v}".encode() for k, v in each.items()) for each in told)
    assert parse(data) == told


@given(st.binary())
def test_any_bytes_are_records_or_told(data: bytes) -> None:
    try:
        assert all("cmd" in each for each in parse(data))
    except Malformed as error:
        assert "\n" not in str(error)
