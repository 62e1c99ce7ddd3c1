"""All commands of deja, as click has them.

Imports nothing but click until it knows which command is wanted: each is a module of this folder,
loaded when it is called.
"""

import importlib

import click

from backend import __version__

# By group, in the order of `deja --help`: of each command the module, and the first line of its
# help, which is shown without loading it.
GROUPS: dict[str, dict[str, tuple[str, str]]] = {
    "Find": {
        "search": ("search", "Find past commands by what they do or by pieces of their text."),
        "next": ("likely.next", "Show what is likely next, here, the likeliest first."),
        "fix": ("likely.fix", "Show what fixed it before when a command failed like the last."),
        "episode": ("episodes.episode", "Print the commands of an episode, or a script of them."),
        "stats": (
            *("figures.stats", "Show when you work, what you use, what fails, what you wait for."),
        ),
        "replay": (
            *("likely.replay", "Tell how many keys deja would have saved you in the last month."),
        ),
    },
    "Keep, and let go": {
        "pause": ("recording.pause", "Stop recording in this shell, for a time or until resume."),
        "resume": ("recording.pause", "Record again in this shell."),
        "pin": ("keeping", "Pin a command: it comes first among equals."),
        "note": ("keeping", "Write a note about a command, which then is found by it."),
        "forget": ("forget", "Remove commands and all their runs for good."),
        "audit": ("audit", "Find secrets at rest, in the store and in history files."),
    },
    "Bring in, take out": {
        "record": (
            "recording.record",
            "Record commands from stdin: the way in for the hook of any shell.",
        ),
        "import": ("importing", "Import histories of shells and of other tools."),
        "export": ("export", "Print the history: for a backup, for shells, for other tools."),
        "ssh": (
            "remote.ssh",
            "Open a shell on another machine whose commands are found here.",
        ),
        "restore": ("restore", "Go back to a snapshot of the history."),
        "sync": ("syncing.sync", "Keep one history on all your machines, end to end encrypted."),
    },
    "The daemon": {
        "status": ("lifecycle", "Show the daemon's state."),
        "start": ("lifecycle", "Start the daemon, or replace one that does not answer."),
        "stop": ("lifecycle", "Stop the daemon."),
        "restart": ("lifecycle", "Stop the daemon, if one runs, and start a new one."),
        "logs": ("lifecycle", "Show the daemon's log."),
        "service": ("installing.service", "Have the system run the daemon, watched and shut in."),
    },
    "Set up": {
        "setup": (
            "installing.setup",
            "Set deja up in the shells: start-up files, daemon, histories.",
        ),
        "config": ("configuring.config", "Show, explain and change the settings."),
        "doctor": ("checks.doctor", "Check the installation, and name what mends it."),
        "mcp": ("agents.mcp", "Let a coding agent look up how it was done here, over stdio."),
        "init": ("init", "Print the line that loads deja into a shell."),
        "completion": ("completion", "Print what completes deja's own commands on Tab."),
    },
}
HIDDEN = {"names": ("names", "Print names that the history has, for completion.")}
COMMANDS = {name: entry for group in GROUPS.values() for name, entry in group.items()}


class LazyGroup(click.Group):
    """Knows the names of its commands and what they do; loads only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        entry = (COMMANDS | HIDDEN).get(name)
        if entry is None:
            return None
        module = importlib.import_module(f"backend.commands.{entry[0]}")
        command = getattr(module, f"{name}_command")
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        widest = max(map(len, COMMANDS))
        for group, entries in GROUPS.items():
            with formatter.section(group):
                rows = [(name.ljust(widest), summary) for name, (_, summary) in entries.items()]
                formatter.write_dl(rows)


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
