"""History files edited: what is asked for goes, every other byte stays; judged by real shells."""

import contextlib
import io
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.written import write_zsh

from backend.histfiles.edit import NotEditable, commands, masked, without
from backend.histfiles.formats import BASH_TIMESTAMP, PARSERS, Parsed, lines, metafy
from backend.histfiles.rewrite import NotRewritten, read, rewrite
from backend.histfiles.spans import places, spans
from backend.redaction.leaks import secrets
from backend.redaction.mask import MARK, redact
from backend.redaction.mask import masked as with_marks

FORMATS = sorted(PARSERS)

# Bytes that mean something to a format, over-represented.
PIECES = [
    b"\n", b"\\", b"\\\n", b" ", b"\r", b"\0", b": 1700000000:5;", b"\\:", b"#1700000000\n",
    b"#1700000001", b"- cmd: ", b"  when: 1700000000\n", b"  paths:\n", b"\\n", b"\x83\xa3",
    b"\x83 ", b"\x83", "у ".encode(), b"\xff", b"ls", b"a", b"curl -u me:Hunter2xyz a\n",
    b"mysql -pHunter2xyz", b"PASSWORD='a\\\nb'",
]  # fmt: skip
# A line of a NUL alone is what the streaming parsers make of one that is too long to keep.
content = (
    st.lists(st.sampled_from(PIECES) | st.binary(max_size=3))
    .map(b"".join)
    .filter(lambda data: b"\n\0\n" not in b"\n" + data)
)

# Text of commands, and starts, as shells may write them.
text = st.text(
    st.sampled_from(" \\\n:;#'\"axу\u0383é\r€-$=") | st.characters(codec="utf-8"), min_size=1
).filter(lambda command: command.strip() and "\0" not in command)
password = st.text(st.sampled_from("aB3xZ9у€\\\n !"), min_size=6).filter(str.strip)
secret = st.builds(
    lambda before, value, after: f"{before}\ncurl -u 'me:{value}' https://a.b{after}",
    text,
    password,
    text,
)
entries = st.lists(st.tuples(text | secret, st.integers(10**9, 2 * 10**9)), max_size=8)


def encode(format: str, written: list[tuple[str, int]]) -> bytes:
    """The file that the shell itself writes."""
    return b"".join(ENCODERS[format](command.encode(), start) for command, start in written)


def encode_zsh(command: bytes, start: int) -> bytes:
    """savehistfile of zsh's Src/hist.c."""
    line = metafy(command).replace(b"\n", b"\\\n")
    return b": %d:0;%s%s\n" % (start, line, b" " * line.rstrip(b" ").endswith(b"\\"))


def encode_fish(command: bytes, start: int) -> bytes:
    line = command.replace(b"\\", b"\\\\").replace(b"\n", b"\\n")
    return b"- cmd: %s\n  when: %d\n  paths:\n    - a\n" % (line, start)


ENCODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "zsh": encode_zsh,
    "bash": lambda command, start: b"#%d\n%s\n" % (start, command),
    "fish": encode_fish,
    "lines": lambda command, _: command.replace(b"\n", b" ").replace(b"\r", b" ") + b"\n",
}


def can_hold(format: str, command: str) -> bool:
    """Some texts cannot be told from what the format is made of; shells have no answer either."""
    data = command.encode()
    if format == "bash":
        return not any(BASH_TIMESTAMP.match(line) for line in data.split(b"\n"))
    if format == "lines":
        return "\n" not in command and "\r" not in command
    return True


def parsed(data: bytes, format: str) -> list[Parsed]:
    return list(PARSERS[format](lines(io.BytesIO(data))))


# Where entries are


@given(st.sampled_from(FORMATS), content)
def test_spans_are_what_the_parsers_read(format: str, data: bytes) -> None:
    found = list(spans(data, format))
    assert [span.parsed for span in found] == parsed(data, format)
    edges = [place for span in found for place in (span.begin, span.end)]
    assert edges == sorted(edges)
    assert all(span.begin <= span.body <= span.end <= len(data) for span in found)


@pytest.mark.parametrize("count", [255, 256, 257, 400])
def test_bash_lines_behind_one_timestamp(count: int) -> None:
    data = b"#1700000000\n" + b"ls\n" * count + b"#1700000001\nend\n"
    assert [span.parsed for span in spans(data, "bash")] == parsed(data, "bash")


