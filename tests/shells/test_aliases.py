"""Aliases and short functions of real shells, by way of the spool, and what is found by them."""

from pathlib import Path

import pytest
from support.engine import embed_all, found
from support.shells import Home, start

from backend.config import Config
from backend.engine.engine import Engine
from backend.meaning import aliases
from backend.storage.spool import parse

LINES = """
alias gst='git status' say='echo '"'it'"
alias up='curl -u me:Hunter2xyz https://a.example'
alias ls='ls --color=auto'
squash() { git rebase -i "$@"; }
two() { echo one; echo two; }
_mine() { git log; }
"""


def told(home: Home) -> list[dict[str, str]]:
    """What the sessions told, in the order of their files."""
    spool = sorted((home.data / "spool").glob("[!.]*"))
    return [
        aliases.read(each.aliases, each.functions)
        for file in spool
        for each in parse(file.read_bytes())[1]
    ]


def engine_of(home: Home, model_dir: Path) -> Engine:
    config_file = home.deja / "config" / "config.toml"
    made = Engine(Config(config_file, home.data, home.deja / "logs", model_dir))
    made.load_model()
    made.drain()
    embed_all(made)
    return made


# fish puts what an abbreviation stands for on the line itself, and its aliases are functions.
pytestmark = pytest.mark.parametrize("kind", ["zsh", "bash"])


def test_a_session_tells_once_what_its_short_names_stand_for(kind: str, home: Home) -> None:
    with start(kind, home, after=LINES) as shell:
        shell.run("true")
        shell.run("true 2")
    (names,) = told(home)
    assert names["gst"] == "git status"
    assert names["say"] == "echo 'it'"
    assert names["squash"] == "git rebase -i"
    assert "Hunter2" not in names["up"] and names["up"].startswith("curl -u me:")
    assert not names.keys() & {"ls", "two", "_mine"}
    assert not any(name.startswith(("deja", "_")) for name in names)
    assert home.commands() == ["true", "true 2"]
    (file,) = (home.data / "spool").glob("[!.]*")
    assert file.stat().st_mode & 0o777 == 0o600


def test_nothing_is_told_before_a_command_ran(kind: str, home: Home) -> None:
    with start(kind, home, after=LINES) as shell:
        shell.wait_prompt()
    assert told(home) == []


def test_the_options_of_the_user_change_nothing(kind: str, home: Home) -> None:
    odd = "setopt ksh_arrays sh_word_split no_clobber" if kind == "zsh" else "set -uC; IFS=x"
    with start(kind, home, after=f"{LINES}\n{odd}") as shell:
        shell.run("true")
        assert "Hunter2" not in shell.picture()
    (names,) = told(home)
    assert names["gst"] == "git status"


def test_a_command_is_found_by_what_its_alias_stands_for(
    kind: str, home: Home, model_dir: Path
) -> None:
    with start(kind, home, after=LINES + "cd /\n") as shell:
        for command in ("gst", "say hello", "squash main", "date", "git status -s", "uptime"):
            shell.run(command)
    engine = engine_of(home, model_dir)
    assert "gst" in found(engine, "which files have I changed since the last commit")[:2]
    assert found(engine, "edit or combine older commits")[0] == "squash main"
    assert found(engine, "git status")[:2] == ["git status -s", "gst"], "text goes first"
    assert b"Hunter2" not in engine._config.store_file.read_bytes()
    engine.close()


@pytest.mark.slow
def test_another_meaning_of_an_alias_counts_for_its_commands(
    kind: str, home: Home, model_dir: Path
) -> None:
    with start(kind, home, after="alias zz='git status'\n") as shell:
        for command in ("zz", "date", "uptime"):
            shell.run(command)
    engine_of(home, model_dir).close()
    with start(kind, home, after="alias zz='df -h'\n") as shell:
        shell.run("true")
    config_file = home.deja / "config" / "config.toml"
    engine = Engine(Config(config_file, home.data, home.deja / "logs", model_dir))
    engine.load_model()
    engine.drain()
    outdated = set()
    while engine.embed_waiting():
        outdated.add(engine.status()["outdated"])
    assert outdated == {None, 1}
    assert found(engine, "how full are the disks")[0] == "zz"
    engine.close()
