"""What is kept out of the history, typed in real shells: `deja forget`, what the shell keeps out,
shells whose data directory is not their own.
"""

import os
import shutil
from pathlib import Path

import pytest
from support import shells
from support.shells import KEEP_SPACE, KEPT, Home, start

# As many ways to type it. The launcher of the test only says that it ran.
FORMS = [
    "deja forget -y './deploy.sh zqSecret1'",
    "  deja forget -y './deploy.sh zqSecret1'",
    "{bin}/deja forget --containing zqSecret1",
    "command deja forget --containing zqSecret1",
    "ZQ=1 DEJA_X=zqSecret1 deja forget --containing zqSecret1",
    "\"deja\" 'forget' --containing zqSecret1",
    r"\deja forget --containing zqSecret1",
    "env deja forget --containing zqSecret1",
    "true; deja forget --containing zqSecret1",
    "true && (deja forget --containing zqSecret1) | cat",
    "if true; then deja forget --containing zqSecret1; fi",
    "bash -c 'deja forget --containing zqSecret1'",
    "echo $(deja forget --containing zqSecret1)",
    "deja 2>/dev/null forget --containing zqSecret1",
    "deja\tforget --containing zqSecret1",
]
# What is spelt otherwise in fish; no key of it types a tab.
IN_FISH = {
    FORMS[9]: "true && begin; deja forget --containing zqSecret1; end | cat",
    FORMS[10]: "if true; deja forget --containing zqSecret1; end",
    FORMS[14]: "deja  forget --containing zqSecret1",
}
# Lines that merely hold the words are history as any other.
OTHERS = ["echo forget deja", "echo my-deja forget", "echo deja-forget", "echo deja forgetful"]

EVERYTHING = {
    "zsh": "HISTFILE=~/.kept HISTSIZE=1000 SAVEHIST=1000; setopt inc_append_history",
    "bash": "HISTFILE=~/.kept HISTCONTROL=; PROMPT_COMMAND='history -a'",
    "fish": "",
}
LISTED = {"zsh": "fc -l 1 > listed", "bash": "history > listed", "fish": "history > listed"}


@pytest.fixture
def launcher(home: Home) -> Path:
    path = home.home / "bin" / "deja"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\necho ran\n")
    path.chmod(0o755)
    return path


def path_with(launcher: Path) -> dict[str, str]:
    return {"PATH": f"{launcher.parent}:/usr/local/bin:/usr/bin:/bin"}


def test_forget_leaves_nothing_of_its_own_line(kind: str, home: Home, launcher: Path) -> None:
    plain = "bind 'set enable-bracketed-paste off' 2>/dev/null; "
    with start(kind, home, before=plain + EVERYTHING[kind], env=path_with(launcher)) as shell:
        shell.run("echo first")
        for form in FORMS:
            form = IN_FISH.get(form, form) if kind == "fish" else form
            typed = form.replace("{bin}", str(launcher.parent)).replace("\t", "\x16\t")
            shell.run(typed)
            assert "ran" in shell.picture()
            shell.run("clear")
        for other in OTHERS:
            shell.run(other)
        shell.run(LISTED[kind])
        listed = (home.work / "listed").read_text()
    kept = (home.home / KEPT[kind]).read_text()
    assert [command for command in home.commands() if "echo" in command] == ["echo first", *OTHERS]
    for place in (kept, listed, home.everything()):
        assert "zqSecret1" not in place
        assert all(other in place for other in OTHERS)
    assert "echo first" in kept
    assert "echo first" in listed


def test_an_alias_that_forgets(home: Home, launcher: Path) -> None:
    """zsh tells its hooks what a line comes to."""
    alias = "alias away='deja forget'"
    with shells.zsh(home, before=alias, env=path_with(launcher)) as shell:
        shell.run("away zqSecret1")
    assert home.commands() == []


def test_own_commands_are_no_history_unless_they_are_to_be(
    kind: str, home: Home, launcher: Path
) -> None:
    with start(kind, home, env=path_with(launcher)) as shell:
        shell.run("deja search one")
    assert home.commands() == []
    with start(kind, home, env={**path_with(launcher), "DEJA_KEEP_OWN": "1"}) as shell:
        shell.run("deja search two")
        shell.run("deja forget two")
    assert home.commands() == ["deja search two"]
    configured(home, "keep_own = true")
    with start(kind, home, env=path_with(launcher)) as shell:
        shell.run("deja search three")
    assert home.commands() == ["deja search two", "deja search three"]