@given(st.sampled_from(FORMATS), content)
def test_places_lead_to_every_byte_of_a_command(format: str, data: bytes) -> None:
    for span in spans(data, format):
        found = places(data, span, format)
        assert len(found) == len(span.parsed[0]) + 1
        assert found == sorted(set(found))
        assert span.body <= found[0] and found[-1] <= span.end


# Removing


@given(st.sampled_from(FORMATS), content)
def test_removing_nothing_changes_no_byte(format: str, data: bytes) -> None:
    edited = without(data, format, lambda _: False)
    assert (edited.data, edited.entries) == (data, 0)


@given(st.sampled_from(FORMATS), content, st.data())
def test_removing_from_any_bytes_leaves_the_others_as_they_were(
    format: str, data: bytes, draw: st.DataObject
) -> None:
    here = sorted(set(commands(data, format)))
    assume(here)
    unwanted = set(draw.draw(st.lists(st.sampled_from(here), min_size=1)))
    before = parsed(data, format)
    edited = without(data, format, unwanted.__contains__)
    kept = [one for one in before if one[0].decode("utf-8", "surrogateescape") not in unwanted]
    assert parsed(edited.data, format) == kept
    assert edited.entries == len(before) - len(kept)


@given(st.sampled_from(FORMATS), entries, st.data())
def test_removing_leaves_what_the_shell_would_have_written_without(
    format: str, written: list[tuple[str, int]], draw: st.DataObject
) -> None:
    written = [entry for entry in written if can_hold(format, entry[0])]
    assume(written)
    gone = draw.draw(st.sets(st.sampled_from([command for command, _ in written])))
    edited = without(encode(format, written), format, gone.__contains__)
    assert edited.data == encode(format, [entry for entry in written if entry[0] not in gone])


def test_an_edit_that_would_join_other_entries_is_refused() -> None:
    """What follows a removed timestamp would be taken for lines of the entry before it."""
    long = b"#1700000001\n" + b"".join(b"command %d\n" % n for n in range(257))
    data = b"#1700000000\nfor x in 1\ndo y\ndone\n" + long
    with pytest.raises(NotEditable):
        without(data, "bash", lambda command: command == "command 0")
    assert without(data, "bash", lambda command: command.startswith("for")).data == long


# Masking


@given(st.sampled_from(FORMATS), content)
def test_masking_changes_secrets_alone(format: str, data: bytes) -> None:
    try:
        edited = masked(data, format)
    except NotEditable:
        assume(False)
    safe = [redact(command) for command in commands(data, format)]
    assert list(commands(edited.data, format)) == safe
    assert (edited.data == data) == (edited.entries == 0)
    assert masked(edited.data, format).entries == 0


@given(st.sampled_from(FORMATS), entries)
def test_masking_leaves_what_the_shell_would_have_written_of_safe_commands(
    format: str, written: list[tuple[str, int]]
) -> None:
    if format == "lines":
        written = [(command.replace("\n", " "), start) for command, start in written]
    written = [entry for entry in written if can_hold(format, entry[0])]
    safe = [(redact(command), start) for command, start in written]
    edited = masked(encode(format, written), format)
    assert edited.data == encode(format, safe)
    assert edited.entries == sum(one != other for one, other in zip(written, safe, strict=True))


@given(
    st.lists(
        text | secret | st.sampled_from(["--password ", MARK, "TOKEN=", "'", "https://a:", "b@c/"])
    ).map("".join)
)
def test_secrets_are_the_places_that_redact_masks(command: str) -> None:
    assert with_marks(command, secrets(command)) == redact(command)


@pytest.mark.parametrize(
    ("format", "before", "after"),
    [
        ("zsh", ": 1:2;mysql -pHunter2xyz\\\n-e x\n", f": 1:2;mysql -p{MARK}\\\n-e x\n"),
        ("zsh", "\\: ;mysql -pHunter2xyz", f"\\: ;mysql -p{MARK}"),
        ("bash", "#1700000000\nmysql -pHunter2xyz \\\n-e x\n", None),
        ("fish", "- cmd: mysql -pHunter2xyz\\n\\\\\n  when: 7\n", None),
        ("lines", "mysql -pHunter2xyz\r\nls\r\n", f"mysql -p{MARK}\r\nls\r\n"),
    ],
)
def test_only_the_value_changes(format: str, before: str, after: str | None) -> None:
    after = after or before.replace("Hunter2xyz", MARK)
    assert masked(before.encode(), format).data == after.encode()


