"""deja init: the line for a shell's start-up file."""

import shlex

import click

from backend.commands.shared.asking import APP


@click.command("init")
@click.argument("shell", type=click.Choice(["zsh", "bash"]))
def init_command(shell: str) -> None:
    """Print what loads deja into a shell: eval "$(deja init zsh)"."""
    plugin = APP.parent.parent / "shell_plugin" / f"deja.{shell}"
    click.echo(f"source {shlex.quote(str(plugin))}")
