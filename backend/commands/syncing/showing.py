"""deja sync status: what the last round found, and who is there."""

import contextlib
import json
import time
from typing import Any

import click

from backend.commands.shared.asking import load_config, quantity
from backend.config import Config
from backend.sync.history import Daemon, Known
from backend.sync.places import NotSetUp, Places
from backend.system.text import visible
from backend.wire import client

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(as_json: bool) -> None:
    """Show the hosts, what waits, and what is wrong.

    \b
    Examples:
      deja sync status
      deja sync status --json | jq .problems
    """
    found = _found(load_config())
    if as_json:
        click.echo(json.dumps(found))
        return
    for line in _lines(found):
        click.echo(line)


def _found(config: Config) -> dict[str, Any]:
    where = Places(config.data_dir)
    try:
        settings = where.read_settings()
    except NotSetUp as error:
        return {"on": False, "error": str(error)}
    last = where.read_status()
    known = _known(config)
    hosts = [
        {"host": host, "own": host == settings.host, **facts}
        for host, facts in last["hosts"].items()
    ]
    return {
        "on": True,
        "url": settings.url,
        "host": settings.host,
        "name": settings.name,
        **last,
        "waiting": known.unwritten() if known else None,
        "hosts": sorted(hosts, key=lambda each: (not each["own"], each["name"])),
    }


def _known(config: Config) -> Known | None:
    """What the daemon says, if one runs."""
    with (
        contextlib.suppress(client.Unavailable, client.Refused),
        client.connect(config.rendezvous_file) as connection,
    ):
        return Daemon(connection).known()
    return None


def _lines(found: dict[str, Any]) -> list[str]:
    if not found["on"]:
        return [found["error"]]
    at = f"{_ago(found['at'])} ago" if "at" in found else "not yet"
    state = "failed" if found["error"] else "with problems" if found["problems"] else "well"
    lines = [
        f"storage   {found['url']}",
        f"last      {at}" + (f", {state}" if "at" in found else ""),
    ]
    if "requests" in found:
        lines.append(
            f"cost      {quantity(found['requests'], 'request')}, {found['sent']:,} bytes sent, "
            f"{found['received']:,} received"
        )
    if found["waiting"] is not None:
        lines.append(f"waiting   {quantity(found['waiting'], 'record')} of this machine")
    lines += [f"host      {_host(each)}" for each in found["hosts"]]
    errors = [found["error"]] if found["error"] else []
    return lines + [f"problem   {each}" for each in [*errors, *found["problems"]]]


def _host(each: dict[str, Any]) -> str:
    seen = f"{_ago(each['written'])} ago" if each["written"] else "never"
    behind = f", {quantity(each['behind'], 'segment')} not read yet" if each["behind"] else ""
    own = " (this one)" if each["own"] else ""
    size = f"{quantity(each['files'], 'file')}, {each['bytes']:,} bytes"
    name = visible(each["name"]) or "?"
    return f"{name}{own} {each['host']}, wrote {seen}, {size}{behind}"


def _ago(then: float) -> str:
    """`5 min`; clocks of machines differ, and the future is now."""
    passed = max(0, int(time.time() - then))
    for unit, name in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if passed >= unit:
            return f"{passed // unit} {name}"
    return f"{passed} s"