def test_metafied_values_are_masked_whole() -> None:
    value = "pаsswörd-у€😃-ムー"
    before = encode_zsh(f"curl -u me:{value} https://a.b/у".encode(), 1700000000)
    after = encode_zsh(f"curl -u me:{MARK} https://a.b/у".encode(), 1700000000)
    assert masked(before, "zsh").data == after


# Real shells

WRITTEN = [
    b"ls -la",
    b"curl -u me:Hunter2xyz https://a.example",
    b"for x in 1 2\ndo\n  mysql -pHunter2xyz -e $x\ndone",
    "echo ムード у почему é".encode(),
    "curl -u 'me:секрет-у😃zz' https://b.example # ムー".encode(),
    b"echo 'ends in a backslash' \\",
    b"echo two \\\n  lines",
    b"echo \xff\xfe\x83 bytes",
    b": no-op",
    b"git status",
]
GONE = {WRITTEN[0], WRITTEN[2], WRITTEN[5]}

READ_ZSH = """
zmodload zsh/parameter
fc -p $1 10000 0
print -s 'the last one is not listed'
for number in ${(onk)history}; do print -rN -- "$history[$number]"; done
"""
WRITE_BASH = """
HISTSIZE=10000 HISTFILESIZE=10000 HISTCONTROL= HISTTIMEFORMAT='%F '
shopt -s cmdhist lithist
while IFS= read -r -d '' command; do history -s -- "$command"; done < "$2"
history -w "$1"
"""
READ_BASH = "HISTSIZE=10000 HISTTIMEFORMAT=$'\\2'; history -c; history -r \"$1\"; history"


def run_shell(folder: Path, shell: list[str], script: str, *arguments: str) -> bytes:
    (folder / "script").write_text(script)
    return subprocess.run(
        [*shell, str(folder / "script"), *arguments],
        stdin=subprocess.DEVNULL,
        env={"HOME": str(folder), "PATH": os.environ["PATH"], "TERM": "dumb", "LC_ALL": "C.UTF-8"},
        check=True,
        timeout=60,
        stdout=subprocess.PIPE,
    ).stdout


def through_zsh(folder: Path, option: str, edit: Callable[[Path], None]) -> list[bytes]:
    """What a real zsh reads of the file that another wrote and `edit` changed."""
    (folder / "history").unlink(missing_ok=True)
    path = write_zsh(folder, WRITTEN, option, LC_ALL="C.UTF-8")
    edit(path)
    return run_shell(folder, ["zsh", "-f", "-i"], READ_ZSH, str(path)).split(b"\0")[:-1]


def through_bash(folder: Path, edit: Callable[[Path], None]) -> list[bytes]:
    (folder / "commands").write_bytes(b"".join(command + b"\0" for command in WRITTEN))
    path, bash = folder / "history", ["bash", "--norc"]
    run_shell(folder, bash, WRITE_BASH, str(path), str(folder / "commands"))
    edit(path)
    listed = run_shell(folder, bash, READ_BASH, str(path))
    return [one.removesuffix(b"\n") for one in re.split(rb"^ *\d+[* ] \x02", listed, flags=re.M)][
        1:
    ]


def remove_gone(format: str) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        before = read(path)
        unwanted = {command.decode() for command in GONE}
        edited = without(before.data, format, unwanted.__contains__)
        assert edited.entries == len(GONE)
        rewrite(before, edited.data)

    return edit


def mask_all(format: str) -> Callable[[Path], None]:
    def edit(path: Path) -> None:
        before = read(path)
        edited = masked(before.data, format)
        assert edited.entries == 3
        rewrite(before, edited.data)

    return edit


