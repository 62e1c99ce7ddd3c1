"""Recording in real zsh, bash and fish: what lands in the spool, and what stays as it was."""

import os
import re
import shutil
import stat
import time

import pytest
from support import shells
from support.fake_daemon import FakeDaemon
from support.shells import ALT_ENTER, ENTER, KEEP_SPACE, Home, ctrl, start


def test_a_record_says_what_when_where_and_how_it_ended(kind: str, home: Home) -> None:
    before = time.time()
    with start(kind, home) as shell:
        shell.run("mkdir -p 'sub dir'")
        shell.run("cd 'sub dir'")
        shell.run("sleep 0.3; sh -c 'exit 7'")
        shell.run("pwd")
    made, moved, slept, told = home.records()
    assert [record.command for record in (made, moved, slept, told)] == [
        "mkdir -p 'sub dir'",
        "cd 'sub dir'",
        "sleep 0.3; sh -c 'exit 7'",
        "pwd",
    ]
    assert [record.exit for record in (made, moved, slept, told)] == [0, 0, 7, 0]
    assert moved.cwd == str(home.work)
    assert slept.cwd == str(home.work / "sub dir")
    assert slept.duration is not None and 0.3 <= slept.duration < 10
    # fish knows whole seconds.
    began = int(before) if kind == "fish" else before
    assert slept.start is not None and began < slept.start < time.time()
    assert slept.shell == kind
    assert slept.host == os.uname().nodename
    assert slept.session and re.fullmatch(r"[A-Za-z0-9-]+\.\d+\.\d{16}", slept.session)


EXACT = [
    "echo 'it'\\''s' \"$(echo hi)\" `echo id` ; : > /dev/null && true | cat",
    "echo a=b=c '==' '-n' \\\\ 'back\\slash' \"tab\tin\" | cat -A",
    "echo 日本語 𝒳 naïve",
    "true # a comment",
    "echo {a,b} $((1+2)) ${HOME:0:1} [x] *",
]
# Of what fish would not run, its own spelling.
FISH = {
    EXACT[0]: "echo 'it\\'s' \"$(echo hi)\" (echo id) ; : > /dev/null && true | cat",
    EXACT[1]: EXACT[1].replace("\t", " "),  # no key types a tab
    EXACT[4]: "echo {a,b} (math 1+2) $HOME[1] [x] *",
}


@pytest.mark.parametrize("command", EXACT, ids=range(len(EXACT)))
def test_text_is_kept_as_it_was_typed(command: str, kind: str, home: Home) -> None:
    command = FISH.get(command, command) if kind == "fish" else command
    # Tab completes: it is typed as a person would, after Ctrl-V.
    with start(kind, home, before="bind 'set enable-bracketed-paste off' 2>/dev/null") as shell:
        shell.run(command.replace("\t", "\x16\t"))
    assert home.commands() == [command]


def test_bytes_that_are_not_utf8(kind: str, home: Home) -> None:
    """Neither shell lets them be typed, so they come from the picker."""
    fake = FakeDaemon(home.data, [{"command": "echo caf\udce9 \udcff > out"}])
    with start(kind, home) as shell:
        shell.send(ctrl("R"))
        shell.wait_for("1 of 1")
        shell.send(ALT_ENTER)
        shell.wait(lambda s: (home.work / "out").exists(), "the file")
        shell.wait_prompt()
    fake.stop()
    assert home.commands() == ["echo caf\udce9 \udcff > out"]
    assert (home.work / "out").read_bytes() == b"caf\xe9 \xff\n"


@pytest.mark.parametrize("kind", ["zsh", "bash"])  # fish has none
def test_a_heredoc_is_whole(kind: str, home: Home) -> None:
    with start(kind, home) as shell:
        shell.send("cat > made <<'END'\r  two  blanks\r$x \\ 'q'\r\rEND\r")
        shell.wait(lambda s: (home.work / "made").exists(), "the file")
        shell.wait_prompt()
    assert home.commands() == ["cat > made <<'END'\n  two  blanks\n$x \\ 'q'\n\nEND"]


def test_a_quoted_newline_is_kept(kind: str, home: Home) -> None:
    with start(kind, home) as shell:
        shell.send("echo 'one\rtwo'\r")
        shell.wait_for("one\ntwo\nready>")
    assert home.commands() == ["echo 'one\ntwo'"]


