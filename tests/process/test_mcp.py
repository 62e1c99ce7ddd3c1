"""deja mcp: off until it is allowed; then, with the SDK's own client, four tools that only read."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from support.install import Deja
from support.paths import APP

from backend.commands import tree
from backend.commands.agents import log


@pytest.fixture
def allowed(daemon: Deja) -> Deja:
    daemon.config.config_file.parent.mkdir(parents=True, exist_ok=True)
    daemon.config.config_file.write_text("mcp = true\n")
    return daemon


def talk(deja: Deja, use: Callable[[Any], Awaitable[Any]]) -> Any:
    """What `use` gets from a client of the SDK whose server is a real `deja mcp`."""
    import mcp

    async def session() -> Any:
        command = mcp.StdioServerParameters(
            command=sys.executable,
            args=["-I", str(APP), "mcp"],
            env=deja.env,
            cwd=str(deja.home),
        )
        async with mcp.Client(command, read_timeout_seconds=60) as client:
            return await use(client)

    return asyncio.run(session())


def call(deja: Deja, tool: str, **arguments: object) -> Any:
    result = talk(deja, lambda client: client.call_tool(tool, arguments))
    assert not result.is_error, result
    return result.structured_content


class Absent:
    """Finds no SDK, as where it is not installed."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "mcp":
            raise ModuleNotFoundError("No module named 'mcp'", name="mcp")


def test_it_is_off_by_default(deja: Deja) -> None:
    result = deja("mcp")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "agents may not ask (mcp is false); run: deja config set mcp true\n"


def test_without_the_sdk_one_line_says_what_is_missing(
    allowed: Deja, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEJA_HOME", str(allowed.root))
    for name in [*sys.modules]:
        if name.split(".")[0] == "mcp" or name == "backend.commands.agents.server":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Absent(), *sys.meta_path])
    assert tree.run(["mcp"]) == 1
    error = capsys.readouterr().err
    assert "needs the package mcp; run: " in error
    assert " -m ensurepip && " in error, "an environment of uv has no pip"
    assert error.count("\n") == 1


def test_the_tools_say_that_they_read(allowed: Deja) -> None:
    tools = talk(allowed, lambda client: client.list_tools()).tools
    assert {tool.name for tool in tools} == {"search", "next", "episodes", "episode"}
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)


def test_search_next_and_an_episode(allowed: Deja) -> None:
    there = str(allowed.home)
    allowed.record("make disk", "make disk --password hunter2secret", cwd=there)
    found = call(allowed, "search", query="make disk in:here", directory=there)["results"]
    known = {"make disk", "make disk --password ‹redacted›"}
    assert {row["command"] for row in found} == known
    assert call(allowed, "search", query="disk in:here", directory="/nowhere")["results"] == []
    likely = call(allowed, "next", prefix="make", directory=there)["results"]
    assert {row["command"] for row in likely} <= known and likely
    (episode,) = call(allowed, "episodes", query="disk")["episodes"]
    whole = call(allowed, "episode", id=episode["id"])
    assert [run["command"] for run in whole["commands"]] == sorted(known)


def test_every_call_is_in_the_log(allowed: Deja) -> None:
    allowed.record("echo known")
    call(allowed, "search", query="echo --password hunter2secret")
    assert log.path(allowed.config).stat().st_mode & 0o777 == 0o600
    (line,) = map(json.loads, allowed("mcp", "--log").stdout.splitlines())
    assert line["tool"] == "search"
    assert line["query"] == "echo --password ‹redacted›"
    assert "known" not in json.dumps(line)


def test_what_cannot_be_written_down_is_not_answered(allowed: Deja) -> None:
    allowed.record("echo known")
    log.path(allowed.config).symlink_to(os.devnull)
    result = talk(allowed, lambda client: client.call_tool("search", {"query": "echo"}))
    assert result.is_error
    assert "not answered" in result.content[0].text
    assert "known" not in result.content[0].text


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("search", {"query": "since:banana"}), ("episode", {"id": 999}), ("search", {})],
)
def test_a_mistake_is_told(tool: str, arguments: dict[str, object], allowed: Deja) -> None:
    async def twice(client: Any) -> Any:
        wrong = await client.call_tool(tool, arguments)
        return wrong, await client.call_tool("search", {"query": "x"})

    wrong, right = talk(allowed, twice)
    assert wrong.is_error
    assert not right.is_error
