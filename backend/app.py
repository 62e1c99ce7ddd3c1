"""The `deja` command. Without arguments, `python backend/app.py` is the daemon, in the foreground.

Imports nothing but click until it knows which command is wanted: each is a module of
backend/commands, loaded when it is called.
"""

import importlib
import sys
from pathlib import Path

if not __package__:  # run as a file: make `backend` importable
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import click

from backend import __version__

COMMANDS = {
    "start": "lifecycle",
    "stop": "lifecycle",
    "restart": "lifecycle",
    "status": "lifecycle",
    "logs": "lifecycle",
    "daemon": "lifecycle",
    "search": "search",
    "next": "likely.next",
    "episode": "episodes.episode",
    "fix": "likely.fix",
    "import": "importing",
    "forget": "forget",
    "pin": "keeping",
    "note": "keeping",
    "audit": "audit",
    "restore": "restore",
    "stats": "figures.stats",
    "export": "export",
    "replay": "likely.replay",
    "doctor": "checks.doctor",
    "init": "init",
    "setup": "installing.setup",
}
HIDDEN = {"daemon"}


class LazyGroup(click.Group):
    """Knows the names of its commands, and loads only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if name not in HIDDEN]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"backend.commands.{COMMANDS[name]}")
        command = getattr(module, f"{name}_command")
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="deja", message="%(prog)s %(version)s")
def main() -> None:
    """Shell history that understands what you meant."""


def run(arguments: list[str]) -> int:
    """Run a command; its exit code. Every error is one line on stderr."""
    try:
        main(args=arguments, prog_name="deja", standalone_mode=False)
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "deja"
        click.echo(f"{error.format_message().rstrip('.')}; run: {path} --help", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:] or ["daemon"]))
