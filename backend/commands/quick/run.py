"""search, next and status against a daemon that runs and is well; record, which needs none; the
daemon itself.

Whatever else there is to do or to say (help, a mistake, no daemon, a model that is being loaded) is
left to click's commands, which begin from the start: all that is asked here can be asked again.
"""

import os
import sys

from backend import __version__, settings
from backend.commands.shared.output import say
from backend.wire import client, protocol

from .options import SYNTAX
from .parse import parse
from .places import places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .parse import Parameters

# A daemon that is slower is given the time that click's commands give it.
_TIMEOUT_S = 2.0


def run(arguments: list[str]) -> int | None:
    """Run a quick command; its exit code, or None if nothing was printed yet and click has to."""
    try:
        if arguments == ["daemon"]:
            from . import daemon

            return daemon.run()
        return _record() if arguments == ["record"] else _quickly(arguments)
    except KeyboardInterrupt:
        say("\ninterrupted", err=True)
        return 130


def _quickly(arguments: list[str]) -> int | None:
    if not arguments or arguments[0] not in SYNTAX:
        return None
    parameters = parse(SYNTAX[arguments[0]], arguments[1:])
    if parameters is None or parameters.get("episodes"):
        return None
    return _run(arguments[0], parameters)


def _record() -> int | None:
    found = places()
    if found is None:
        return None
    from . import record

    return record.run(found[1])


def _run(name: str, parameters: "Parameters") -> int | None:
    try:
        data = _data_dir()
        if data and name == "names":
            from . import names

            return names.show(parameters, data)
        reply = _ask(name, parameters, data) if data else None
    except (OSError, client.Unavailable, client.Refused, settings.ConfigError):
        return None
    if not data or not reply or any(key == "mistake" for key, _ in reply):
        return None
    return _print(name, parameters, reply, data)


def _data_dir() -> str | None:
    """Where the data is, if every setting is right. Raises ConfigError."""
    found = places()
    if found is None:
        return None
    config, data = found
    settings.values(settings.read_file(config), os.environ)
    return data


def _ask(name: str, parameters: "Parameters", data: str) -> protocol.Fields | None:
    """The reply of a daemon of this very version. Raises what `client` does, or OSError."""
    daemon = client.rendezvous(f"{data}/daemon")
    if daemon.get("version") != __version__:
        return None
    with client.Connection(daemon.get("socket", ""), _TIMEOUT_S) as connection:
        return connection.ask(_request(name, parameters, f"{data}/spool"), _TIMEOUT_S)


def _request(name: str, parameters: "Parameters", spool: str) -> bytes:
    if name == "status":
        return protocol.request("status")
    from backend.commands.shared.place import fields

    if name == "next":
        from . import next

        return next.request(parameters, fields(spool))
    from . import search

    return search.request(parameters, fields(spool))


def _print(name: str, parameters: "Parameters", reply: protocol.Fields, data: str) -> int:
    """The exit code; 1 where nobody reads, as with click's commands."""
    try:
        if name == "status":
            from . import status

            return status.show(parameters, reply, f"{data}/spool")
        if name == "next":
            from . import next

            return next.show(parameters, reply)
        from . import search

        return search.show(parameters, reply)
    except BrokenPipeError:
        # What is flushed at the end must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