def configured(home: Home, line: str) -> None:
    (home.deja / "config").mkdir(exist_ok=True)
    (home.deja / "config" / "config.toml").write_text(f"# settings\n{line}\n")


def test_a_leading_space_where_deja_is_set_so(kind: str, home: Home) -> None:
    unset = KEEP_SPACE[kind]
    with start(kind, home, before=unset, env={"DEJA_IGNORE_SPACE": "1"}) as shell:
        shell.run(" echo spaced")
        shell.run("echo plain")
    assert home.commands() == ["echo plain"]
    configured(home, "ignore_space = true")
    with start(kind, home, before=unset) as shell:
        shell.run(" echo spaced")
    with start(kind, home, before=unset, env={"DEJA_IGNORE_SPACE": "0"}) as shell:
        shell.run(" echo kept")
    assert home.commands() == ["echo plain", " echo kept"]
    assert "spaced" not in home.everything()


@pytest.mark.parametrize("status", [1, 2])
@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("way", ["function", "hook"])
def test_what_zshaddhistory_refuses(home: Home, status: int, where: str, way: str) -> None:
    """The extended pattern works under the user's options alone."""
    body = f"{{ [[ $1 == *(#i)SECRET* ]] && return {status}; return 0 }}"
    hook = f"setopt extended_glob\nzshaddhistory() {body}"
    if way == "hook":
        hook = hook.replace("zshaddhistory", "mine") + "\nzshaddhistory_functions+=(mine)"
    with shells.zsh(home, **{where: hook}) as shell:
        shell.run("echo secret one")
        shell.run("echo kept")
        shell.run("echo secret two")
    assert home.commands() == ["echo kept"]


def test_a_zshaddhistory_that_is_typed(home: Home) -> None:
    with shells.zsh(home) as shell:
        shell.run("zshaddhistory() { print -r -- x >> called; [[ $1 != *secret* ]] }")
        shell.run("echo secret one")
        shell.run("echo secret two")
        shell.run("unfunction zshaddhistory; echo secret three")
        shell.run("echo secret four")
    commands = [command for command in home.commands() if "secret" in command]
    assert commands[1:] == ["echo secret four"]


NO_FILE = {
    "unset": "unset HISTFILE",
    "empty": "HISTFILE=",
    "nowhere": "HISTFILE=/dev/null",
}


@pytest.mark.parametrize("kind", ["zsh", "bash"])  # fish has other names for it: test_fish.py
@pytest.mark.parametrize("way", NO_FILE)
def test_a_shell_that_keeps_no_file(kind: str, home: Home, way: str) -> None:
    with start(kind, home, before="HISTFILE=~/.kept") as shell:
        shell.run("echo kept")
        shell.run(NO_FILE[way])
        shell.run("echo unseen")
        shell.run("HISTFILE=~/.kept")
        shell.run("echo again")
    assert [c for c in home.commands() if "echo" in c] == ["echo kept", "echo again"]
    assert "unseen" not in home.everything()


def test_a_data_directory_of_somebody_else(kind: str, home: Home) -> None:
    """A shell of root with a user's HOME, or a DEJA_HOME that another user made."""
    mark = home.home / "ran"
    with (home.data / "env.sh").open("a") as env:
        env.write(f": > '{mark}'\n")
    nobody = 65534
    for path in (home.data, *home.data.rglob("*")):
        os.chown(path, nobody, nobody)
    with start(kind, home) as shell:
        shell.run("echo of root")
        assert shell.picture() == "ready> echo of root\nof root\nready>"
    assert not mark.exists()
    assert not (home.data / "spool").exists()
    shutil.chown(home.data, 0, 0)
    with start(kind, home) as shell:
        shell.run("echo of root")
    assert not mark.exists()
    assert not (home.data / "spool").exists()


def test_settings_that_others_can_write(home: Home) -> None:
    """bash cannot ask for the mode without a process: see record.bash."""
    mark = home.home / "ran"
    with (home.data / "env.sh").open("a") as env:
        env.write(f": > '{mark}'\n")
    (home.data / "env.sh").chmod(0o666)
    with shells.zsh(home) as shell:
        shell.run("echo one")
    assert not mark.exists()
    assert home.commands() == []
