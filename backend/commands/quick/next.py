"""deja next, from its parameters to the request, and from the reply to what is printed."""

from backend.commands.shared import found
from backend.commands.shared.output import say
from backend.wire import protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .parse import Parameters


def request(parameters: "Parameters", place: protocol.Fields) -> bytes:
    prefix, limit = str(parameters["prefix"]), str(parameters["limit"])
    return protocol.request("next", ("prefix", prefix), ("limit", limit), *place)


def show(parameters: "Parameters", reply: protocol.Fields) -> int:
    """Print what is likely; the exit code."""
    if parameters["as_json"]:
        say(found.as_object(reply))
    else:
        found.show(reply)
    return found.exit_code(reply)
