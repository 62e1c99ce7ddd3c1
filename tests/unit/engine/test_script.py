"""Scripts of episodes: bash takes them, and what must not run does not, whatever was typed."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.engine.script import STOP, NoBash, written
from backend.redaction.mask import MARK
from backend.system.text import to_bytes
from backend.wire.episode import Episode, Run


def script(*runs: Run, host: str | None = None) -> str:
    return written(Episode(7, runs, started=1767450039.0, host=host))


def bash(text: str, *options: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        ["bash", *options], input=to_bytes(text), capture_output=True, check=False, cwd=cwd
    )


def test_it_does_the_same_again(tmp_path: Path) -> None:
    inside = tmp_path / "it's here\nand there"
    inside.mkdir()
    made = script(
        Run("echo one > a", exit=0, cwd=str(tmp_path)),
        Run("cat nothing", exit=1, cwd=str(tmp_path)),
        Run("cat > b <<'E'\ntwo\nlines\nE", cwd=str(inside)),
        Run("for x in 1 2\ndo\n  echo $x\ndone > c", cwd=str(inside)),
        Run("exit 3", exit=0, cwd=str(inside)),
    )
    done = bash(made, cwd=Path("/"))
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "a").read_text() == "one\n"
    assert (inside / "b").read_text() == "two\nlines\n"
    assert (inside / "c").read_text() == "1\n2\n"
    assert "# failed with exit 1:\n#   cat nothing\n" in made
    assert "# would end the script:\n#   exit 3\n" in made


def test_it_stops_at_a_mask(tmp_path: Path) -> None:
    made = script(Run(f"echo {MARK} > a"), Run("echo two > b"))
    done = bash(made, cwd=tmp_path)
    assert (done.returncode, list(tmp_path.iterdir())) == (1, [])
    assert b"masked" in done.stderr
    filled = made.replace(f"#   echo {MARK}", "echo secret").replace(STOP, "")
    assert bash(filled, cwd=tmp_path).returncode == 0
    assert {path.name for path in tmp_path.iterdir()} == {"a", "b"}


@pytest.mark.parametrize(
    "command",
    [
        *("cat <<E\nno end", "echo 'open", "if true", "ls |", ")", "}", "a=(", "print -l *(.)"),
        *("cat <<E\nE \n", "f() {", "case x in", "$(", "`"),
        "<<E\\",
    ],
)
def test_what_is_not_whole_is_a_comment(tmp_path: Path, command: str) -> None:
    done = bash(script(Run(command), Run("echo two > b")), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "b").read_text() == "two\n"


def test_a_backslash_takes_in_no_next_line(tmp_path: Path) -> None:
    done = bash(script(Run("echo one \\"), Run("echo two")), cwd=tmp_path)
    assert done.stdout == b"one\ntwo\n"


# Pieces that change what follows, and whole commands.
PIECES = st.sampled_from(
    [
        *("'", '"', "\\", "\n", "<<E", "E", "*/", "/*", "#", "$(", ")", "`", "{", "}", ";", "|"),
        *("ls", "echo x", "if", "fi", "\r", "\x1b[", "\udcff", "日本", MARK, "((", "<<<", "<<-'X'"),
        *("&&", " ", "<"),
    ]
)
HOSTILE = st.lists(PIECES, max_size=8).map("".join)
A_RUN = st.builds(
    Run,
    HOSTILE,
    exit=st.none() | st.sampled_from([0, 0, 1]),
    cwd=st.none() | HOSTILE.map(lambda path: f"/{path}"),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(A_RUN, min_size=1, max_size=4), st.none() | HOSTILE)
def test_bash_takes_any(runs: list[Run], host: str | None) -> None:
    made = script(*runs, Run("echo LAST"), host=host)
    done = bash(made, "--norc", "-n")
    assert (done.returncode, done.stderr) == (0, b""), made
    # No quote or here-document has taken the last line in.
    assert bash(made + ")\n", "--norc", "-n").returncode != 0
    comments = [line for line in made.split("\n") if line.startswith("#")]
    for run in runs:
        if MARK in run.command or run.exit:
            assert all(f"#   {line}" in comments for line in run.command.split("\n"))


def test_without_bash_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(NoBash, match="bash is needed"):
        script(Run("ls"))
