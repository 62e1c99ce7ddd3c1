"""What is peculiar to zsh: options, hooks, plugins of others."""

import subprocess
from pathlib import Path

import pytest
from support import shells
from support.fake_daemon import FakeDaemon
from support.shells import ENTER, ESCAPE, Home, ctrl, picker_pid

AUTOSUGGESTIONS = Path("/usr/share/zsh-autosuggestions/zsh-autosuggestions.zsh")
HIGHLIGHTING = Path("/usr/share/zsh-syntax-highlighting/zsh-syntax-highlighting.zsh")


def test_xtrace_stays_quiet_about_the_hooks(home: Home) -> None:
    with shells.zsh(home) as shell:
        shell.run("set -x")
        shell.run("/bin/true")
        assert "deja" not in shell.picture()


def test_options_and_hooks_are_as_before(home: Home) -> None:
    before = "typeset -ga precmd_functions; mine() { : }; precmd_functions+=(mine); setopt > opts0"
    with shells.zsh(home, before=before, after="setopt > opts1") as shell:
        shell.run("print -l $precmd_functions > hooks")
        shell.run("trap > traps; echo ok")
    assert (home.work / "opts0").read_text() == (home.work / "opts1").read_text()
    assert (home.work / "hooks").read_text().split() == ["_deja_precmd", "mine"]
    assert (home.work / "traps").read_text() == ""


def test_other_hooks_see_the_status(home: Home) -> None:
    after = "tell() { print -r -- status=$? pipe=$pipestatus >> told }; precmd_functions+=(tell)"
    with shells.zsh(home, after=after) as shell:
        shell.run("(exit 3) | (exit 4)")
    assert "status=4 pipe=3 4" in (home.work / "told").read_text()


def test_history_ignore(home: Home) -> None:
    with shells.zsh(home, before="HISTORY_IGNORE='(ls|ls *|*secret*)'") as shell:
        for command in ("ls", "ls -a", "echo secret", "echo kept"):
            shell.run(command)
    assert home.commands() == ["echo kept"]


