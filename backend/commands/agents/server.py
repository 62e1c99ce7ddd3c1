"""The tools that an agent has, served over stdio by the official SDK. None of them writes.

Imported where the SDK is: it is an extra.
"""

import json
from pathlib import Path
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

from backend import __version__
from backend.commands.agents import log
from backend.commands.episodes.search import as_object
from backend.commands.shared import found
from backend.commands.shared.asking import Failure, ask_soon, daemon
from backend.config import Config
from backend.wire import protocol
from backend.wire.episode import episodes

_INSTRUCTIONS = (
    "The user's own shell history, by meaning and by text: how things were done on this machine."
    " ‹redacted› stands for a secret that was masked. Nothing here runs a command."
)
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)
_MOST = 100


def serve(settings: Config) -> None:
    """Answer on stdin and stdout until stdin ends."""
    server(settings).run("stdio")


def server(settings: Config) -> MCPServer:
    made = MCPServer("deja", instructions=_INSTRUCTIONS, version=__version__, log_level="ERROR")
    tools = _Tools(settings)
    for tool in (tools.search, tools.next, tools.episodes, tools.episode):
        made.add_tool(tool, annotations=_READS)
    return made


class _Tools:
    """What each tool asks of the daemon; the docstrings are what an agent reads of them."""

    def __init__(self, settings: Config) -> None:
        self._settings = settings

    def search(self, query: str, directory: str = "", limit: int = 10) -> dict[str, Any]:
        """Past commands that match words or a description, the best first. Filters go in the query:
        exit:0, exit:fail, in:repo, in:here, since:2w, -word, "exact text".

        directory: where the question is asked from, for in:repo and in:here.
        """
        self._note("search", query=query, directory=directory, limit=limit)
        where = ("query", query), ("limit", _within(limit)), ("cwd", _place(directory))
        return self._rows("search", *where)

    def next(self, prefix: str = "", directory: str = "", limit: int = 10) -> dict[str, Any]:
        """Commands that are likely next in a directory, the likeliest first; those that begin with
        the prefix, if there is one.
        """
        self._note("next", prefix=prefix, directory=directory, limit=limit)
        where = ("prefix", prefix), ("limit", _within(limit)), ("cwd", _place(directory))
        return self._rows("next", *where)

    def episodes(self, query: str, directory: str = "", limit: int = 5) -> dict[str, Any]:
        """Stretches of work that a description fits, with their most telling commands and their id.
        Filters go in the query, as for search.
        """
        self._note("episodes", query=query, directory=directory, limit=limit)
        where = ("query", query), ("limit", _within(limit)), ("cwd", _place(directory))
        reply = self._ask("episodes", *where)
        return {"episodes": [as_object(each) for each in episodes(reply)]}

    def episode(self, id: int) -> dict[str, Any]:
        """All commands of one stretch of work, in their order, each with its exit status."""
        self._note("episode", id=id)
        (told,) = episodes(self._ask("episode", ("id", id), ("script", 0)))
        return as_object(told)

    def _note(self, tool: str, **arguments: object) -> None:
        try:
            log.write(self._settings, tool, arguments)
        except OSError as error:
            why = f"{log.path(self._settings)} cannot be written ({error.strerror})"
            raise ToolError(f"not answered: {why}; run: deja doctor") from error

    def _rows(self, verb: str, *fields: tuple[str, str | int]) -> dict[str, Any]:
        told = json.loads(found.as_object(self._ask(verb, *fields)))
        assert isinstance(told, dict)
        return told

    def _ask(self, verb: str, *fields: tuple[str, str | int]) -> protocol.Fields:
        try:
            with daemon(self._settings) as connection:
                reply = ask_soon(connection, protocol.request(verb, *fields), Failure)
        except Failure as error:
            raise ToolError(error.message) from error
        for mistake in (value for key, value in reply if key == "mistake"):
            raise ToolError(mistake)
        return reply


def _within(limit: int) -> int:
    return max(1, min(limit, _MOST))


def _place(directory: str) -> str:
    return str(Path(directory or ".").expanduser().absolute())
