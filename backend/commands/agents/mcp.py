"""deja mcp: whether agents may ask, and what they have asked."""

import shlex
import sys
from pathlib import Path

import click

from backend.commands.agents.log import path
from backend.commands.shared.asking import Failure, WrongUsage, load_config

# The official SDK: https://github.com/modelcontextprotocol/python-sdk
REQUIREMENTS = Path(__file__).with_name("requirements.txt")


@click.command("mcp")
@click.option("--log", is_flag=True, help="Print every call that was made, and serve nothing.")
def mcp_command(log: bool) -> None:
    """Let a coding agent look up how it was done here, over stdio.

    It is off until you say so (deja config set mcp true), and reads only: search, next, episodes
    and episode, masked as everywhere. Every call is written to a log, before it is answered.

    \b
    Examples:
      deja mcp
      deja mcp --log
    """
    settings = load_config()
    if log:
        _show(path(settings))
        return
    if not settings.mcp:
        raise WrongUsage("agents may not ask (mcp is false); run: deja config set mcp true")
    try:
        from backend.commands.agents.server import serve
    except ModuleNotFoundError as error:
        # uv makes environments without pip.
        python = shlex.quote(sys.executable)
        install = f"{python} -m pip install -r {shlex.quote(str(REQUIREMENTS))}"
        mend = f"{python} -m ensurepip && {install}"
        raise Failure(f"deja mcp needs the package {error.name}; run: {mend}") from error
    serve(settings)


def _show(log: Path) -> None:
    try:
        click.echo(log.read_text("utf-8"), nl=False)
    except FileNotFoundError:
        click.echo("no agent has asked anything", err=True)
