"""What only fish has: its own words for what is no history, lines as a whole, seconds."""

import pytest
from support.fake_daemon import FakeDaemon
from support.picker import KEY, opened
from support.shells import ALT_ENTER, ENTER, UP, Home, start

LOOP = "for f in 1 2\n    echo is $f\nend"


def history(home: Home) -> str:
    return (home.home / ".local/share/fish/fish_history").read_text()


@pytest.mark.parametrize("no_history", ["set -g fish_history ''", "fish --private"])
def test_a_shell_that_keeps_no_history(no_history: str, home: Home) -> None:
    with start("fish", home) as shell:
        shell.run("echo kept")
        shell.send(no_history + ENTER)
        shell.wait(lambda s: s.raw.count(b"ready> ") > 2 and s.line() == "ready>", "the prompt")
        shell.run("echo private")
    assert [each for each in home.commands() if "echo" in each] == ["echo kept"]
    assert "private" not in home.everything().replace("fish --private", "")


def test_what_its_function_keeps_out(home: Home) -> None:
    asked = "function fish_should_add_to_history; not string match -q '*hide*' -- $argv; end"
    with start("fish", home, before=asked) as shell:
        shell.run("echo hide")
        shell.run(" echo shown")
    assert home.commands() == [" echo shown"]


def test_blanks_of_completion_are_dropped(home: Home) -> None:
    with start("fish", home) as shell:
        shell.run("echo one  ")
        shell.run("echo two\\ ")
    assert home.commands() == ["echo one", "echo two\\ "]


def test_commands_of_one_second_keep_their_order(home: Home) -> None:
    numbers = [f"echo {number}" for number in range(8)]
    with start("fish", home) as shell:
        for command in numbers:
            shell.run(command)
    starts = [record.start or 0.0 for record in home.records()]
    assert home.commands() == numbers
    assert starts == sorted(set(starts))


def test_a_command_of_several_lines(home: Home, fake: FakeDaemon) -> None:
    fake.rows = [{"command": LOOP}]
    with start("fish", home) as shell:
        shell.send(KEY)
        opened(shell, "1 of 1")
        shell.send(ALT_ENTER)
        shell.wait_for("\nis 1\nis 2\n")
        shell.wait_prompt()
        shell.send(UP)
        shell.wait_for("ready> for f in 1 2")
        # The picker stands below all of it, wherever the cursor is.
        shell.send(UP + KEY)
        opened(shell)
        below = shell.picture().rpartition("ready>")[2]
        assert below.index("\n       end\n") < below.index(" ❯ for f in 1 2")
    assert home.commands() == [LOOP]


def test_the_key_for_what_is_next(home: Home, fake: FakeDaemon) -> None:
    fake.rows = [{"command": "echo one"}, {"command": "echo two"}]
    with start("fish", home, env={"DEJA_NEXT_KEY": "^X^N"}) as shell:
        shell.send("ec")
        for line in ("echo one", "echo two", "ec"):
            shell.send("\x18\x0e")
            shell.wait_line(line)


def test_fish_too_old_is_told_so(home: Home) -> None:
    old = home.app / "shell_plugin" / "deja.fish"
    old.write_text(old.read_text().replace("$version", "3.1.2"))
    with start("fish", home) as shell:
        assert "fish 3.1.2 is too old" in shell.picture()
        shell.run("echo one")
    assert home.commands() == []


def test_no_process_is_started_at_a_prompt(home: Home) -> None:
    """Whatever the hooks would run by name is looked for in PATH, where there is nothing."""
    with start("fish", home) as shell:
        shell.run("echo first")
        shell.run("set PATH /nonexistent")
        for number in range(3):
            shell.run(f"echo {number}")
        assert "nknown command" not in shell.picture()
    assert home.commands()[-3:] == ["echo 0", "echo 1", "echo 2"]