def test_lines_that_run_nothing_leave_no_record(kind: str, home: Home) -> None:
    comments = {"zsh": "setopt interactive_comments"}.get(kind, "")
    with start(kind, home, before=comments) as shell:
        shell.run("false")
        for keys in (ENTER, "   " + ENTER, "typed" + ctrl("C"), "# only a comment" + ENTER):
            shell.send(keys)
            shell.wait_prompt()
        shell.send("if )" + ENTER)
        if kind == "fish":
            # What is wrong stays on the line, to be mended.
            shell.wait(lambda s: "ommand" in s.picture() and s.line() == "ready> if )", "the line")
            shell.send(ctrl("U"))
        else:
            shell.wait_for("rror")
        shell.wait_prompt()
        shell.run("true")
    assert home.commands() == ["false", "true"]


def test_an_interrupted_command_is_recorded(kind: str, home: Home) -> None:
    with start(kind, home) as shell:
        shell.send("sleep 60" + ENTER)
        # Not before it runs: a shell that has just forked swallows the signal.
        shell.wait(lambda s: shells.foreground_name(s) == "sleep", "the sleep")
        shell.send(ctrl("C"))
        shell.wait_prompt()
        shell.run("true")
    assert [(r.command, r.exit) for r in home.records()] == [("sleep 60", 130), ("true", 0)]


SPACE = {"zsh": "setopt hist_ignore_space", "bash": "HISTCONTROL=ignorespace", "fish": ""}


def test_a_leading_space_keeps_a_command_out_where_the_user_says_so(kind: str, home: Home) -> None:
    with start(kind, home, before=SPACE[kind]) as shell:
        shell.run("echo one")
        shell.run(" echo secret")
        shell.run("echo two")
    assert home.commands() == ["echo one", "echo two"]
    assert "secret" not in home.everything()


def test_a_leading_space_is_kept_where_the_user_does_not(kind: str, home: Home) -> None:
    with start(kind, home, before=KEEP_SPACE[kind]) as shell:
        shell.run(" echo spaced")
    assert home.commands() == [" echo spaced"]


def test_deja_ignore(kind: str, home: Home) -> None:
    with start(kind, home, env={"DEJA_IGNORE": "*--token*:ls:ls *"}) as shell:
        for command in ("echo --token abc", "ls", "ls -a", "lsof -v", "echo ls"):
            shell.run(command)
    assert home.commands() == ["lsof -v", "echo ls"]
    assert "abc" not in home.everything()


def test_files_are_private(kind: str, home: Home) -> None:
    with start(kind, home, before="umask 000") as shell:
        shell.run("true")
        modes = {stat.S_IMODE(file.stat().st_mode) for file in (home.data / "spool").iterdir()}
        assert modes == {0o600}
        assert stat.S_IMODE((home.data / "spool").stat().st_mode) == 0o700
        shell.run("umask")
        assert "\n000" in shell.picture()


def test_a_full_disk_loses_nothing(kind: str, home: Home) -> None:
    """The spool cannot be written for three commands, then it can."""
    spool = home.data / "spool"
    spool.write_text("in the way")
    with start(kind, home) as shell:
        for number in range(3):
            shell.run(f"echo held {number}")
        spool.unlink()
        shell.run("echo written")
        assert "deja" not in shell.picture()
    assert home.commands() == ["echo held 0", "echo held 1", "echo held 2", "echo written"]


def test_a_spool_taken_away_comes_back(kind: str, home: Home) -> None:
    with start(kind, home) as shell:
        shell.run("echo one")
        for file in (home.data / "spool").iterdir():
            file.unlink()
        shell.run("echo two")
        shell.run("echo three")
    assert home.commands() == ["echo two", "echo three"]


def test_nothing_is_recorded_once_deja_is_uninstalled(kind: str, home: Home) -> None:
    with start(kind, home) as shell:
        shell.run("echo before")
        assert home.commands() == ["echo before"]
        shutil.rmtree(home.data)
        shell.run("echo after")
        shell.run("echo again")
        assert "again" in shell.picture()
    assert not home.data.exists()


def test_a_read_only_data_directory_is_silent(kind: str, home: Home) -> None:
    (home.data / "env.sh").unlink()
    home.data.rmdir()
    home.data.write_text("not a directory")
    with start(kind, home) as shell:
        shell.run("echo one")
        shell.run("false")
        assert shell.picture() == "ready> echo one\none\nready> false\nready>"


