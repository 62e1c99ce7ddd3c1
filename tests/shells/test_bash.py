"""What is peculiar to bash: PROMPT_COMMAND, PS0, HISTCONTROL, traps, other hooks."""

import subprocess
from pathlib import Path

import pytest
from support import shells
from support.fake_daemon import FakeDaemon
from support.shells import ENTER, ESCAPE, Home, ctrl


def test_xtrace_says_no_more_than_the_names_of_the_hooks(home: Home) -> None:
    with shells.bash(home) as shell:
        shell.run("set -x")
        shell.run("/bin/true")
        traced = {line.lstrip("+ ") for line in shell.lines() if "deja" in line}
        assert traced <= {"_deja_prompt", "_deja_ready"}


def test_options_traps_and_ps0_are_as_before(home: Home) -> None:
    before = "PS0='[mine]'; trap 'dbg=1' DEBUG; trap 'echo int' INT; set +o > o0; shopt > s0"
    after = "set +o > o1; shopt > s1; trap > traps"
    with shells.bash(home, before=before, after=after) as shell:
        shell.run("echo ran")
        assert "[mine]ran" in shell.picture()
    assert (home.work / "o0").read_text() == (home.work / "o1").read_text()
    assert (home.work / "s0").read_text() == (home.work / "s1").read_text()
    traps = (home.work / "traps").read_text()
    assert "trap -- 'dbg=1' DEBUG" in traps
    assert "trap -- 'echo int' SIGINT" in traps
    assert home.commands() == ["echo ran"]


PROMPT_COMMANDS = [
    "PROMPT_COMMAND='tell'",
    "PROMPT_COMMAND=(tell)",
    "PROMPT_COMMAND=('true' 'tell')",
    "PROMPT_COMMAND='tell;'",
]


@pytest.mark.parametrize("setting", PROMPT_COMMANDS)
@pytest.mark.parametrize("order", ["before", "after"])
def test_other_hooks_see_status_and_pipestatus(setting: str, order: str, home: Home) -> None:
    tell = 'tell() { echo "status=$? pipe=${PIPESTATUS[*]}" >> told; }\n'
    if order == "after":
        setting = setting.replace("PROMPT_COMMAND=(", "PROMPT_COMMAND+=(")
        setting = setting.replace("PROMPT_COMMAND='", "PROMPT_COMMAND+=('") + (
            ")" if "('" not in setting and "(tell)" not in setting else ""
        )
    with shells.bash(home, **{order: tell + setting}) as shell:
        shell.run("(exit 3) | (exit 4)")
    told = (home.work / "told").read_text()
    assert "status=4 pipe=3 4" in told or ("true" in setting and "status=4" in told)
    assert home.commands() == ["(exit 3) | (exit 4)"]


def test_a_hook_put_in_front_of_ours_later(home: Home) -> None:
    after = 'PROMPT_COMMAND="last=\\$?; $PROMPT_COMMAND"'
    with shells.bash(home, after=after) as shell:
        shell.run("(exit 5)")
        shell.run("echo last=$last")
        assert "last=5" in shell.lines()
    assert home.commands() == ["(exit 5)", "echo last=$last"]


def test_a_prompt_command_that_replaces_ours(home: Home) -> None:
    with shells.bash(home, after="PROMPT_COMMAND='mine=$?'") as shell:
        shell.run("echo healing")
        shell.run("(exit 4)")
        shell.run("echo mine=$mine")
        assert "mine=4" in shell.lines()
    assert home.commands()[-2:] == ["(exit 4)", "echo mine=$mine"]


HISTCONTROLS = {
    "ignorespace": ["echo a", "echo a", "echo b", "echo a"],
    "ignoredups": ["echo a", "echo a", " echo s", "echo b", "echo a"],
    "erasedups": ["echo a", "echo a", " echo s", "echo b", "echo a"],
    # A line that was left out may be a private one or a repeated one: silence is safe.
    "ignoreboth": ["echo a", "echo b", "echo a"],
    "ignoreboth:erasedups": ["echo a", "echo b", "echo a"],
}


@pytest.mark.parametrize("setting", HISTCONTROLS)
def test_histcontrol(setting: str, home: Home) -> None:
    with shells.bash(home, before=f"HISTCONTROL={setting}") as shell:
        for command in ("echo a", "echo a", " echo s", "echo b", "echo a"):
            shell.run(command)
    assert home.commands() == HISTCONTROLS[setting]


def test_histignore(home: Home) -> None:
    with shells.bash(home, before="HISTIGNORE='ls:*secret*:&'") as shell:
        for command in ("echo kept", "ls", "echo secret", "echo also", "ls"):
            shell.run(command)
    assert home.commands() == ["echo kept", "echo also"]
    assert b"secret" not in b"".join(f.read_bytes() for f in (home.data / "spool").glob(".*"))


def test_history_shared_between_shells_is_not_taken_for_ours(home: Home) -> None:
    sharing = "PROMPT_COMMAND='history -a; history -n'; HISTCONTROL=ignorespace"
    with shells.bash(home, before=sharing) as shell:
        shell.run("echo mine")
        with (home.home / ".bash_history").open("a") as file:
            file.write("echo of another shell\n")
        shell.run("echo mine too")
        shell.run(" echo private")
        shell.run("echo last")
    assert home.commands() == ["echo mine", "echo mine too", "echo last"]


