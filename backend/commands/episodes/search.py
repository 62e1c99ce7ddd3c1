"""deja search --episodes: stretches of work, on the terminal or as JSON."""

import json
from collections.abc import Sequence
from datetime import datetime

import click

from backend.commands.episodes.telling import summary
from backend.commands.shared.asking import Failure, WrongUsage, ask_soon, daemon, load_config
from backend.wire import protocol
from backend.wire.episode import EPISODE, Episode, episodes

NOTHING_FOUND = 1


def search(line: str, fields: Sequence[tuple[str, str | int]], as_json: bool) -> int:
    """Ask with these fields, print what is found, and return the exit status."""
    with daemon(load_config()) as connection:
        reply = ask_soon(connection, protocol.request("episodes", *fields), Failure)
    for mistake in (value for key, value in reply if key == "mistake"):
        raise WrongUsage(mistake)
    keys = [key for key, _ in reply]
    head = dict(reply[: keys.index(EPISODE) if EPISODE in keys else len(reply)])
    found = list(episodes(reply))
    if as_json:
        click.echo(json.dumps(_object(line, head, found), ensure_ascii=True))
    else:
        _show(head.get("note"), found)
    return 0 if found else NOTHING_FOUND


def _show(note: str | None, found: Sequence[Episode]) -> None:
    if note or not found:
        click.echo(note or "nothing found", err=True)
    for at, each in enumerate(found):
        if at:
            click.echo()
        for line in summary(each):
            click.echo(line)


def _object(query: str, head: dict[str, str], found: Sequence[Episode]) -> dict[str, object]:
    """The JSON of the contract; unknown is null."""
    return {
        "query": query,
        "mode": head["mode"],
        "took_ms": float(head["took_ms"]),
        "note": head.get("note"),
        "episodes": [as_object(each) for each in found],
    }


def as_object(each: Episode) -> dict[str, object]:
    """An episode of the contract; `title`, its most telling commands, comes on top."""
    return {
        "id": each.id,
        "score": each.score,
        "started": _iso(each.started),
        "ended": _iso(each.ended),
        "session": each.session,
        "host": each.host,
        "cwd": each.cwd,
        "title": each.title,
        "commands": [
            {name: getattr(run, name) for name in ("command", "start", "duration", "exit", "cwd")}
            for run in each.runs
        ],
    }


def _iso(epoch: float | None) -> str | None:
    """ISO 8601 with this machine's zone."""
    return None if epoch is None else datetime.fromtimestamp(epoch).astimezone().isoformat()