def test_nothing_is_printed_and_sourcing_twice_is_harmless(kind: str, home: Home) -> None:
    plugin = home.app / "shell_plugin" / f"deja.{kind}"
    with start(kind, home, after=f"source '{plugin}'\nsource '{plugin}'") as shell:
        assert shell.picture() == "ready>"
        shell.run("echo once")
    assert home.commands() == ["echo once"]


def test_a_nested_shell_has_its_own_session(kind: str, home: Home) -> None:
    with start(kind, home) as shell:
        shell.run("echo outer")
        shell.send(kind + ENTER)
        shell.wait(lambda s: shells.foreground_group(s) != s.child.pid, "the inner shell")
        shell.wait_prompt()
        shell.run("echo inner")
        shell.send("exit" + ENTER)
        shell.wait(lambda s: shells.foreground_group(s) == s.child.pid, "the outer shell")
        shell.wait_prompt()
        shell.run("echo outer again")
    sessions = {record.command: record.session for record in home.records()}
    assert sessions["echo outer"] == sessions["echo outer again"] != sessions["echo inner"]


def test_exec_into_a_new_shell(kind: str, home: Home) -> None:
    with start(kind, home) as shell:
        shell.run("echo before")
        shell.send(f"exec {kind}" + ENTER)
        shell.wait(lambda s: s.raw.count(b"ready> ") >= 3, "the new shell")
        shell.wait_prompt()
        shell.run("echo after")
    # In fish both may have the same start.
    assert {"echo before", "echo after"} <= set(home.commands())
    sessions = {record.session for record in home.records()}
    assert len(sessions) == 2


SUBSHELL = {"zsh": "(echo in; exit 3)", "bash": "(echo in; exit 3)"}
SUBSHELL["fish"] = "fish -c 'echo in; exit 3'"


def test_a_subshell_records_nothing_by_itself(kind: str, home: Home) -> None:
    with start(kind, home) as shell:
        shell.run(SUBSHELL[kind])
        shell.run("echo $(echo deep)")
    assert home.commands() == [SUBSHELL[kind], "echo $(echo deep)"]
    assert [record.exit for record in home.records()] == [3, 0]


STATUS = {"zsh": "$?", "bash": "$?", "fish": "$status"}


def test_status_is_left_alone(kind: str, home: Home) -> None:
    with start(kind, home) as shell:
        shell.run("sh -c 'exit 42'")
        shell.run(f"echo status={STATUS[kind]}")
        assert "status=42" in shell.lines()
        shell.send("abc" + ctrl("R"))
        shell.wait_for("offline")
        shell.send(ctrl("C"))
        shell.wait_line("abc")
        shell.send(ctrl("U"))
        shell.run("sh -c 'exit 43'")
        shell.send(ctrl("R"))
        shell.wait_for("offline")
        shell.send(ctrl("C"))
        shell.wait_prompt()
        shell.run(f"echo status={STATUS[kind]}")
        assert "status=43" in shell.lines()


def test_a_daemon_is_started_only_where_there_is_none(kind: str, home: Home) -> None:
    (home.data / "daemon").write_text(f"v=1\0version=x\0pid={os.getpid()}\0socket=/none\0\0")
    with start(kind, home) as shell:
        shell.run("true")
        assert not home.started.exists()
    (home.data / "daemon").write_text("v=1\0version=x\0pid=4194304\0socket=/none\0\0")
    with start(kind, home) as shell:
        assert shells.background_start(home)
        assert shell.picture() == "ready>"
        shell.run("jobs")
        said = "jobs: There are no jobs\n" if kind == "fish" else ""
        assert shell.picture() == f"ready> jobs\n{said}ready>"


def test_no_interpreter_no_noise(kind: str, home: Home) -> None:
    home.write_env("/nowhere/python")
    with start(kind, home) as shell:
        shell.run("true")
        assert shell.picture() == "ready> true\nready>"


def test_deja_joins_the_path_only_where_it_is_missing(kind: str, home: Home) -> None:
    tools = home.home / "tools"
    tools.mkdir()
    launcher = tools / "deja"
    launcher.write_text("#!/bin/sh\necho launched\n")
    launcher.chmod(0o755)
    with (home.data / "env.sh").open("a") as env:
        env.write(f"_deja_bin='{tools}'\n")
    with start(kind, home) as shell:
        shell.run("deja")
        assert "launched" in shell.picture()
        again = "set PATH $PATH" if kind == "fish" else "PATH=$PATH"
        shell.run(f"{again}; exec {kind}")
        shell.run('echo "$PATH" | grep -o tools | wc -l')
        assert shell.lines()[shell.screen.cursor.y - 1].strip() == "1"