KEPT = [command for command in WRITTEN if command not in GONE]
SAFE = [
    redact(command.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    for command in WRITTEN
]


@pytest.mark.parametrize("option", ["extendedhistory", "noextendedhistory"])
def test_a_real_zsh_reads_the_edited_file(tmp_path: Path, option: str) -> None:
    assert through_zsh(tmp_path, option, lambda _: None) == WRITTEN
    assert through_zsh(tmp_path, option, remove_gone("zsh")) == KEPT
    assert through_zsh(tmp_path, option, mask_all("zsh")) == SAFE


def test_a_real_bash_reads_the_edited_file(tmp_path: Path) -> None:
    assert through_bash(tmp_path, lambda _: None) == WRITTEN
    assert through_bash(tmp_path, remove_gone("bash")) == KEPT
    assert through_bash(tmp_path, mask_all("bash")) == SAFE


def test_a_real_fish_reads_the_edited_file(tmp_path: Path) -> None:
    path = tmp_path / "fish" / "fish_history"
    path.parent.mkdir()
    written = [(command.decode(), 1_700_000_000 + n) for n, command in enumerate(WRITTEN[:5])]
    path.write_bytes(masked(encode("fish", written), "fish").data)
    out = subprocess.run(
        ["fish", "-c", "history merge; history --null --reverse"],
        env={"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        check=True,
        timeout=60,
        stdout=subprocess.PIPE,
    ).stdout
    assert out.split(b"\0")[:-1] == SAFE[:5]


# In a file's place


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_mode_and_other_files_stay(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_bytes(b"old")
    path.chmod(0o640)
    rewrite(read(path), b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert names(tmp_path) == ["history"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_the_owner_stays(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_bytes(b"old")
    os.chown(path, 12345, 54321)
    path.chmod(0o600)
    rewrite(read(path), b"new")
    status = path.stat()
    assert (status.st_uid, status.st_gid) == (12345, 54321)
    assert stat.S_IMODE(status.st_mode) == 0o600


def test_a_link_stays_and_its_target_is_rewritten(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    target = tmp_path / "elsewhere" / "history"
    target.write_bytes(b"old")
    link = tmp_path / "history"
    link.symlink_to("elsewhere/history")
    rewrite(read(link), b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert not target.is_symlink()


def test_a_file_with_a_second_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_bytes(b"old")
    (tmp_path / "other").hardlink_to(path)
    with pytest.raises(NotRewritten, match="hard links"):
        rewrite(read(path), b"new")
    assert path.read_bytes() == b"old"


def test_a_file_that_changed_meanwhile_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_bytes(b"old\n")
    before = read(path)
    with path.open("ab") as file:
        file.write(b"typed meanwhile\n")
    with pytest.raises(NotRewritten, match="changed meanwhile"):
        rewrite(before, b"new")
    assert path.read_bytes() == b"old\ntyped meanwhile\n"
    assert names(tmp_path) == ["history"]


def test_a_rewrite_that_fails_leaves_the_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "history"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotRewritten, match="No space left"):
        rewrite(read(path), b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["history"]


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotRewritten):
        read(tmp_path / "missing")
    with pytest.raises(NotRewritten):
        read(tmp_path)


def test_a_lock_of_zsh_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.histfiles.rewrite._wait", lambda path, _: refuse(path))
    path = tmp_path / "history"
    path.write_bytes(b"old")
    lock = tmp_path / "history.LOCK"
    lock.symlink_to("/pid-1/host-x")
    with pytest.raises(NotRewritten, match="waited"):
        rewrite(read(path), b"new")
    assert lock.is_symlink()
    assert path.read_bytes() == b"old"


def refuse(path: Path) -> None:
    raise NotRewritten(f"waited for {path}")


def test_an_abandoned_lock_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_bytes(b"old")
    lock = tmp_path / "history.LOCK"
    lock.symlink_to("/pid-1/host-x")
    os.utime(lock, (1, 1), follow_symlinks=False)
    rewrite(read(path), b"new")
    assert names(tmp_path) == ["history"]


APPEND = """
import sys, time
for number in range(600):
    with open(sys.argv[1], "a") as file:
        file.write(f"line {number}\\n")
    time.sleep(0.002)
"""


def test_a_shell_that_appends_without_a_lock_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_bytes(b"curl -u me:Hunter2xyz https://a.example\n")
    writer = subprocess.Popen([sys.executable, "-I", "-c", APPEND, str(path)])
    rewritten = 0
    while writer.poll() is None:
        with contextlib.suppress(NotRewritten):
            before = read(path)
            rewrite(before, before.data.replace(b"Hunter2xyz", b"x"))
            rewritten += 1
    assert writer.returncode == 0
    assert rewritten
    first, *rest = path.read_text().splitlines()
    assert first == "curl -u me:x https://a.example"
    assert sorted(rest) == sorted(f"line {number}" for number in range(600))
