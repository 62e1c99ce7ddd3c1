"""Tab on deja's own command line, in real shells."""

from collections.abc import Iterator

import pytest
from support.shells import PROMPT, TAB, Home, Shell, bash, ctrl, start, zsh

COMPINIT = "autoload -Uz compinit; compinit -u -d $HOME/.zcompdump"
# Of a repository that somebody else has named.
EVIL = "$(touch${IFS}evil)"
# Stands for `deja`: it prints the names that it is asked for, and leaves a mark.
STUB = f"""#!/bin/sh
echo "$*" >>"$HOME/asked"
case $* in
    'names host') printf 'quokka\\n' ;;
    'names repo') printf '%s\\n' '{EVIL}' ;;
esac
"""
FISH_OWN = ".config/fish/completions"


def path(home: Home) -> dict[str, str]:
    return {"PATH": f"{home.home / 'bin'}:/usr/bin:/bin"}


def write_stub(home: Home) -> None:
    stub = home.home / "bin" / "deja"
    stub.parent.mkdir()
    stub.write_text(STUB)
    stub.chmod(0o755)


@pytest.fixture
def tabbed(kind: str, home: Home) -> Iterator[Shell]:
    """A shell with deja's completion, in a directory with one file and one directory."""
    write_stub(home)
    (home.work / "notes.txt").touch()
    (home.work / "sources").mkdir()
    before = COMPINIT if kind == "zsh" else ""
    with start(kind, home, before=before, env=path(home)) as shell:
        yield shell


def complete(shell: Shell, typed: str, expected: str) -> None:
    """Type, press Tab, see what it becomes, and take it back."""
    shell.send(typed + TAB)
    # zsh puts the = of an option there, which a blank takes away.
    shell.wait(
        lambda shell: shell.line().rstrip("=") == PROMPT + expected, f"{expected!r} of {typed!r}"
    )
    shell.send(ctrl("u"))
    shell.wait_line("")


def test_commands_options_and_values(tabbed: Shell, home: Home) -> None:
    for typed, expected in (
        ("deja sea", "deja search"),
        ("deja search --mod", "deja search --mode"),
        ("deja search --mode mea", "deja search --mode meaning"),
        ("deja search x --order=ne", "deja search x --order=newest"),
        ("deja search exit:f", "deja search exit:fail"),
        ("deja search docker sinc", "deja search docker since:"),
        ("deja import fi", "deja import fish"),
        ("deja import --file no", "deja import --file notes.txt"),
        ("deja search --cwd so", "deja search --cwd sources/"),
        ("deja completion f", "deja completion fish"),
        ("deja config ge", "deja config get"),
        ("deja config get lea", "deja config get learn"),
    ):
        complete(tabbed, typed, expected)
    assert not (home.home / "asked").exists(), "no program was run for any of these"


def test_names_are_asked_for(tabbed: Shell, home: Home) -> None:
    complete(tabbed, "deja search --host q", "deja search --host quokka")
    complete(tabbed, "deja search host:qu", "deja search host:quokka")
    assert set((home.home / "asked").read_text().splitlines()) == {"names host"}


def test_a_name_is_never_run(tabbed: Shell, home: Home) -> None:
    tabbed.send("deja search --repo " + TAB)
    tabbed.wait_for("touch")
    tabbed.send("\r")
    tabbed.wait(lambda shell: "search --repo" in asked(home), "the command to be run")
    assert asked(home).splitlines()[-1] == f"search --repo {EVIL}"
    assert not (home.work / "evil").exists()


def asked(home: Home) -> str:
    file = home.home / "asked"
    return file.read_text() if file.exists() else ""


def test_nothing_is_read_before_the_first_tab(tabbed: Shell, home: Home) -> None:
    for name in ("_deja", "deja.bash", "deja.fish"):
        (home.app / "shell_plugin" / "completion" / name).unlink()
    tabbed.run("true")
    assert "no such file" not in tabbed.picture().lower()


@pytest.mark.parametrize("before", ["", COMPINIT])
def test_zsh_finds_it_whenever_compinit_runs(home: Home, before: str) -> None:
    after = "" if before else COMPINIT
    with zsh(home, before=before, after=after) as shell:
        complete(shell, "deja sea", "deja search")


def test_what_the_user_completes_deja_by_stays(home: Home) -> None:
    with bash(home, before="complete -W mine deja") as shell:
        complete(shell, "deja m", "deja mine")


@pytest.mark.parametrize(
    ("folder", "found"), [(".local/share/fish/generated_completions", False), (FISH_OWN, True)]
)
def test_fish_has_the_users_own_first_and_what_it_makes_of_the_man_page_last(
    home: Home, folder: str, found: bool
) -> None:
    write_stub(home)
    file = home.home / folder / "deja.fish"
    file.parent.mkdir(parents=True)
    file.write_text("complete -c deja -f -a season")
    with start("fish", home, env=path(home)) as shell:
        complete(shell, "deja sea", "deja season" if found else "deja search")
