"""deja search, from its parameters to the request, and from the reply to what is printed."""

from backend.commands.shared import found
from backend.commands.shared.output import say
from backend.wire import protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .parse import Parameters

_FILTERS = ("exit", "repo", "host", "session", "since", "before", "took", "author", "order")


def request(parameters: "Parameters", place: protocol.Fields) -> bytes:
    return protocol.request("search", *fields(parameters, place))


def fields(parameters: "Parameters", place: protocol.Fields) -> list[tuple[str, str | int]]:
    limit, mode = parameters["limit"], parameters["mode"]
    return [("query", line(parameters)), ("limit", str(limit)), ("mode", str(mode)), *place]


def show(parameters: "Parameters", reply: protocol.Fields) -> int:
    """Print what was found; the exit code."""
    if parameters["as_json"]:
        say(found.as_object(reply, query=line(parameters)))
    else:
        found.show(reply, "\0" if parameters["print0"] else "\n")
    return found.exit_code(reply)


def line(parameters: "Parameters") -> str:
    """The query, its options as they are written in one."""
    query, without = parameters["query"], parameters.get("without", ())
    assert isinstance(query, tuple) and isinstance(without, tuple)
    words = [*query, *(_word(key, str(parameters[key])) for key in _FILTERS if parameters.get(key))]
    if parameters["cwd"]:
        words.append(_word("cwd", _absolute(str(parameters["cwd"]))))
    if parameters["here"]:
        words.append("in:here")
    if parameters["pinned"]:
        words.append("is:pinned")
    return " ".join(words + [f'-"{word}"' if " " in word else f"-{word}" for word in without])


def _absolute(path: str) -> str:
    from pathlib import Path

    return str(Path(path).expanduser().absolute())


def _word(key: str, value: str) -> str:
    return f'{key}:"{value}"' if " " in value else f"{key}:{value}"