def test_a_very_long_command_does_not_hold_up_the_prompt(home: Home) -> None:
    code = """
        zmodload zsh/datetime; source $1
        line="echo ${(l:200000:: :)} end"
        begun=$EPOCHREALTIME
        _deja_preexec "$line"; _deja_precmd
        integer took=$(( (EPOCHREALTIME - begun) * 1000 ))
        print $took
    """
    done = subprocess.run(
        ["zsh", "-f", "-i", "-c", code, "zsh", str(home.app / "shell_plugin" / "deja.zsh")],
        env=home.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    assert home.commands() == ["echo " + " " * 200_000 + " end"], done.stderr
    # It takes a hundredth of this; with anything quadratic, four times as long.
    assert int(done.stdout) < 2000


def test_a_multi_line_construct_is_exact(home: Home) -> None:
    with shells.zsh(home) as shell:
        shell.send("for i in 1 2\rdo  echo n$i\rdone\r")
        shell.wait_for("n2\nready>")
    assert home.commands() == ["for i in 1 2\ndo  echo n$i\ndone"]


def test_the_last_command_of_a_shell_is_kept(home: Home) -> None:
    with shells.zsh(home) as shell:
        shell.send("exit 3" + ENTER)
        shell.wait(lambda s: not s.child.isalive(), "the end")
    (record,) = home.records()
    assert (record.command, record.exit, record.duration) == ("exit 3", None, None)


def test_exec_is_recorded_although_no_prompt_follows(home: Home) -> None:
    with shells.zsh(home) as shell:
        shell.send("exec /bin/echo replaced" + ENTER)
        shell.wait(lambda s: not s.child.isalive(), "the end")
    assert home.commands() == ["exec /bin/echo replaced"]


def test_a_trap_on_interrupt_survives(home: Home, fake: FakeDaemon) -> None:
    with shells.zsh(home, before="TRAPINT() { print trapped; return 130 }") as shell:
        shell.send("abc" + ctrl("R"))
        shell.wait_for("❯")
        shell.send(ctrl("C"))
        shell.wait_line("abc")
        assert "trapped" not in shell.picture()
        # The picker wipes its lines first and puts the modes back then: a Ctrl-C in between is
        # a byte, no signal.
        shell.wait(lambda s: picker_pid(home) is None, "the end of the picker")
        shell.send(ctrl("C"))
        shell.wait_for("trapped")


@pytest.mark.skipif(not AUTOSUGGESTIONS.exists(), reason="zsh-autosuggestions is not installed")
@pytest.mark.skipif(not HIGHLIGHTING.exists(), reason="zsh-syntax-highlighting is not installed")
@pytest.mark.parametrize("order", ["before", "after"])
def test_beside_autosuggestions_and_highlighting(order: str, home: Home, fake: FakeDaemon) -> None:
    others = f"source {AUTOSUGGESTIONS}\nsource {HIGHLIGHTING}"
    with shells.zsh(home, **{order: others}) as shell:
        shell.run("echo unpack everything")
        shell.send("unpack")
        shell.wait_line("unpack")
        shell.send(ctrl("R"))
        shell.wait_for("❯ unpack", "tar -xzf backup.tgz")
        shell.send(ENTER)
        shell.wait_line("tar -xzf backup.tgz")
        shell.send(ctrl("U") + "echo unpa")
        shell.wait_line("echo unpack everything")
        shell.send(ctrl("R"))
        shell.wait_for("❯ echo unpa", "no match")
        assert "everything" not in shell.lines()[shell.screen.cursor.y - 1]
        shell.send(ESCAPE)
        shell.wait(lambda s: s.line().startswith("ready> echo unpa"), "the line")
        shell.send(ctrl("U") + "echo fine" + ENTER)
        shell.wait_for("\nfine\n")
    assert home.commands() == ["echo unpack everything", "echo fine"]


def test_a_prompt_of_several_lines_and_one_at_the_right(home: Home, fake: FakeDaemon) -> None:
    after = "PS1=$'%F{blue}first line%f\\nready> '; RPS1='right'; setopt prompt_subst"
    with shells.zsh(home, after="") as shell:
        shell.send(after + ENTER)
        shell.wait_for("first line", "right")
        shell.send("unpack" + ctrl("R"))
        shell.wait_for("❯", "tar -xzf backup.tgz", "first line")
        shell.send(ESCAPE)
        shell.wait(lambda s: "❯" not in s.picture(), "the end")
        assert shell.line().startswith("ready> unpack")
        assert shell.line().endswith("right")
        assert shell.lines()[shell.screen.cursor.y - 1] == "first line"


def test_a_line_of_many_lines_is_drawn_above_the_picker(home: Home, fake: FakeDaemon) -> None:
    with shells.zsh(home) as shell:
        shell.send("\x1b[200~echo one\necho two\necho three\x1b[201~" + "\x1b[A")
        shell.wait_for("echo three")
        row = shell.screen.cursor.y
        shell.send(ctrl("R"))
        shell.wait_for("echo three\n ❯ echo one⏎echo two⏎echo three")
        shell.send(ESCAPE)
        shell.wait(lambda s: "❯" not in s.picture(), "the end")
        shell.wait(lambda s: s.screen.cursor.y == row, "the cursor where it was")


def test_the_key_again_finds_what_it_was_bound_to(home: Home, fake: FakeDaemon) -> None:
    before = "mine() { BUFFER='my own search' }; zle -N mine; bindkey '^R' mine"
    with shells.zsh(home, before=before) as shell:
        shell.send(ctrl("R"))
        shell.wait_for("❯")
        shell.send(ctrl("R"))
        shell.wait_line("my own search")


def test_a_plugin_manager_may_source_from_a_function(home: Home, fake: FakeDaemon) -> None:
    plugin = home.app / "shell_plugin" / "deja.plugin.zsh"
    link = home.home / "linked.zsh"
    link.symlink_to(plugin)
    with shells.zsh(home, after=f"load() {{ source {link} }}; load") as shell:
        shell.run("echo once")
        shell.send("unpack" + ctrl("R"))
        shell.wait_for("❯", "tar -xzf backup.tgz")
    assert home.commands() == ["echo once"]


def test_keymaps(home: Home) -> None:
    with shells.zsh(home) as shell:
        shell.run("for k in emacs viins vicmd; do bindkey -M $k '^R'; done")
        assert shell.picture().count('"^R" deja-pick') == 3