def test_a_full_history_goes_on(home: Home) -> None:
    with shells.bash(home, before="HISTSIZE=3") as shell:
        for number in range(6):
            shell.run(f"echo {number}")
    assert home.commands() == [f"echo {number}" for number in range(6)]


def test_no_history_no_record(home: Home) -> None:
    with shells.bash(home) as shell:
        shell.run("set +o history")
        shell.run("echo unseen")
        shell.run("set -o history")
        shell.run("echo seen")
    assert "echo unseen" not in home.commands()
    assert home.commands()[-1] == "echo seen"


def test_text_is_not_left_behind(home: Home) -> None:
    """The file that `history` prints into holds nothing once the prompt is back."""
    with shells.bash(home) as shell:
        shell.run("echo long and private text of a command")
        shell.run("true")
        (scratch,) = (home.data / "spool").glob(".line.*")
        assert scratch.read_bytes().strip() == b""


BASH_PREEXEC = """
# The bones of bash-preexec: a DEBUG trap, and a PROMPT_COMMAND of its own around the old one.
bash_preexec_imported=defined
HISTCONTROL=${HISTCONTROL//ignorespace/}
__bp_first() { __bp_last=$?; return $__bp_last; }
__bp_interactive_mode() { __bp_ready=on; }
trap '__bp_trap=$BASH_COMMAND' DEBUG
PROMPT_COMMAND="__bp_first
${PROMPT_COMMAND:-}
__bp_interactive_mode"
"""


@pytest.mark.parametrize("order", ["before", "after"])
def test_beside_bash_preexec(order: str, home: Home) -> None:
    with shells.bash(home, **{order: "HISTCONTROL=ignorespace\n" + BASH_PREEXEC}) as shell:
        shell.run("echo one")
        shell.run(" echo private")
        shell.run("(exit 9)")
        shell.run("echo status=$? $__bp_ready")
        assert "status=9 on" in shell.lines()
    assert home.commands() == ["echo one", "(exit 9)", "echo status=$? $__bp_ready"]


def test_a_prompt_of_several_lines(home: Home, fake: FakeDaemon) -> None:
    prompt = "PS1='\\[\\e[34m\\]first $?\\[\\e[0m\\]\\n\\[\\e[1m\\]ready> \\[\\e[0m\\]'"
    with shells.bash(home, after=prompt) as shell:
        shell.run("(exit 6)")
        shell.send("unpack" + ctrl("R"))
        shell.wait_for("❯", "first 6\nready> unpack\n ❯ unpack\n")
        shell.send(ESCAPE)
        shell.wait(lambda s: s.picture().endswith("first 6\nready> unpack"), "the line")
        shell.send(ctrl("R"))
        shell.wait_for("tar -xzf backup.tgz")
        shell.send(ENTER)
        shell.wait_line("tar -xzf backup.tgz")
        assert shell.lines()[shell.screen.cursor.y - 1] == "first 6"


def test_a_line_that_wraps_is_back_afterwards(home: Home, fake: FakeDaemon) -> None:
    line = "echo " + "word " * 30
    with shells.bash(home) as shell:
        shell.send(line)
        shell.wait(lambda s: s.screen.cursor.y == 2, "the wrapped line")
        before = shell.picture()
        shell.send(ctrl("R"))
        shell.wait_for("❯", "no match")
        shell.send(ESCAPE)
        shell.wait(lambda s: s.picture() == before, "the old screen")
        assert shell.screen.cursor.y == 2


def test_an_old_bash_is_told(home: Home, tmp_path: Path) -> None:
    """The check itself, in a bash that pretends: BASH_VERSINFO is read-only."""
    text = (home.app / "shell_plugin" / "deja.bash").read_text()
    pretend = tmp_path / "old.bash"
    pretend.write_text(text.replace("BASH_VERSINFO", "OLD_VERSINFO"))
    code = f"OLD_VERSINFO=(4 4); source '{pretend}'; echo rc=$?; type _deja_prompt"
    done = subprocess.run(
        ["bash", "--norc", "-i", "-c", code],
        env=home.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    assert "rc=0" in done.stdout
    assert "too old" in done.stderr
    assert "_deja_prompt" not in done.stdout


def test_a_script_is_left_alone(home: Home) -> None:
    plugin = home.app / "shell_plugin" / "deja.bash"
    done = subprocess.run(
        ["bash", "-c", f"source '{plugin}'; echo \"[${{PROMPT_COMMAND-}}${{PS0-}}]\""],
        env=home.environment(),
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_very_long_command_does_not_hold_up_the_prompt(home: Home) -> None:
    code = """
        source "$0"; printf -v blanks '%*s' 200000 ''
        prompt() { for hook in "${PROMPT_COMMAND[@]}"; do eval "$hook"; done; }
        timed() {
            local begun=${EPOCHREALTIME/[.,]/}
            prompt
            echo $(( ${EPOCHREALTIME/[.,]/} - begun ))
        }
        set -o history
        # The first takes the place of this very line.
        prompt; history -s x; history -s "echo $blanks end"; : "${PS0@P}"; timed
    """
    done = subprocess.run(
        ["bash", "--norc", "-i", "-c", code, str(home.app / "shell_plugin" / "deja.bash")],
        env=home.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    assert home.commands() == ["echo " + " " * 200_000 + " end"]
    # It takes a fiftieth of this; with anything quadratic, ten times as long.
    assert int(done.stdout) < 2_000_000
