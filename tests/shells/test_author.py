"""Whether a person or a coding agent ran a command: what real shells record of it, and who asks."""

import re

import pytest
from support.install import Deja
from support.paths import ROOT
from support.shells import Home, start

TABLE = ROOT / "shell_plugin" / "agents.txt"


@pytest.mark.parametrize(
    ("environment", "author"),
    [
        ({}, None),
        ({"CLAUDECODE": "1"}, "claude"),
        ({"CLAUDECODE": ""}, None),
        ({"AGENT": "amp"}, "amp"),
        # A name of which people may make their own use.
        ({"AGENT": "mine"}, None),
        ({"AI_AGENT": "new one@1%s\\c"}, "new-one-1-s-c"),
        ({"AI_AGENT": "cursor-cli_2.1", "CURSOR_AGENT": "1"}, "cursor"),
        # What a person's own terminal in Cursor has as well.
        ({"CURSOR_TRACE_ID": "5d41402a"}, None),
    ],
    ids=repr,
)
def test_an_agent_is_known_by_the_environment(
    kind: str, home: Home, environment: dict[str, str], author: str | None
) -> None:
    with start(kind, home, env=environment) as shell:
        shell.run("echo one")
        shell.run("echo two")
    found = [(each.command, each.author, each.shell, each.exit) for each in home.records()]
    assert found == [("echo one", author, kind, 0), ("echo two", author, kind, 0)]


def test_without_the_table_commands_are_recorded(kind: str, home: Home) -> None:
    (home.app / "shell_plugin" / "agents.txt").unlink()
    with start(kind, home, env={"CLAUDECODE": "1"}) as shell:
        shell.run("echo one")
        assert "agents.txt" not in shell.picture()
    assert [(each.command, each.author) for each in home.records()] == [("echo one", None)]


def test_what_an_agent_ran_is_filtered(kind: str, home: Home, daemon: Deja) -> None:
    """A real shell, the real daemon."""
    for environment in ({}, {"CODEX_CI": "1"}):
        with start(kind, home, env={**environment, "DEJA_HOME": str(daemon.root)}) as shell:
            shell.run(f"echo by {'an agent' if environment else 'me'}")
            shell.run("pwd")
    assert set(daemon.search("author:agent")) == {"echo by an agent", "pwd"}
    assert set(daemon.search("author:Codex")) == {"echo by an agent", "pwd"}
    assert set(daemon.search("author:me")) == {"echo by me", "pwd"}
    assert daemon.search("author:me echo") == ["echo by me"]
    assert daemon.search("author:gemini") == []
    told = daemon("search", "--author", "agent", "echo").stdout
    assert "echo by an agent" in told and "by me" not in told


def test_the_documentation_has_the_table_of_the_hooks() -> None:
    lines = [line.partition(" ") for line in TABLE.read_text().splitlines()]
    table = {variable: agent or "its value" for variable, _, agent in lines}
    text = (ROOT / "docs" / "shells.md").read_text()
    _, _, section = text.partition("## Coding agents\n")
    told = re.findall(r"^\| `([A-Z_]+(?:=\w+)?)` \| (.+?) \|", section.partition("\n## ")[0], re.M)
    assert dict(told) == table
